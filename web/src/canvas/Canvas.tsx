import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  BackgroundVariant,
  ConnectionMode,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectEnd,
  type OnNodeDrag,
  type OnSelectionChangeParams,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "spandrel/react/style.css";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { edgeTypes, nodeTypes, SpandrelContext, type SpandrelContextValue } from "spandrel/react";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { CanvasBanner } from "./CanvasBanner";
import { CanvasTools, FIT } from "./CanvasTools";
import { connectOp, deleteOps, freshName, pinOps } from "./gestures";
import { LabelEditor } from "./LabelEditor";
import { type CanvasEdge, type CanvasNode, canvasEdge, canvasNode, marked } from "./nodes";
import { SelectionBar } from "./SelectionBar";
import { useShown } from "./shown";

export function Canvas() {
  const { t } = useTranslation();
  const { diagram, marks, readOnly } = useShown();
  const dark = useStudio((state) => state.dark);
  const renaming = useStudio((state) => state.renaming);
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  const [edges, setEdges] = useState<CanvasEdge[]>([]);
  const [settling, setSettling] = useState(false);
  const dragging = useRef(false);

  // A new drawing: what is selected stays selected, what is under the pointer stays under it.
  useEffect(() => {
    if (!diagram || dragging.current) return;
    const chosen = new Set(useStudio.getState().selected);
    const select = <T extends CanvasNode | CanvasEdge>(item: T): T =>
      chosen.has(item.id) ? { ...marked(item, marks), selected: true } : marked(item, marks);
    setNodes([...marks.ghosts.nodes, ...diagram.nodes.map((node) => select(canvasNode(node)))]);
    setEdges([...marks.ghosts.edges, ...diagram.edges.map((edge) => select(canvasEdge(edge)))]);
    setSettling(true);
    const timer = setTimeout(() => setSettling(false), 240);
    return () => clearTimeout(timer);
  }, [diagram, marks]);

  // The caret in the text selects too.
  const selected = useStudio((state) => state.selected);
  useEffect(() => {
    const chosen = new Set(selected);
    const follow = <T extends CanvasNode | CanvasEdge>(old: T[]): T[] => {
      const differs = (item: T): boolean => (item.selected ?? false) !== chosen.has(item.id);
      return old.some(differs) ? old.map((item) => (differs(item) ? { ...item, selected: chosen.has(item.id) } : item)) : old;
    };
    setNodes(follow);
    setEdges(follow);
  }, [selected]);

  // Someone asked to see a node.
  const focus = useStudio((state) => state.focus);
  useEffect(() => {
    if (focus === null) return;
    useStudio.setState({ focus: null });
    void flow.fitView({ nodes: [{ id: focus }], maxZoom: 1.2, padding: 0.6, duration: 200 });
  }, [focus, flow]);

  // A proposal or a version is shown whole, and afterwards one is back where one was.
  const special = useStudio(({ viewing, comparing, proposal }) =>
    viewing ? `version ${viewing.number}` : comparing ? `${comparing.from} ${comparing.to}` : proposal ? `proposal ${proposal.diagram.nodes.length}` : null,
  );
  const before = useRef<ReturnType<typeof flow.getViewport>>(undefined);
  useEffect(() => {
    if (!special) return;
    before.current ??= flow.getViewport();
    const timer = setTimeout(() => void flow.fitView({ ...FIT, duration: 200 }), 50);
    return () => clearTimeout(timer);
  }, [special, flow]);
  useEffect(() => {
    if (special || !before.current) return;
    // What was accepted or restored is the picture now; what was only looked at leaves no trace.
    if (!useStudio.getState().adopted) void flow.setViewport(before.current);
    useStudio.setState({ adopted: false });
    before.current = undefined;
  }, [special, flow]);

  useFirstView(diagram !== undefined && nodes.length > 0);

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    // Sizes are the engine's and removal is the text's: only selection and movement are the canvas's own.
    const own = changes.filter((change) => change.type === "select" || change.type === "position");
    setNodes((old) => applyNodeChanges(own, old));
  }, []);

  const onNodeDragStop: OnNodeDrag<CanvasNode> = useCallback(
    (_event, _node, moved) => {
      dragging.current = false;
      if (!diagram) return;
      const ops = pinOps(diagram, moved);
      if (ops.length === 0) return;
      void studio.perform(...ops);
    },
    [diagram],
  );

  const onSelectionChange = useCallback(({ nodes, edges }: OnSelectionChangeParams) => {
    const selected = [...nodes.map((node) => node.id), ...edges.map((edge) => edge.id)];
    const before = useStudio.getState().selected;
    if (selected.length === before.length && selected.every((id, at) => id === before[at])) return;
    useStudio.setState({ selected });
  }, []);

  // Dropping a connection anywhere on a node connects to it; on the empty canvas it makes a new one there.
  const onConnectEnd: OnConnectEnd = useCallback(
    (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const source = state.fromNode?.id;
      if (!source) return;
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point) return;
      const under = document.elementFromPoint(point.clientX, point.clientY)?.closest(".react-flow__node");
      const target = under?.getAttribute("data-id");
      if (target) {
        if (target !== source || distance(state) > 40) void studio.perform(connectOp(source, target));
        return;
      }
      const key = freshName(diagram, "service");
      void studio.perform({ op: "create", key }, connectOp(source, key)).then((made) => {
        if (made) useStudio.setState({ selected: [key], renaming: { id: key, kind: "node" } });
      });
    },
    [diagram],
  );

  const remove = useCallback(
    (ids: readonly string[]) => {
      if (diagram && ids.length > 0) void studio.perform(...deleteOps(diagram, ids));
    },
    [diagram],
  );

  const create = useCallback(() => {
    const key = freshName(diagram, "service");
    void studio.perform({ op: "create", key }).then((made) => {
      if (made) useStudio.setState({ selected: [key], renaming: { id: key, kind: "node" } });
    });
  }, [diagram]);

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (target.closest("textarea, input, [contenteditable=true]")) return;
      const modifier = event.metaKey || event.ctrlKey;
      const { selected } = useStudio.getState();
      const focused = target.closest(".react-flow__node, .react-flow__edge")?.getAttribute("data-id");
      if (modifier && event.key.toLowerCase() === "z") {
        event.preventDefault();
        if (event.shiftKey) studio.redo();
        else studio.undo();
      } else if (modifier && event.key.toLowerCase() === "y") {
        event.preventDefault();
        studio.redo();
      } else if (readOnly) {
        return;
      } else if (event.key === "F2" && (focused ?? selected[0])) {
        event.preventDefault();
        const id = (focused ?? selected[0]) as string;
        const kind = diagram?.edges.some((edge) => edge.id === id) ? "edge" : "node";
        useStudio.setState({ renaming: { id, kind } });
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        remove(selected.length > 0 ? selected : focused ? [focused] : []);
      }
    },
    [diagram, readOnly, remove],
  );

  // Arrow keys move nodes in React Flow; the new place goes into the text once the key is up.
  const onKeyUp = useCallback(
    (event: KeyboardEvent) => {
      if (!event.key.startsWith("Arrow") || readOnly || !diagram) return;
      if ((event.target as HTMLElement).closest("textarea, input")) return;
      const chosen = new Set(useStudio.getState().selected);
      const moved = flow.getNodes().filter((node) => chosen.has(node.id));
      const ops = pinOps(diagram, moved);
      if (ops.length > 0) void studio.perform(...ops);
    },
    [diagram, flow, readOnly],
  );

  const context: SpandrelContextValue = useMemo(
    () => ({
      renderLabel: (id, label, kind) =>
        renaming?.id === id && kind === renaming.kind && kind === "node" ? (
          <LabelEditor id={id} label={label} kind={kind} />
        ) : undefined,
    }),
    [renaming],
  );

  const rename = (kind: "node" | "edge") => (event: MouseEvent, item: { id: string }) => {
    event.stopPropagation();
    if (!readOnly) useStudio.setState({ renaming: { id: item.id, kind } });
  };

  return (
    <section aria-label={t("canvas.label")} className="relative h-full min-w-0 flex-1" onKeyDown={onKeyDown} onKeyUp={onKeyUp}>
      <SpandrelContext value={context}>
        <ReactFlow<CanvasNode, CanvasEdge>
          className={settling ? "settling" : ""}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={dark ? "dark" : "light"}
          connectionMode={ConnectionMode.Loose}
          connectionRadius={0}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          onNodesChange={onNodesChange}
          onEdgesChange={(changes) =>
            setEdges((old) => applyEdgeChanges(changes.filter((change) => change.type === "select"), old))
          }
          onNodeDragStart={() => {
            dragging.current = true;
          }}
          onNodeDragStop={onNodeDragStop}
          onSelectionChange={onSelectionChange}
          onConnectEnd={onConnectEnd}
          onNodeDoubleClick={rename("node")}
          onEdgeDoubleClick={rename("edge")}
          onDoubleClick={(event) => {
            if (!readOnly && (event.target as HTMLElement).classList.contains("react-flow__pane")) create();
          }}
          onMoveEnd={(_event, viewport) => {
            studio.viewport = viewport;
          }}
          deleteKeyCode={null}
          zoomOnDoubleClick={false}
          selectionOnDrag={false}
          elevateNodesOnSelect={false}
          minZoom={0.05}
          maxZoom={4}
          nodeDragThreshold={3}
          onlyRenderVisibleElements={nodes.length > 150}
          proOptions={{ hideAttribution: true }}
          ariaLabelConfig={{}}
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={1} color="var(--dots)" />
        </ReactFlow>
      </SpandrelContext>
      {renaming?.kind === "edge" && <EdgeRename id={renaming.id} />}
      <CanvasBanner />
      {!readOnly && <SelectionBar onDelete={remove} />}
      <CanvasTools onCreate={create} />
    </section>
  );
}

/** How far the pointer went: a click on a handle is no connection of a node to itself. */
function distance(state: FinalConnectionState): number {
  return state.from && state.to ? Math.hypot(state.to.x - state.from.x, state.to.y - state.from.y) : 0;
}

/** The field for a connection's label, where the label stands. */
function EdgeRename({ id }: { id: string }) {
  const edge = useStudio((state) => state.diagram?.edges.find((candidate) => candidate.id === id));
  const flow = useReactFlow();
  if (!edge) return null;
  const middle = edge.data.labelPosition ?? edge.data.sections[0]?.start ?? { x: 0, y: 0 };
  const { x, y } = flow.flowToScreenPosition(middle);
  return (
    <div className="fixed z-20 w-44 -translate-x-1/2 -translate-y-1/2" style={{ left: x, top: y }}>
      <LabelEditor id={id} label={edge.label ?? ""} kind="edge" />
    </div>
  );
}

/** Where one looks first: where one looked last, else at the whole. */
function useFirstView(there: boolean): void {
  const flow = useReactFlow();
  const done = useRef(false);
  useEffect(() => {
    if (!there || done.current) return;
    done.current = true;
    const last = studio.viewport;
    if (last) void flow.setViewport(last);
    else void flow.fitView(FIT);
  }, [there, flow]);
}

import { applyEdgeChanges, Background, BackgroundVariant, ConnectionMode, type EdgeChange, MiniMap, type NodeChange, type OnMove, ReactFlow, useReactFlow, useStore } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "spandrel/react/style.css";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { edgeTypes, nodeTypes, SpandrelContext, type SpandrelContextValue } from "spandrel/react";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { useLatest } from "../ui/useLatest";
import { add, rename } from "./actions";
import { CanvasBanner } from "./CanvasBanner";
import { CanvasTools } from "./CanvasTools";
import { EdgeRename } from "./EdgeRename";
import { FoldButton } from "./FoldButton";
import { boxes, containerAt } from "./geometry";
import { pinOps } from "./gestures";
import { Guides } from "./Guides";
import { isTyping, onCanvasKey } from "./keys";
import { LabelEditor } from "./LabelEditor";
import { Legend } from "./Legend";
import { type CanvasEdge, type CanvasNode, canvasEdge, canvasNode, dressed } from "./nodes";
import { SelectionBar } from "./SelectionBar";
import { useConnecting } from "./useConnecting";
import { useDragging } from "./useDragging";
import { useSettling } from "./useSettling";
import { type Shown, useShown } from "./useShown";
import { useView } from "./view";
import { useFirstView, useFocus, useKeptFocus, useSpecialView } from "./viewport";

/** From here on only what is in view is drawn. */
const MANY = 120;

/** Below this zoom letters are dust: shapes and the titles of containers say more without them. */
const FAR = 0.25;

export function Canvas() {
  const { t } = useTranslation();
  const { diagram, seen, marks, readOnly, flows, zones, look } = useShown();
  const kind = useView((state) => state.kind);
  const labels = useView((state) => state.labels);
  const grid = useView((state) => state.grid);
  const minimap = useView((state) => state.minimap);
  const dark = useStudio((state) => state.dark);
  const renaming = useStudio((state) => state.renaming);
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  const [edges, setEdges] = useState<CanvasEdge[]>([]);
  const { active, guides, target, ...dragging } = useDragging(diagram, seen, setNodes);
  const connecting = useConnecting(diagram);
  const shown = useLatest({ diagram, seen, readOnly });
  const section = useKeptFocus(nodes);
  useSettling(section, seen, active);
  // A new drawing: what is selected stays selected, what is under the pointer stays under it. Taken over while rendering:
  // an effect would draw the canvas twice for each key.
  const [taken, setTaken] = useState<Pick<Shown, "seen" | "marks" | "look">>();
  if (seen && (taken?.seen !== seen || taken.marks !== marks || taken.look !== look)) {
    setTaken({ seen, marks, look });
    if (!active.current) {
      const chosen = new Set(useStudio.getState().selected);
      const dress = <T extends CanvasNode | CanvasEdge>(item: T): T => dressed(item, look(item), chosen.has(item.id), marks);
      setNodes([...marks.ghosts.nodes, ...seen.nodes.map((node) => dress(canvasNode(node)))]);
      setEdges([...marks.ghosts.edges, ...seen.edges.map((edge) => dress(canvasEdge(edge)))]);
    }
  }
  // The caret in the text selects too, and so does what was just made and is not drawn yet.
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

  useFocus();
  useSpecialView();
  useFirstView(diagram !== undefined && nodes.length > 0);

  // What a hand selects, and nothing else, goes from the canvas to the store: were every selection told back, the two would
  // correct each other for ever where a drawing comes in between.
  const select = useCallback(
    (changes: readonly (NodeChange<CanvasNode> | EdgeChange<CanvasEdge>)[]) => {
      const turned = changes.filter((change) => change.type === "select");
      if (turned.length === 0) return;
      const { selected: before, proposal } = useStudio.getState();
      const { seen } = shown.current;
      const drawn = new Set([...(seen?.nodes ?? []), ...(seen?.edges ?? [])].map(({ id }) => id));
      // What an answer that is still being written has not come to yet stays selected.
      const chosen = new Set(proposal?.growing ? before : before.filter((id) => drawn.has(id)));
      for (const { id, selected } of turned) {
        if (selected) chosen.add(id);
        else chosen.delete(id);
      }
      useStudio.setState({ selected: [...chosen] });
    },
    [shown],
  );

  // Arrow keys move nodes in React Flow; the new place goes into the text once the key is up.
  const onKeyUp = useCallback(
    (event: KeyboardEvent) => {
      const { diagram, seen, readOnly } = shown.current;
      if (!event.key.startsWith("Arrow") || readOnly || !diagram || !seen || isTyping(event.target)) return;
      const chosen = new Set(useStudio.getState().selected);
      const stood = new Map(seen.nodes.map((node) => [node.id, node.position]));
      const original = new Map(diagram.nodes.map((node) => [node.id, node.position]));
      const moved = flow.getNodes().flatMap(({ id, position }) => {
        const [from, own] = [stood.get(id), original.get(id)];
        if (!chosen.has(id) || !from || !own) return [];
        return [{ id, position: { x: own.x + position.x - from.x, y: own.y + position.y - from.y } }];
      });
      const ops = pinOps(diagram, moved);
      if (ops.length > 0) void studio.perform(...ops);
    },
    [flow, shown],
  );

  const moveNodes = dragging.onNodesChange;
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      moveNodes(changes);
      select(changes);
    },
    [moveNodes, select],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => {
      setEdges((old) => applyEdgeChanges(changes.filter((change) => change.type === "select"), old));
      select(changes);
    },
    [select],
  );

  /** A new shape where one clicked twice: on the board, or in the container there. */
  const createAt = useCallback(
    (event: MouseEvent): void => {
      const { diagram, seen } = shown.current;
      if (!diagram || !seen) return;
      const preset = { name: "service", shape: "rectangle" };
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const parent = containerAt(seen, point, new Set());
      const corner = parent ? boxes(seen.nodes).get(parent.id) : undefined;
      const at = { x: point.x - 50 - (corner?.x ?? 0), y: point.y - 22 - (corner?.y ?? 0) };
      // The first shape of all has nothing that it could stand beside.
      if (diagram.nodes.length === 0) void add(preset);
      else void add(preset, { parent: parent?.id, at });
    },
    [flow, shown],
  );

  // Handlers stay the same functions, else every node is drawn again with every drawing.
  const onNodeDoubleClick = useCallback(
    (event: MouseEvent, node: CanvasNode) => {
      event.stopPropagation();
      if (shown.current.readOnly) return;
      // On a container's title one renames it, anywhere else in it one makes something new.
      const onTitle = (event.target as HTMLElement).closest(".spandrel-title, .spandrel-icon-box") !== null;
      const isFolded = node.data["collapsed"] !== undefined;
      if (node.type === "container" && !onTitle && !isFolded) createAt(event);
      else rename(node.id);
    },
    [createAt, shown],
  );
  const onEdgeDoubleClick = useCallback(
    (event: MouseEvent, edge: CanvasEdge) => {
      event.stopPropagation();
      if (!shown.current.readOnly) rename(edge.id);
    },
    [shown],
  );
  const onDoubleClick = useCallback(
    (event: MouseEvent) => {
      if (!shown.current.readOnly && (event.target as HTMLElement).classList.contains("react-flow__pane")) createAt(event);
    },
    [createAt, shown],
  );

  const context: SpandrelContextValue = useMemo(
    () => ({
      renderLabel: (id, label, kind) =>
        renaming?.id === id && kind === renaming.kind && kind === "node" ? (
          <LabelEditor id={id} label={label} />
        ) : undefined,
      openLink: (link) => followLink(link),
      renderCorner: (id, data) => <FoldButton id={id} count={data["collapsed"] as number | undefined} />,
    }),
    [renaming],
  );

  const far = useStore((state) => state.transform[2] < FAR);
  const classes = [far && "far", `view-${kind}`, !labels && "no-labels"].filter(Boolean).join(" ");
  return (
    <section ref={section} tabIndex={0} aria-label={t("canvas.label")} className="relative h-full min-w-0 flex-1 -outline-offset-2" onKeyDown={onKeyDown} onKeyUp={onKeyUp}>
      <SpandrelContext value={context}>
        <ReactFlow<CanvasNode, CanvasEdge>
          className={classes}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={dark ? "dark" : "light"}
          connectionMode={ConnectionMode.Loose}
          connectionRadius={0}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          edgesReconnectable={!readOnly}
          reconnectRadius={12}
          {...dragging}
          {...connecting}
          onReconnect={NOTHING}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onPaneClick={selectNothing}
          onNodeDoubleClick={onNodeDoubleClick}
          onEdgeDoubleClick={onEdgeDoubleClick}
          onDoubleClick={onDoubleClick}
          onMoveEnd={keepViewport}
          deleteKeyCode={null}
          zoomOnDoubleClick={false}
          selectionOnDrag={false}
          elevateNodesOnSelect={false}
          minZoom={0.05}
          maxZoom={4}
          nodeDragThreshold={3}
          onlyRenderVisibleElements={nodes.length > MANY}
          proOptions={HIDE_ATTRIBUTION}
        >
          {grid && <Background variant={BackgroundVariant.Dots} gap={16} size={1} color="var(--dots)" />}
          {minimap && <MiniMap pannable zoomable ariaLabel={t("view.minimap")} />}
          <Guides guides={guides} target={target} />
        </ReactFlow>
      </SpandrelContext>
      {renaming?.kind === "edge" && <EdgeRename id={renaming.id} />}
      <CanvasBanner />
      <Legend flows={flows} zones={zones} />
      {!readOnly && <SelectionBar />}
      <CanvasTools />
    </section>
  );
}

const selectNothing = (): void => {
  if (useStudio.getState().selected.length > 0) useStudio.setState({ selected: [] });
};

const keepViewport: OnMove = (_event, viewport) => {
  studio.viewport = viewport;
};

function onKeyDown(event: KeyboardEvent): void {
  if (isTyping(event.target)) return;
  const focused = (event.target as HTMLElement).closest(".react-flow__node, .react-flow__edge")?.getAttribute("data-id");
  if (onCanvasKey(event, focused ?? undefined)) event.preventDefault();
}

/** A board of this design, or an address in a page of its own that learns nothing of this one. */
function followLink(link: string): void {
  if (/^root(\.|$)/.test(link)) studio.showBoard(link.slice("root.".length));
  else if (/^https?:\/\//i.test(link)) open(link, "_blank", "noopener,noreferrer");
}

/** Ends of connections can be taken up only where React Flow hears of it; what is done is done at the end. */
const NOTHING = (): void => {};
const HIDE_ATTRIBUTION = { hideAttribution: true };

// Dragging: helper lines while it goes on, and at its end a pin, or another container.
import { applyNodeChanges, type NodeChange, type OnNodeDrag, useReactFlow } from "@xyflow/react";
import { type Dispatch, type RefObject, type SetStateAction, useCallback, useRef, useState } from "react";
import type { Diagram } from "spandrel";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { type Guide, snap } from "./drag";
import { type Box, boxes, containerAt, family } from "./geometry";
import { type Moved, pinOps } from "./gestures";
import type { CanvasEdge, CanvasNode } from "./nodes";
import { dropInto } from "./structure";

/** Screen pixels within which something dragged is drawn to a line. */
const REACH = 6;

export interface Dragging {
  /** Whether something is being dragged at this moment. */
  active: RefObject<boolean>;
  guides: readonly Guide[];
  /** The container that would take what is dragged. */
  target: Box | undefined;
  onNodesChange(changes: NodeChange<CanvasNode>[]): void;
  onNodeDragStart: OnNodeDrag<CanvasNode>;
  onNodeDrag: OnNodeDrag<CanvasNode>;
  onNodeDragStop: OnNodeDrag<CanvasNode>;
}

interface Start {
  ids: ReadonlySet<string>;
  /** Boxes of what is dragged, and of what it may be drawn to. */
  own: Map<string, Box>;
  others: Box[];
  /** Where React Flow's nodes stood, from their containers. */
  from: Map<string, { x: number; y: number }>;
}

/** `whole` is the drawing, `seen` the part of it that the canvas shows. */
export function useDragging(
  whole: Diagram | undefined,
  seen: Pick<Diagram, "nodes" | "edges"> | undefined,
  setNodes: Dispatch<SetStateAction<CanvasNode[]>>,
): Dragging {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const active = useRef(false);
  const start = useRef<Start>(undefined);
  const free = useRef(false);
  const [guides, setGuides] = useState<readonly Guide[]>([]);
  const [target, setTarget] = useState<Box>();

  const onNodeDragStart: OnNodeDrag<CanvasNode> = useCallback(
    (_event, node, dragged) => {
      active.current = true;
      if (!seen) return;
      const ids = new Set(dragged.map(({ id }) => id));
      const carried = family(seen.nodes, ids);
      const places = boxes(seen.nodes);
      const siblings = seen.nodes.filter((other) => !carried.has(other.id) && other.parentId === node.parentId);
      start.current = {
        ids,
        own: new Map([...ids].flatMap((id) => (places.has(id) ? [[id, places.get(id) as Box]] : []))),
        others: siblings.map((other) => places.get(other.id) as Box),
        from: new Map(flow.getNodes().map((n) => [n.id, n.position])),
      };
    },
    [flow, seen],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      // Sizes are the engine's and removal is the text's: only selection and movement are the canvas's own.
      let own: NodeChange<CanvasNode>[] = changes.filter((change) => change.type === "select" || change.type === "position");
      const begun = start.current;
      if (active.current && begun) {
        const drawn = free.current ? undefined : drawTo(own, begun, REACH / flow.getZoom());
        setGuides(drawn?.guides ?? []);
        if (drawn) own = drawn.changes;
      }
      setNodes((old) => applyNodeChanges(own, old));
    },
    [flow, setNodes],
  );

  const onNodeDrag: OnNodeDrag<CanvasNode> = useCallback(
    (event, node) => {
      free.current = event.altKey;
      const begun = start.current;
      if (!seen || !begun) return;
      const point = flow.screenToFlowPosition(pointOf(event));
      // With the control key anything takes what is dropped onto it, and becomes a container by that.
      const into = containerAt(seen, point, begun.ids, event.ctrlKey || event.metaKey);
      setTarget(into && into.id !== node.parentId ? boxes(seen.nodes).get(into.id) : undefined);
    },
    [flow, seen],
  );

  const onNodeDragStop: OnNodeDrag<CanvasNode> = useCallback(
    (event, grabbed, dragged) => {
      const begun = start.current;
      active.current = false;
      start.current = undefined;
      free.current = false;
      setGuides([]);
      setTarget(undefined);
      if (!whole || !seen || !begun) return;
      // What was drawn to a line stands in the canvas's own list, not in the event.
      const now = new Map(flow.getNodes().map((node) => [node.id, node.position]));
      const original = new Map(whole.nodes.map((node) => [node.id, node]));
      const moved: Moved[] = dragged.flatMap(({ id }) => {
        const [from, to, node] = [begun.from.get(id), now.get(id), original.get(id)];
        if (!from || !to || !node) return [];
        return [{ id, position: { x: node.position.x + to.x - from.x, y: node.position.y + to.y - from.y } }];
      });
      const point = flow.screenToFlowPosition(pointOf(event));
      const into = containerAt(seen, point, begun.ids, event.ctrlKey || event.metaKey);
      if (into?.id === grabbed.parentId) {
        const ops = pinOps(whole, moved);
        if (ops.length > 0) void studio.perform(...ops);
        return;
      }
      const keys: string[] = [];
      const gesture = dropInto(whole, moved, into?.id, keys);
      void studio.run(gesture).then((done) => {
        if (done) useStudio.setState({ selected: keys });
      });
    },
    [flow, seen, whole],
  );

  return { active, guides, target, onNodesChange, onNodeDragStart, onNodeDrag, onNodeDragStop };
}

function pointOf(event: MouseEvent | TouchEvent | React.MouseEvent): { x: number; y: number } {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

/** The changes of a drag, drawn to the lines of the neighbours. */
function drawTo(changes: NodeChange<CanvasNode>[], start: Start, reach: number) {
  const first = changes.find((change) => change.type === "position" && change.position && start.own.has(change.id));
  if (first?.type !== "position" || !first.position) return undefined;
  const from = start.from.get(first.id);
  if (!from) return undefined;
  const [dx, dy] = [first.position.x - from.x, first.position.y - from.y];
  const hull = around([...start.own.values()]);
  const { guides, ...by } = snap({ ...hull, x: hull.x + dx, y: hull.y + dy }, start.others, reach);
  const drawn = changes.map((change) => {
    if (change.type !== "position" || !change.position || !start.own.has(change.id)) return change;
    return { ...change, position: { x: change.position.x + by.dx, y: change.position.y + by.dy } };
  });
  return { changes: drawn, guides };
}

function around(all: readonly Box[]): Box {
  const x = Math.min(...all.map((box) => box.x));
  const y = Math.min(...all.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...all.map((box) => box.x + box.width)) - x,
    height: Math.max(...all.map((box) => box.y + box.height)) - y,
  };
}

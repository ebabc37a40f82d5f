// From the engine's nodes and edges to those of this canvas.
import type { Edge, Node } from "@xyflow/react";
import type { Diagram, DiagramEdge, DiagramEdgeData, DiagramNode, DiagramNodeData } from "spandrel";
import { withConnectHandles } from "spandrel/react";
import type { Comparison } from "./compare";

export type CanvasNode = Node<DiagramNodeData>;
export type CanvasEdge = Edge<DiagramEdgeData>;

/** What a proposal or a comparison does to an item. */
export interface Marks {
  added: ReadonlySet<string>;
  changed: ReadonlySet<string>;
  moved: ReadonlySet<string>;
  /** What goes away, and what stood elsewhere, where it stood. */
  ghosts: { nodes: CanvasNode[]; edges: CanvasEdge[] };
}

export const NO_MARKS: Marks = { added: new Set(), changed: new Set(), moved: new Set(), ghosts: { nodes: [], edges: [] } };

const STILL = { selectable: false, draggable: false, focusable: false, connectable: false, selected: false };

/** The marks of a comparison of two drawings. */
export function marksOf(before: Diagram | undefined, changes: Comparison): Marks {
  const [added, changed, moved] = [new Set(changes.added), new Set(changes.changed), new Set(changes.moved)];
  return { added, changed, moved, ghosts: before ? ghostsOf(before, changes) : NO_MARKS.ghosts };
}

/** What a change takes away or moves, as pale shapes in their old places. */
function ghostsOf(before: Diagram, { removed, was }: Comparison): Marks["ghosts"] {
  const gone = new Set(removed);
  const elsewhere = new Set(was);
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const place = (node: DiagramNode): { x: number; y: number } => {
    const parent = node.parentId === undefined ? undefined : old.get(node.parentId);
    const origin = parent ? place(parent) : { x: 0, y: 0 };
    return { x: origin.x + node.position.x, y: origin.y + node.position.y };
  };
  const ghost = (node: DiagramNode, id: string, className: string): CanvasNode =>
    ({ ...canvasNode(node), ...STILL, id, className, parentId: undefined, position: place(node) }) as CanvasNode;
  const nodes = [
    ...before.nodes.filter((node) => gone.has(node.id)).map((node) => ghost(node, node.id, "removed")),
    ...before.nodes.filter((node) => elsewhere.has(node.id)).map((node) => ghost(node, `was ${node.id}`, "was")),
  ];
  // A connection draws its own line: it needs no handle of an end that may look different now.
  const edges = before.edges
    .filter((edge) => gone.has(edge.id))
    .map((edge) => ({ ...canvasEdge(edge), ...STILL, className: "removed", sourceHandle: null, targetHandle: null }) as CanvasEdge);
  return { nodes, edges };
}

const cache = new WeakMap<DiagramNode, CanvasNode>();
const edgeCache = new WeakMap<DiagramEdge, CanvasEdge>();

/** The same object for the same engine node, so that React Flow sees what changed and nothing else. */
export function canvasNode(node: DiagramNode): CanvasNode {
  let made = cache.get(node);
  if (!made) {
    made = withConnectHandles(node) as CanvasNode;
    cache.set(node, made);
  }
  return made;
}

export function canvasEdge(edge: DiagramEdge): CanvasEdge {
  let made = edgeCache.get(edge);
  if (!made) {
    // Heads are drawn by the edge itself.
    const { markerStart: _, markerEnd: __, ...rest } = edge;
    made = rest as CanvasEdge;
    edgeCache.set(edge, made);
  }
  return made;
}

const markOf = (id: string, { added, changed, moved }: Marks): string =>
  added.has(id) ? "added" : changed.has(id) ? "changed" : moved.has(id) ? "moved" : "";

const dressedCache = new WeakMap<CanvasNode | CanvasEdge, Map<string, CanvasNode | CanvasEdge>>();

/**
 * An item as a view shows it: with class names, selected or not. Asked for the same again it is the same object, so
 * that React Flow draws nothing twice.
 */
export function dressed<T extends CanvasNode | CanvasEdge>(item: T, look: string, selected: boolean, marks: Marks): T {
  const mark = markOf(item.id, marks);
  const className = [mark, look].filter(Boolean).join(" ");
  if (className === "" && !selected) return item;
  const key = `${selected ? "+" : "-"}${className}`;
  let known = dressedCache.get(item);
  if (!known) dressedCache.set(item, (known = new Map()));
  let made = known.get(key);
  if (!made) {
    made = { ...item, ...(className === "" ? {} : { className }), ...(selected ? { selected } : {}) };
    known.set(key, made);
  }
  return made as T;
}

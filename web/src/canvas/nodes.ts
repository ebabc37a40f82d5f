// From the engine's nodes and edges to those of this canvas.
import type { Edge, Node } from "@xyflow/react";
import type { Diagram, DiagramEdge, DiagramEdgeData, DiagramNode, DiagramNodeData } from "spandrel";
import { withConnectHandles } from "spandrel/react";

export type CanvasNode = Node<DiagramNodeData>;
export type CanvasEdge = Edge<DiagramEdgeData>;

/** What a proposal or a comparison does to an item. */
export interface Marks {
  added: ReadonlySet<string>;
  changed: ReadonlySet<string>;
  /** What goes away, where it stood, as far as there is anything to draw. */
  ghosts: { nodes: CanvasNode[]; edges: CanvasEdge[] };
}

export const NO_MARKS: Marks = { added: new Set(), changed: new Set(), ghosts: { nodes: [], edges: [] } };

/** What a change takes away, as pale shapes in their old places. */
export function ghostsOf(before: Diagram | undefined, after: Diagram, removed: readonly string[]): Marks["ghosts"] {
  if (!before || removed.length === 0) return NO_MARKS.ghosts;
  const gone = new Set(removed);
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const there = new Set([...after.nodes.map((node) => node.id), ...removed]);
  const place = (node: DiagramNode): { x: number; y: number } => {
    const parent = node.parentId === undefined ? undefined : old.get(node.parentId);
    const origin = parent ? place(parent) : { x: 0, y: 0 };
    return { x: origin.x + node.position.x, y: origin.y + node.position.y };
  };
  const still = { className: "removed", selectable: false, draggable: false, focusable: false, connectable: false };
  const nodes = before.nodes
    .filter((node) => gone.has(node.id))
    .map((node) => ({ ...canvasNode(node), ...still, parentId: undefined, position: place(node) }) as CanvasNode);
  const edges = before.edges
    .filter((edge) => gone.has(edge.id) && gone.has(edge.source) && gone.has(edge.target) && there.has(edge.source))
    .map((edge) => ({ ...canvasEdge(edge), ...still }));
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

const dressedCache = new WeakMap<CanvasNode | CanvasEdge, Map<string, CanvasNode | CanvasEdge>>();

/**
 * An item as a view shows it: with class names, selected or not. Asked for the same again it is the same object, so
 * that React Flow draws nothing twice.
 */
export function dressed<T extends CanvasNode | CanvasEdge>(item: T, look: string, selected: boolean, marks: Marks): T {
  const mark = marks.added.has(item.id) ? "added" : marks.changed.has(item.id) ? "changed" : "";
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

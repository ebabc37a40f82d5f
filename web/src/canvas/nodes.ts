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

/** Marks do not go into the cache: they belong to a view, not to a drawing. */
export function marked<T extends CanvasNode | CanvasEdge>(item: T, marks: Marks): T {
  if (marks.added.has(item.id)) return { ...item, className: "added" };
  if (marks.changed.has(item.id)) return { ...item, className: "changed" };
  if (marks.moved.has(item.id)) return { ...item, className: "moved" };
  return item;
}

/** The ids of a node and of everything inside it. */
export function withDescendants(diagram: Diagram, id: string): Set<string> {
  const found = new Set([id]);
  // Parents come before children in the engine's list.
  for (const node of diagram.nodes) if (node.parentId && found.has(node.parentId)) found.add(node.id);
  return found;
}

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
}

export const NO_MARKS: Marks = { added: new Set(), changed: new Set() };

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
  return item;
}

/** The ids of a node and of everything inside it. */
export function withDescendants(diagram: Diagram, id: string): Set<string> {
  const found = new Set([id]);
  // Parents come before children in the engine's list.
  for (const node of diagram.nodes) if (node.parentId && found.has(node.parentId)) found.add(node.id);
  return found;
}

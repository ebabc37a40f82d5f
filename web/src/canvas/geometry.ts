// Where things stand on the canvas, absolutely.
import type { Diagram, DiagramNode } from "spandrel";
import type { Point } from "./structure";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Nodes with their parents first, as the engine and React Flow list them. */
type Placed = Pick<DiagramNode, "id" | "parentId" | "position" | "width" | "height">;

/** Every node's box from the board's origin. */
export function boxes(nodes: readonly Placed[]): Map<string, Box> {
  const found = new Map<string, Box>();
  for (const { id, parentId, position, width, height } of nodes) {
    const origin = parentId === undefined ? undefined : found.get(parentId);
    found.set(id, { x: position.x + (origin?.x ?? 0), y: position.y + (origin?.y ?? 0), width, height });
  }
  return found;
}

export const holds = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height;

/** Everything inside any of `ids`, themselves included. */
export function family(nodes: readonly Placed[], ids: Iterable<string>): Set<string> {
  const found = new Set(ids);
  for (const node of nodes) if (node.parentId !== undefined && found.has(node.parentId)) found.add(node.id);
  return found;
}

/**
 * The container that something dropped at `point` falls into: the innermost there, `undefined` on the board itself.
 * What is being dragged, and what is inside it, does not count. `any`: whatever is there, container or not.
 */
export function containerAt(
  diagram: Pick<Diagram, "nodes">,
  point: Point,
  dragged: ReadonlySet<string>,
  any = false,
): DiagramNode | undefined {
  const places = boxes(diagram.nodes);
  const parents = new Set(diagram.nodes.map((node) => node.parentId));
  const own = family(diagram.nodes, dragged);
  let found: DiagramNode | undefined;
  // Parents come first, so the last that fits is the innermost.
  for (const node of diagram.nodes) {
    if (own.has(node.id) || node.data["collapsed"] !== undefined) continue;
    if (!any && !parents.has(node.id) && node.type !== "container") continue;
    const box = places.get(node.id);
    if (box && holds(box, point)) found = node;
  }
  return found;
}

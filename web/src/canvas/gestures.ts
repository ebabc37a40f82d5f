// What a gesture on the canvas means for the text. Pure: from a drawing and a movement to operations of the engine.
import type { Diagram, DiagramNode, EditOp } from "spandrel";

export interface Moved {
  id: string;
  /** Relative to the container, as React Flow has it. */
  position: { x: number; y: number };
}

/**
 * A drag pins what was dragged: whole pixels from its container's corner. Inside a container nothing goes left of
 * or above the corner; at the top level everything pinned moves over instead, so that nothing jumps.
 */
export function pinOps(diagram: Diagram, moved: readonly Moved[]): EditOp[] {
  const nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
  const rounded = moved.flatMap(({ id, position }) => {
    const node = nodes.get(id);
    // A child that was carried along by its container has not moved within it.
    return node && isMoved(node, position) ? [{ node, x: Math.round(position.x), y: Math.round(position.y) }] : [];
  });
  const top = rounded.filter(({ node }) => node.parentId === undefined);
  const shiftX = Math.max(0, ...top.map(({ x }) => -x));
  const shiftY = Math.max(0, ...top.map(({ y }) => -y));
  const ops: EditOp[] = rounded.map(({ node, x, y }) => {
    const inside = node.parentId !== undefined;
    return {
      op: "pin",
      key: node.id,
      left: Math.max(0, inside ? x : x + shiftX),
      top: Math.max(0, inside ? y : y + shiftY),
    };
  });
  if (shiftX === 0 && shiftY === 0) return ops;
  const dragged = new Set(rounded.map(({ node }) => node.id));
  const others = diagram.nodes.filter((n) => n.data.pinned && n.parentId === undefined && !dragged.has(n.id));
  return [
    ...ops,
    ...others.map((node): EditOp => {
      const { x, y } = node.position;
      return { op: "pin", key: node.id, left: Math.round(x) + shiftX, top: Math.round(y) + shiftY };
    }),
  ];
}

function isMoved(node: DiagramNode, position: { x: number; y: number }): boolean {
  return Math.abs(node.position.x - position.x) >= 0.5 || Math.abs(node.position.y - position.y) >= 0.5;
}

/** Connections first, then objects from the inside out; what goes with its container is not named again. */
export function deleteOps(diagram: Diagram, ids: readonly string[]): EditOp[] {
  const chosen = new Set(ids);
  const nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
  const goesWithParent = (node: DiagramNode): boolean => {
    for (let parent = node.parentId; parent !== undefined; parent = nodes.get(parent)?.parentId) {
      if (chosen.has(parent)) return true;
    }
    return false;
  };
  const gone = new Set<string>();
  for (const node of diagram.nodes) {
    if (chosen.has(node.id) || (node.parentId !== undefined && gone.has(node.parentId))) gone.add(node.id);
  }
  // An edge goes with its ends. Of several between the same ends the last index goes first: the others keep theirs.
  const edges = diagram.edges.filter((e) => chosen.has(e.id) && !gone.has(e.source) && !gone.has(e.target));
  return [
    ...edges.reverse().map((edge): EditOp => ({ op: "delete", key: edge.id })),
    ...diagram.nodes
      .filter((node) => chosen.has(node.id) && !goesWithParent(node))
      .map((node): EditOp => ({ op: "delete", key: node.id, with_children: true })),
  ];
}

/** A new connection. */
export const connectOp = (source: string, target: string): EditOp => ({ op: "create", key: `${source} -> ${target}` });

/** A label that a person sees: the key stays, so that everything that names it still does. */
export function renameOp(id: string, label: string): EditOp {
  const value = label.trim();
  return value === "" ? { op: "set", key: id } : { op: "set", key: id, value };
}

/** A name for a new object that reads well in the text. */
export function freshName(diagram: Diagram | undefined, shape: string, parent?: string): string {
  const base = shape.replace(/[_-]/g, " ");
  const prefix = parent ? `${parent}.` : "";
  const taken = new Set(diagram?.nodes.map((node) => node.id.toLowerCase()));
  for (let n = 1; ; n++) {
    const name = `${prefix}${n === 1 ? base : `${base} ${n}`}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

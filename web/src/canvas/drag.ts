// Helper lines: while something is dragged, the edges and middles of its neighbours that it comes near to.
import type { Box } from "./geometry";

/** A line on the board, from where to where it is drawn. */
export interface Guide {
  axis: "x" | "y";
  at: number;
  from: number;
  to: number;
}

export interface Snap {
  /** How far the box is moved to lie on the lines. */
  dx: number;
  dy: number;
  guides: Guide[];
}

/** Start, middle and end of a box along an axis. */
function stops(box: Box, axis: "x" | "y"): [number, number, number] {
  const [start, length] = axis === "x" ? [box.x, box.width] : [box.y, box.height];
  return [start, start + length / 2, start + length];
}

/** Moves `box` onto the nearest line of `others` within `reach` on each axis, and says which lines those are. */
export function snap(box: Box, others: readonly Box[], reach: number): Snap {
  const shift = (axis: "x" | "y"): number => {
    let best = Number.POSITIVE_INFINITY;
    for (const other of others) {
      for (const line of stops(other, axis)) {
        for (const own of stops(box, axis)) {
          if (Math.abs(line - own) <= reach && Math.abs(line - own) < Math.abs(best)) best = line - own;
        }
      }
    }
    return Number.isFinite(best) ? best : 0;
  };
  const [dx, dy] = [shift("x"), shift("y")];
  const moved = { ...box, x: box.x + dx, y: box.y + dy };
  return { dx, dy, guides: [...guidesOf(moved, others, "x"), ...guidesOf(moved, others, "y")] };
}

/** The lines that a box lies on, each as long as what lies on it. */
function guidesOf(box: Box, others: readonly Box[], axis: "x" | "y"): Guide[] {
  const across = axis === "x" ? "y" : "x";
  return stops(box, axis).flatMap((at) => {
    const on = others.filter((other) => stops(other, axis).some((line) => Math.abs(line - at) < 0.5));
    if (on.length === 0) return [];
    const ends = [box, ...on].flatMap((b) => stops(b, across));
    return [{ axis, at, from: Math.min(...ends), to: Math.max(...ends) }];
  });
}

// The ends of edges, drawn by hand: they take the line's colour, and the line stops where a filled head begins.
import type { ReactNode } from "react";
import type { Point } from "../types.js";

interface Head {
  /** How much of the line it covers. */
  length: number;
  /** Pointing right, its tip at 0,0. */
  draw: ReactNode;
}

const filled = (d: string): ReactNode => <path className="spandrel-head" d={d} />;
const open = (d: string): ReactNode => <path className="spandrel-head spandrel-head-open" d={d} />;
const stroke = (d: string): ReactNode => <path className="spandrel-head-stroke" d={d} />;

// The same outlines as in the SVG export.
const heads: Record<string, Head> = {
  triangle: { length: 8, draw: filled("M0 0L-9 -4L-9 4Z") },
  arrow: { length: 7, draw: filled("M0 0L-10 -4.5L-7.5 0L-10 4.5Z") },
  "unfilled-triangle": { length: 10, draw: open("M0 0L-10 -5L-10 5Z") },
  diamond: { length: 14, draw: open("M0 0L-7 -4.5L-14 0L-7 4.5Z") },
  "filled-diamond": { length: 13, draw: filled("M0 0L-7 -4.5L-14 0L-7 4.5Z") },
  circle: { length: 9, draw: open("M0 0A4.5 4.5 0 1 1 -9 0A4.5 4.5 0 1 1 0 0Z") },
  "filled-circle": { length: 8, draw: filled("M0 0A4.5 4.5 0 1 1 -9 0A4.5 4.5 0 1 1 0 0Z") },
  box: { length: 9, draw: open("M0 -4.5L-9 -4.5L-9 4.5L0 4.5Z") },
  "filled-box": { length: 8, draw: filled("M0 -4.5L-9 -4.5L-9 4.5L0 4.5Z") },
  line: { length: 0, draw: stroke("M-8 -5L0 0L-8 5") },
  cross: { length: 0, draw: stroke("M-3 -5L-13 5M-13 -5L-3 5") },
  "cf-one": { length: 0, draw: open("M-6 -6L-6 6M-9 0A4 4 0 1 1 -17 0A4 4 0 1 1 -9 0Z") },
  "cf-one-required": { length: 0, draw: stroke("M-7 -6L-7 6M-12 -6L-12 6") },
  "cf-many": { length: 0, draw: open("M-11 0L0 -6M-11 0L0 6M-12 0A4 4 0 1 1 -20 0A4 4 0 1 1 -12 0Z") },
  "cf-many-required": { length: 0, draw: stroke("M-11 0L0 -6M-11 0L0 6M-14 -6L-14 6") },
};

/** Heads grow with the line, but less than it does. */
const scaleOf = (width: number): number => Math.min(3.5, Math.max(0.7, 0.55 + 0.3 * width));

/** How much shorter a line of this width must be where this head stands. */
export function headLength(shape: string | undefined | null, width = 1.5): number {
  return shape ? (heads[shape]?.length ?? 0) * scaleOf(width) : 0;
}

export function Arrowhead({ shape, at, from, width = 1.5 }: { shape: string; at: Point; from: Point; width?: number | undefined }): ReactNode {
  const head = heads[shape];
  if (!head) return null;
  const angle = (Math.atan2(at.y - from.y, at.x - from.x) * 180) / Math.PI;
  const turn = Math.round(angle * 100) / 100;
  return <g transform={`translate(${at.x} ${at.y}) rotate(${turn}) scale(${scaleOf(width)})`}>{head.draw}</g>;
}

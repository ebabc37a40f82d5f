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

const heads: Record<string, Head> = {
  triangle: { length: 9, draw: filled("M0 0L-10 4.5L-10 -4.5Z") },
  arrow: { length: 7, draw: filled("M0 0L-10 4.5L-7 0L-10 -4.5Z") },
  "unfilled-triangle": { length: 10, draw: open("M0 0L-10 5L-10 -5Z") },
  diamond: { length: 14, draw: open("M0 0L-7 4.5L-14 0L-7 -4.5Z") },
  "filled-diamond": { length: 14, draw: filled("M0 0L-7 4.5L-14 0L-7 -4.5Z") },
  circle: { length: 10, draw: <circle className="spandrel-head spandrel-head-open" cx="-5" r="5" /> },
  "filled-circle": { length: 10, draw: <circle className="spandrel-head" cx="-5" r="5" /> },
  box: { length: 9, draw: open("M0 -4.5H-9V4.5H0Z") },
  "filled-box": { length: 9, draw: filled("M0 -4.5H-9V4.5H0Z") },
  line: { length: 0, draw: stroke("M-8 -5L0 0L-8 5") },
  cross: { length: 0, draw: stroke("M-10 -4L-2 4M-10 4L-2 -4") },
  "cf-one": { length: 0, draw: stroke("M-8 -5V5") },
  "cf-many": { length: 0, draw: stroke("M-10 0L0 -5M-10 0L0 5") },
  "cf-one-required": { length: 0, draw: stroke("M-8 -5V5M-12 -5V5") },
  "cf-many-required": { length: 0, draw: stroke("M-10 0L0 -5M-10 0L0 5M-13 -5V5") },
};

/** How much shorter the line must be where this head stands. */
export function headLength(shape: string | undefined | null): number {
  return shape ? (heads[shape]?.length ?? 0) : 0;
}

export function Arrowhead({ shape, at, from }: { shape: string; at: Point; from: Point }): ReactNode {
  const head = heads[shape];
  if (!head) return null;
  const angle = (Math.atan2(at.y - from.y, at.x - from.x) * 180) / Math.PI;
  return <g transform={`translate(${at.x} ${at.y}) rotate(${Math.round(angle * 100) / 100})`}>{head.draw}</g>;
}

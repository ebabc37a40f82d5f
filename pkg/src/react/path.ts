import type { EdgeSection, Point } from "../types.js";

/** Path data through `points` with corners rounded by at most `radius`. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${xy(first)}`;
  for (let at = 0; at < rest.length; at++) {
    const corner = rest[at] as Point;
    const after = rest[at + 1];
    if (!after) {
      path += `L${xy(corner)}`;
      continue;
    }
    const before = points[at] as Point;
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    if (cut < 0.5) path += `L${xy(corner)}`;
    else path += `L${xy(toward(corner, before, cut))}Q${xy(corner)} ${xy(toward(corner, after, cut))}`;
  }
  return path;
}

/** Path data through cubic Bézier control points, 3n + 1 of them. */
export function splinePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${xy(first)}`;
  for (let at = 0; at + 2 < rest.length; at += 3) {
    path += `C${rest.slice(at, at + 3).map(xy).join(" ")}`;
  }
  return path;
}

/** All points of an edge, start to end. */
export function pointsOf(sections: readonly EdgeSection[]): Point[] {
  return sections.flatMap((section) => [section.start, ...section.bends, section.end]);
}

/** The point `length` away from `from` in the direction of `to`. */
export function toward(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole };
}

/** The middle of a line, by length. */
export function middleOf(points: readonly Point[]): Point {
  let left = points.slice(1).reduce((sum, point, at) => sum + distance(points[at] as Point, point), 0) / 2;
  for (let at = 1; at < points.length; at++) {
    const [a, b] = [points[at - 1] as Point, points[at] as Point];
    const length = distance(a, b);
    if (length >= left) return toward(a, b, left);
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const number = (value: number): number => Math.round(value * 100) / 100;
const xy = (p: Point): string => `${number(p.x)} ${number(p.y)}`;

import { BaseEdge, type Edge, type EdgeProps, type EdgeTypes, getSmoothStepPath } from "@xyflow/react";
import { type CSSProperties, memo, type ReactNode, useState } from "react";
import type { Box, DiagramEdgeData, NodeStyle, Point } from "../types.js";
import { Arrowhead, headLength } from "./arrowhead.js";
import { useSpandrelContext } from "./context.js";
import { distance, middleOf, pointsOf, roundedPath, splinePath, toward } from "./path.js";

const CORNER = 6;
/** An end further than this from its handle belongs to a drawing that is no longer true. */
const STALE = 2;

/** An edge along the engine's bend points; while an end is dragged, a plain orthogonal line. */
export const SpandrelEdge = memo(function SpandrelEdge(props: EdgeProps<Edge<DiagramEdgeData>>) {
  const { id, data, label } = props;
  const { renderLabel } = useSpandrelContext();
  const style = data?.style;
  const heads = { source: data?.arrowheads?.source, target: data?.arrowheads?.target };
  const { points, path, labelAt, live } = routeOf(props, heads);
  const turn = useTurns(live ? undefined : path);
  const own = renderLabel?.(id, String(label ?? ""), "edge");
  const css: CSSProperties & Record<string, string | number> = {};
  if (style?.stroke) css["--spandrel-edge"] = style.stroke;
  if (style?.strokeWidth !== undefined) css["--spandrel-edge-width"] = style.strokeWidth;
  if (style?.strokeDash) css["--spandrel-edge-dash"] = dashes(style);
  if (style?.opacity !== undefined) css["opacity"] = style.opacity;
  return (
    <g className={`spandrel-edge${style?.animated ? " spandrel-animated" : ""}${turn}`} style={css}>
      <BaseEdge id={id} path={path} interactionWidth={16} />
      {heads.source && points.length > 1 && (
        <Arrowhead shape={heads.source} at={points[0] as Point} from={points[1] as Point} width={style?.strokeWidth} />
      )}
      {heads.target && points.length > 1 && (
        <Arrowhead shape={heads.target} at={points.at(-1) as Point} from={points.at(-2) as Point} width={style?.strokeWidth} />
      )}
      {data?.sourceLabel && <Pill {...data.sourceLabel} data={data} />}
      {data?.targetLabel && <Pill {...data.targetLabel} data={data} />}
      {own ?? (label ? <EdgeLabel text={String(label)} data={data} at={labelAt} /> : null)}
    </g>
  );
});

function EdgeLabel({ text, data, at }: { text: string; data: DiagramEdgeData | undefined; at: Point }): ReactNode {
  const lines = data?.lines ?? text.split("\n");
  const width = data?.labelSize?.width ?? Math.max(...lines.map((l) => l.length)) * 7 + 8;
  const height = data?.labelSize?.height ?? lines.length * 18;
  return <Pill lines={lines} box={{ x: at.x - width / 2, y: at.y - height / 2, width, height }} data={data} />;
}

function Pill({ lines, box, data }: { lines: string[]; box: Box; data: DiagramEdgeData | undefined }): ReactNode {
  return (
    <g className="spandrel-edge-label" transform={`translate(${box.x} ${box.y})`}>
      <rect width={box.width} height={box.height} rx={4} />
      {lines.map((line, n) => (
        <text key={n} x={box.width / 2} y={(box.height / lines.length) * (n + 0.5)} style={ink(data)}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** D2's dashes grow with the line. */
function dashes({ strokeDash = 0, strokeWidth = 1.5 }: NodeStyle): string {
  return `${strokeDash * (1 + strokeWidth * 0.4)} ${strokeDash * (0.8 + strokeWidth * 0.3)}`;
}

function ink(data: DiagramEdgeData | undefined): CSSProperties {
  const css: CSSProperties = {};
  if (data?.style?.fontColor) css.fill = data.style.fontColor;
  if (data?.style?.fontSize) css.fontSize = data.style.fontSize;
  if (data?.style?.bold) css.fontWeight = 600;
  if (data?.style?.italic) css.fontStyle = "italic";
  return css;
}

function routeOf(
  props: EdgeProps<Edge<DiagramEdgeData>>,
  heads: { source?: string | null | undefined; target?: string | null | undefined },
): { points: Point[]; path: string; labelAt: Point; live: boolean } {
  const { sourceX, sourceY, targetX, targetY, data } = props;
  const stored = pointsOf(data?.sections ?? []);
  // What is carried along with both its ends keeps its route.
  const by = stored.length > 1 && data?.free !== true ? carried(stored, props) : undefined;
  const routed = by ? stored.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })) : stored;
  const [first, last] = [routed[0], routed.at(-1)];
  const fresh =
    routed.length > 1 &&
    (data?.free === true ||
      (distance(first as Point, { x: sourceX, y: sourceY }) <= STALE &&
        distance(last as Point, { x: targetX, y: targetY }) <= STALE));
  if (!fresh) {
    const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: CORNER });
    const lead = (position: string): Point =>
      ({ top: { x: 0, y: -1 }, bottom: { x: 0, y: 1 }, left: { x: -1, y: 0 }, right: { x: 1, y: 0 } })[position] ?? {
        x: 0,
        y: 0,
      };
    const [out, into] = [lead(props.sourcePosition), lead(props.targetPosition)];
    const points = [
      { x: sourceX, y: sourceY },
      { x: sourceX + out.x, y: sourceY + out.y },
      { x: targetX + into.x, y: targetY + into.y },
      { x: targetX, y: targetY },
    ];
    return { points, path, labelAt: { x, y }, live: true };
  }
  const label = data?.labelPosition;
  const labelAt = label ? { x: label.x + (by?.x ?? 0), y: label.y + (by?.y ?? 0) } : middleOf(routed);
  // A route on its way with both its ends is not a new one.
  const live = by !== undefined;
  if (data?.spline) return { points: routed, path: splinePath(routed), labelAt, live };
  const line = [...routed];
  const shorten = (at: number, next: number, by: number): void => {
    const [end, before] = [routed.at(at) as Point, routed.at(next) as Point];
    if (by > 0) line[at < 0 ? line.length + at : at] = toward(end, before, Math.min(by, distance(end, before)));
  };
  shorten(0, 1, headLength(heads.source, data?.style?.strokeWidth));
  shorten(-1, -2, headLength(heads.target, data?.style?.strokeWidth));
  return { points: routed, path: roundedPath(line, CORNER), labelAt, live };
}

/** A class that changes with every new route, so that the style sheet can let it appear; none for the first. */
function useTurns(route: string | undefined): string {
  const [seen, setSeen] = useState({ route, turn: 0 });
  if (route !== undefined && route !== seen.route) setSeen({ route, turn: seen.route === undefined ? seen.turn : seen.turn + 1 });
  return seen.turn === 0 ? "" : ` spandrel-turn-${seen.turn % 2}`;
}

/** How far both ends of a route were moved, where that is as far for one as for the other. */
function carried(stored: readonly Point[], { sourceX, sourceY, targetX, targetY }: EdgeProps<Edge<DiagramEdgeData>>): Point | undefined {
  const [first, last] = [stored[0] as Point, stored.at(-1) as Point];
  const out = { x: sourceX - first.x, y: sourceY - first.y };
  const into = { x: targetX - last.x, y: targetY - last.y };
  return distance(out, into) <= STALE && distance(out, { x: 0, y: 0 }) > STALE ? out : undefined;
}

/** For `<ReactFlow edgeTypes>`. */
export const edgeTypes: EdgeTypes = { spandrel: SpandrelEdge };

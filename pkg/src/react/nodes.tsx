// One component a family of shapes. Sizes, handles, outlines and text boxes come from the engine, so nothing is
// measured here; colours and type come from `style.css`.
import type { Node, NodeProps, NodeTypes } from "@xyflow/react";
import { type CSSProperties, memo, type ReactNode } from "react";
import type { Box, DiagramNodeData, NodeStyle, TextRun } from "../types.js";
import { useSpandrelContext } from "./context.js";
import { NodeHandles } from "./handles.js";
import { Icon } from "./icon.js";

type Props = NodeProps<Node<DiagramNodeData>>;

const place = (box: Box): CSSProperties => ({
  position: "absolute",
  left: box.x,
  top: box.y,
  width: box.width,
  height: box.height,
});

/** What the source sets, as CSS; the rest is the style sheet's. */
function ink(style: NodeStyle | undefined): CSSProperties {
  const css: Record<string, string | number> = {};
  const color = style?.fontColor ?? style?.ink;
  if (color) css["color"] = color;
  if (style?.fontSize) css["fontSize"] = style.fontSize;
  if (style?.bold !== undefined) css["fontWeight"] = style.bold ? 600 : 400;
  if (style?.italic) css["fontStyle"] = "italic";
  if (style?.underline) css["textDecoration"] = "underline";
  if (style?.font === "mono") css["fontFamily"] = "var(--spandrel-mono)";
  return css;
}

function surface(style: NodeStyle | undefined): CSSProperties {
  const css: Record<string, string | number> = {};
  if (style?.fill) css["--spandrel-fill"] = style.fill;
  if (style?.stroke) css["--spandrel-stroke"] = style.stroke;
  if (style?.strokeWidth !== undefined) css["--spandrel-stroke-width"] = style.strokeWidth;
  if (style?.strokeDash) css["--spandrel-dash"] = `${style.strokeDash * 2} ${style.strokeDash * 2}`;
  if (style?.borderRadius !== undefined) css["--spandrel-radius"] = `${style.borderRadius}px`;
  if (style?.opacity !== undefined) css["opacity"] = style.opacity;
  return css;
}

function Label({ id, data, className }: { id: string; data: DiagramNodeData; className: string }): ReactNode {
  const { renderLabel } = useSpandrelContext();
  const own = renderLabel?.(id, data.label, "node");
  if (!own && data.label === "") return null;
  const box = data.labelBox;
  const lines = data.lines ?? data.label.split("\n");
  const css: CSSProperties = { ...ink(data.style) };
  // The engine's lines fill its box: so they stand where it measured them.
  if (box) Object.assign(css, place(box), { lineHeight: `${box.height / Math.max(1, lines.length)}px` });
  if (data.flushLeft) Object.assign(css, { alignItems: "flex-start", textAlign: "left" });
  return (
    <div className={className} style={css}>
      {own ?? lines.map((line, at) => <span key={at}>{line || "\u200b"}</span>)}
    </div>
  );
}

/** An icon by its name; where the source gives an address only raster data in itself is shown, never fetched. */
function NodeIcon({ data, box }: { data: DiagramNodeData; box: Box }): ReactNode {
  const raster = data.iconUrl && /^data:image\/(png|jpeg|gif|webp);/i.test(data.iconUrl) ? data.iconUrl : undefined;
  return (
    <div className="spandrel-icon-box" style={place(box)}>
      {raster ? (
        <img src={raster} alt="" width={box.width} height={box.height} draggable={false} />
      ) : (
        <Icon name={data.iconifyId} size={Math.min(box.width, box.height)} />
      )}
    </div>
  );
}

function Lifelines({ data }: { data: DiagramNodeData }): ReactNode {
  if (!data.lifelines?.length) return null;
  return (
    <svg className="spandrel-outline" width="1" height="1" aria-hidden="true">
      {data.lifelines.map(({ from, to }, at) => (
        <path key={at} className="spandrel-lifeline" d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
      ))}
    </svg>
  );
}

function Pinned({ data }: { data: DiagramNodeData }): ReactNode {
  if (!data.pinned) return null;
  return (
    <svg className="spandrel-pin" width="12" height="12" viewBox="0 0 24 24" aria-hidden="true">
      <path
        fill="currentColor"
        d="M16 3a1 1 0 0 1 .1 2H16v5.4l2.8 3.8a1 1 0 0 1-.8 1.6h-5V21a1 1 0 0 1-2 0v-5.2H6a1 1 0 0 1-.8-1.6L8 10.4V5a1 1 0 0 1 0-2z"
      />
    </svg>
  );
}

/** Small signs in the upper right corner, as in the SVG export: a link to follow, a note to read. */
function Signs({ id, data }: { id: string; data: DiagramNodeData }): ReactNode {
  const { openLink } = useSpandrelContext();
  if (!data.link && !data.tooltip) return null;
  const sign = (path: string): ReactNode => (
    <svg width="17" height="17" viewBox="-8.5 -8.5 17 17" aria-hidden="true">
      <circle r="7.5" />
      <path d={path} transform="scale(.85)" />
    </svg>
  );
  return (
    <div className="spandrel-signs">
      {data.tooltip && <span>{sign("M0 -4V-3.5M0 -1.5V3")}</span>}
      {data.link && openLink ? (
        <button type="button" className="nodrag" tabIndex={-1} title={data.link} aria-label={data.link} onClick={() => openLink(data.link as string, id)}>
          {sign("M-4 -1.5L4 -1.5M-1 -4.5L4 -1.5L-1 1.5")}
        </button>
      ) : (
        data.link && <span>{sign("M-4 -1.5L4 -1.5M-1 -4.5L4 -1.5L-1 1.5")}</span>
      )}
    </div>
  );
}

function classes(props: Props, family: string): string {
  const { data } = props;
  const list = ["spandrel-node", `spandrel-${family}`, `spandrel-kind-${data.nodeType}`, `spandrel-is-${props.type}`];
  if (data.style?.shadow) list.push("spandrel-shadow");
  if (data.style?.["3d"]) list.push("spandrel-block");
  if (data.style?.doubleBorder) list.push("spandrel-double");
  return list.join(" ");
}

const DEPTH = 8;

/** The top and the right side of a block. */
function Block({ width: w, height: h }: { width: number; height: number }): ReactNode {
  const sides = `M0 0L${DEPTH} ${-DEPTH}H${w + DEPTH}V${h - DEPTH}L${w} ${h}V0Z`;
  return (
    <svg className="spandrel-outline" width={w} height={h} aria-hidden="true">
      <path className="spandrel-body" d={sides} />
      <path className="spandrel-details" d={`M${w} 0l${DEPTH} ${-DEPTH}`} />
    </svg>
  );
}

/** Every shape that is an outline with an icon and a label. */
export const ShapeNode = memo(function ShapeNode(props: Props) {
  const { id, data, width = 0, height = 0 } = props;
  const family = data.outline ? "shape" : "card";
  return (
    <div className={classes(props, family)} style={surface(data.style)} title={data.tooltip}>
      {data.outline ? (
        <svg className="spandrel-outline" width={width} height={height} aria-hidden="true">
          {data.style?.multiple && <path className="spandrel-body" d={data.outline} transform="translate(8 -8)" />}
          <path className="spandrel-body" d={data.outline} />
          {data.details && <path className="spandrel-details" d={data.details} />}
        </svg>
      ) : (
        <>
          {data.style?.multiple && <div className="spandrel-box spandrel-behind" />}
          {data.style?.["3d"] && <Block width={width} height={height} />}
          <div className="spandrel-box" />
        </>
      )}
      {data.iconBox && <NodeIcon data={data} box={data.iconBox} />}
      <Label id={id} data={data} className="spandrel-label" />
      <Lifelines data={data} />
      <Pinned data={data} />
      <Signs id={id} data={data} />
      <NodeHandles id={id} isConnectable={props.isConnectable} />
    </div>
  );
});

/** Anything with children. */
export const ContainerNode = memo(function ContainerNode(props: Props) {
  const { id, data } = props;
  const { renderCorner } = useSpandrelContext();
  return (
    <div
      className={classes(props, "container")}
      style={surface(data.style)}
      title={data.tooltip}
      data-depth={(data.depth ?? 0) % 4}
    >
      <div className="spandrel-box" />
      {data.iconBox && <NodeIcon data={data} box={data.iconBox} />}
      <Label id={id} data={data} className="spandrel-title" />
      {renderCorner?.(id, data)}
      <Lifelines data={data} />
      <Pinned data={data} />
      <Signs id={id} data={data} />
      <NodeHandles id={id} isConnectable={props.isConnectable} />
    </div>
  );
});

/** `sql_table` and `class`. */
export const TableNode = memo(function TableNode(props: Props) {
  const { id, data } = props;
  const header = data.headerHeight ?? 36;
  const row = data.rowHeight ?? 28;
  // The methods of a class stand below a stronger line than its fields.
  const methods = props.type === "class" ? data.rows?.findIndex(({ cells }) => cells[1]?.includes("(")) : undefined;
  return (
    <div className={classes(props, props.type === "class" ? "table spandrel-members" : "table")} style={surface(data.style)} title={data.tooltip}>
      <div className="spandrel-box" />
      <div className="spandrel-table-head" style={{ height: header }} />
      <Label id={id} data={data} className="spandrel-label" />
      <div className="spandrel-table-body" style={{ top: header }}>
        {data.rows?.map(({ cells, x }, at) => (
          <div key={at} className={at === methods ? "spandrel-row spandrel-methods" : "spandrel-row"} data-row={at} style={{ height: row }}>
            {cells.map((cell, column) => (
              <span key={column} style={{ left: x[column] ?? 0 }}>
                {cell}
              </span>
            ))}
          </div>
        ))}
      </div>
      <Lifelines data={data} />
      <Pinned data={data} />
      <Signs id={id} data={data} />
      <NodeHandles id={id} isConnectable={props.isConnectable} />
    </div>
  );
});

/** Markdown where the engine measured it: every piece on its baseline. No text of a source becomes HTML. */
function Runs({ runs }: { runs: readonly TextRun[] }): ReactNode {
  return (
    <svg className="spandrel-runs" width="100%" height="100%">
      {runs.map(({ x, y, text, size, bold, italic, mono }, at) => (
        <text
          key={at}
          x={x}
          y={y}
          className={mono ? "spandrel-mono" : undefined}
          style={{ fontSize: size, fontWeight: bold ? 600 : 400, fontStyle: italic ? "italic" : "normal" }}
        >
          {text}
        </text>
      ))}
    </svg>
  );
}

/** Where a block of text stands, and in what size. */
function textBlock(data: DiagramNodeData): CSSProperties {
  return { ...ink(data.style), ...(data.labelBox ? place(data.labelBox) : undefined) };
}

/** Text without a box: plain, Markdown or code. */
export const TextNode = memo(function TextNode(props: Props) {
  const { id, data } = props;
  const block = data.runs !== undefined || data.code !== undefined;
  return (
    <div className={classes(props, data.code === undefined ? "text" : "code")} style={surface(data.style)} title={data.tooltip}>
      {data.code !== undefined && (
        <pre className="spandrel-pre" style={textBlock(data)}>
          {data.code}
        </pre>
      )}
      {data.runs && <Runs runs={data.runs} />}
      {!block && <Label id={id} data={data} className="spandrel-label" />}
      <NodeHandles id={id} isConnectable={props.isConnectable} />
    </div>
  );
});

/** The strokes of a shape that has an icon for a body. */
export const ImageNode = memo(function ImageNode(props: Props) {
  const { id, data, width = 0, height = 0 } = props;
  const size = Math.min(width, height);
  return (
    <div className={classes(props, "image")} style={surface(data.style)} title={data.tooltip}>
      <NodeIcon data={data} box={data.iconBox ?? { x: 0, y: 0, width: size, height: size }} />
      <Label id={id} data={data} className="spandrel-caption" />
      <NodeHandles id={id} isConnectable={props.isConnectable} />
    </div>
  );
});

/** For `<ReactFlow nodeTypes>`: every type that the engine names. */
export const nodeTypes: NodeTypes = {
  ...Object.fromEntries(
    [
      "rectangle", "square", "page", "parallelogram", "document", "cylinder", "queue", "package", "step", "callout",
      "stored_data", "person", "c4-person", "diamond", "oval", "circle", "hexagon", "cloud", "note", "span", "hierarchy",
    ].map((shape) => [shape, ShapeNode]),
  ),
  default: ShapeNode,
  container: ContainerNode,
  sequence_diagram: ContainerNode,
  sql_table: TableNode,
  class: TableNode,
  text: TextNode,
  code: TextNode,
  image: ImageNode,
};

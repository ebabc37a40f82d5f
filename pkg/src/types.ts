/** A place in a source. Lines and columns count from 1; columns and offsets are UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** From `start` up to, not including, `end`; UTF-16 offsets. */
export interface OffsetRange {
  start: number;
  end: number;
}

/** Replaces `from..to` of the source as it was before any edit of the same list: a CodeMirror change. */
export interface TextEdit {
  from: number;
  to: number;
  insert: string;
}

export type Severity = "error" | "warning" | "hint";

export interface Fix {
  /** What a button would say. */
  title: string;
  edits: TextEdit[];
}

export interface Diagnostic {
  /** Stable: `S…` syntax, `C…` compile, `L…` lint, `U…` unsafe, `G…` layout. */
  code: string;
  severity: Severity;
  message: string;
  help?: string;
  expected?: string;
  found?: string;
  range: Range;
  /** The imported file it is in; absent for the main source. */
  path?: string;
  fixes?: Fix[];
}

export interface Limits {
  bytes?: number;
  objects?: number;
  depth?: number;
  time_ms?: number;
}

export interface CompileOptions {
  /** Sources that the main one may import, by path. */
  files?: Record<string, string>;
  limits?: Limits;
}

export interface ValidateOptions extends CompileOptions {
  /** Style findings count as errors. */
  strict?: boolean;
  /** Codes of rules to leave out. */
  off?: string[];
}

/** The canonical graph of a board; see the format's own description. */
export interface CanonicalBoard {
  name: string;
  kind: "root" | "layer" | "scenario" | "step";
  root: { label: string; shape: string; attrs: Record<string, unknown> };
  objects: CanonicalObject[];
  edges: CanonicalEdge[];
  layers: CanonicalBoard[];
  scenarios: CanonicalBoard[];
  steps: CanonicalBoard[];
  [extra: string]: unknown;
}

export interface CanonicalObject {
  id: string;
  parent: string | null;
  label: string;
  shape: string;
  attrs: Record<string, string | string[]>;
  [extra: string]: unknown;
}

export interface CanonicalEdge {
  src: string;
  dst: string;
  src_arrow: boolean;
  dst_arrow: boolean;
  index: number;
  label: string;
  attrs: Record<string, string | string[]>;
  [extra: string]: unknown;
}

export interface Compiled {
  graph: CanonicalBoard;
  diagnostics: Diagnostic[];
}

/** A change asked for on the canvas. `board` is the path of the board, the root where absent. */
export type EditOp = { board?: string } & (
  | { op: "create"; key: string; label?: string }
  | { op: "set"; key: string; value?: string; tag?: string }
  | { op: "rename"; key: string; new_name: string }
  | { op: "move"; key: string; new_key: string; include_descendants?: boolean }
  | { op: "delete"; key: string; with_children?: boolean }
  | { op: "reconnect"; key: string; new_src?: string; new_dst?: string }
  | { op: "update_import"; path: string; new_path?: string }
  | { op: "pin"; key: string; left: number; top: number }
  | { op: "unpin"; key: string }
);

export interface Edited {
  source: string;
  edits: TextEdit[];
  /** Leads back, in offsets of `source`. */
  inverse: TextEdit[];
  /** The key of what was made or renamed, where there is one. */
  key?: string;
  diagnostics: Diagnostic[];
}

export interface Diff {
  added: DiffItem[];
  removed: DiffItem[];
  changed: DiffItem[];
  moved: DiffItem[];
  ops: unknown[];
}

export type DiffItem = string | { id: string; [extra: string]: unknown };

/** Where things stood, by id: small, to be kept with a version. Opaque to callers. */
export type StoredDrawing = unknown;

export interface Point {
  x: number;
  y: number;
}

export interface DiagramOptions extends CompileOptions {
  /** Path of the board to draw, the root where absent. */
  board?: string;
  /** A drawing to stay close to. */
  previous?: StoredDrawing | null;
}

/** A source opened for editing takes the same options. */
export type DocumentOptions = DiagramOptions;

export interface NodeStyle {
  fill?: string;
  stroke?: string;
  strokeWidth?: number;
  strokeDash?: number;
  borderRadius?: number;
  opacity?: number;
  fontColor?: string;
  fontSize?: number;
  font?: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  shadow?: boolean;
  multiple?: boolean;
  "3d"?: boolean;
  doubleBorder?: boolean;
  fillPattern?: string;
  textTransform?: string;
  animated?: boolean;
  filled?: boolean;
}

/** A place inside a node, from its top-left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TableRow {
  /** Cells from left to right: name, type, constraints of a column; sign, name, type of a member. */
  cells: string[];
  /** Where each begins, from the node's left edge. */
  x: number[];
}

/** A piece of text in one font, on its baseline, from the node's corner. */
export interface TextRun extends Point {
  text: string;
  /** Pixels an em. */
  size: number;
  bold: boolean;
  italic: boolean;
  mono: boolean;
}

/** A stroke from the node's corner. */
export interface Lifeline {
  from: Point;
  to: Point;
}

/** A label at one end of an edge, absolute. */
export interface EndLabel {
  lines: string[];
  box: Box;
}

export interface DiagramNodeData extends Record<string, unknown> {
  label: string;
  nodeType: string;
  /** The D2 shape, also where the node's `type` is `container`. */
  shape?: string;
  iconifyId?: string;
  validated: boolean;
  source: string;
  style?: NodeStyle;
  tooltip?: string;
  link?: string;
  pinned?: boolean;
  /** The silhouette as SVG path data from the node's top-left corner; absent: the rectangle. */
  outline?: string;
  /** Strokes inside the silhouette. */
  details?: string;
  /** Where the label stands. */
  labelBox?: Box;
  /** The label as the engine broke it into lines. */
  lines?: string[];
  /** Whether lines stand at the left rather than in the middle. */
  flushLeft?: boolean;
  /** Where the icon stands. */
  iconBox?: Box;
  /** The icon as the source names it, where that is an address. */
  iconUrl?: string;
  rows?: TableRow[];
  headerHeight?: number;
  rowHeight?: number;
  markdown?: string;
  /** Markdown as it was measured, piece by piece. */
  runs?: TextRun[];
  code?: string;
  language?: string;
  /** How many containers it lies in. */
  depth?: number;
  /** Strokes outside the node that belong to it: the lifeline of an actor. */
  lifelines?: Lifeline[];
}

/** A node ready for React Flow 12. */
export interface DiagramNode {
  id: string;
  type: string;
  position: Point;
  parentId?: string;
  width: number;
  height: number;
  measured?: { width?: number; height?: number };
  handles?: {
    id?: string | null;
    type: "source" | "target";
    position: string;
    x: number;
    y: number;
    width?: number;
    height?: number;
  }[];
  sourcePosition?: string;
  targetPosition?: string;
  zIndex?: number;
  draggable?: boolean;
  ariaLabel?: string;
  data: DiagramNodeData;
}

export interface EdgeSection {
  start: Point;
  bends: Point[];
  end: Point;
}

export interface DiagramEdgeData extends Record<string, unknown> {
  sections: EdgeSection[];
  /** Whether the points are cubic Bézier control points. */
  spline?: boolean;
  /** Whether the ends are not at handles (sequence diagrams). */
  free?: boolean;
  /** The middle of the label. */
  labelPosition?: Point | null;
  labelSize?: { width: number; height: number };
  /** The label as the engine broke it into lines. */
  lines?: string[];
  arrowheads?: { source?: string | null; target?: string | null };
  sourceLabel?: EndLabel;
  targetLabel?: EndLabel;
  tooltip?: string;
  link?: string;
  style?: NodeStyle;
}

/** An edge ready for React Flow 12. */
export interface DiagramEdge {
  id: string;
  source: string;
  target: string;
  sourceHandle?: string | null;
  targetHandle?: string | null;
  type: string;
  label?: string;
  markerStart?: unknown;
  markerEnd?: unknown;
  ariaLabel?: string;
  zIndex?: number;
  data: DiagramEdgeData;
}

export interface BoardInfo {
  /** `""` for the root, else `layers.x.steps.1`. */
  path: string;
  name: string;
  kind: "root" | "layer" | "scenario" | "step";
  [extra: string]: unknown;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Diagram {
  nodes: DiagramNode[];
  edges: DiagramEdge[];
  bounds: Rect;
  /** The board that was drawn, by path. */
  board: string;
  /** All boards of the source. */
  boards: BoardInfo[];
  diagnostics: Diagnostic[];
  /** Whether the source has errors and this is the last good drawing. */
  stale: boolean;
}

/** What came, what became different, what went. */
export interface Changes<T> {
  added: T[];
  changed: T[];
  removed: string[];
  /** All ids in their new order, where that changed. */
  order?: string[];
}

/** What changed on a canvas since it was last told. */
export interface Patch extends Omit<Diagram, "nodes" | "edges" | "bounds"> {
  nodes: Changes<DiagramNode>;
  edges: Changes<DiagramEdge>;
  bounds?: Rect;
}

export interface RenderOptions extends DiagramOptions {
  format: "svg" | "json";
  /** Draw for a dark background. */
  dark?: boolean;
  /** For screen readers. */
  title?: string;
  /** Fonts and icons to embed. */
  assets?: Assets;
}

/** What `render` puts into the file; none of it lives in the engine. */
export interface Assets {
  /** Inner SVG of icons on a 24 by 24 grid, by name (`mdi:database`). */
  icons?: Record<string, string>;
  fonts?: FontAsset[];
}

export interface FontAsset {
  /** `Inter` or `JetBrains Mono`. */
  family: string;
  /** 400 or 600. */
  weight: number;
  italic: boolean;
  /** `font/woff2`, `font/ttf`. */
  mime: string;
  base64: string;
}

export interface Repaired {
  source: string;
  ok: boolean;
  changes: string[];
  diagnostics: Diagnostic[];
}

export type Intent = "DSL_CREATE" | "DSL_UPDATE" | "VIEW_TOGGLE" | "EXPERT_QA" | "CLARIFY" | "OUT_OF_SCOPE";

export interface Classified {
  intent: Intent;
  confidence: number;
  source: "pattern" | "vector" | "none";
}

export interface Generated {
  source: string;
  message: string;
  assumptions: string[];
}

/** An answer in words to a question. */
export interface Answered {
  /** Paragraphs apart by an empty line. */
  message: string;
  /** Whether anything was found; otherwise the message says that it was not. */
  known: boolean;
  /** Where to read on. */
  sources: string[];
}

export interface AssistContext {
  /** The diagram that stands on the canvas. */
  source?: string;
  has_diagram?: boolean;
  /** The intent of the request before. */
  last_intent?: Intent;
}

export interface Token extends OffsetRange {
  kind:
    | "key" | "keyword" | "text" | "quoted" | "block" | "comment" | "arrow" | "number" | "constant"
    | "substitution" | "import" | "index" | "punctuation" | "error";
}

/** One thing that may stand at the caret. */
export interface Completion {
  label: string;
  kind: "keyword" | "value" | "object" | "class";
  detail: string;
  replace: OffsetRange;
}

/** What a person sees when they point at something. */
export interface Hover {
  markdown: string;
  range: OffsetRange;
}

export interface RelayoutOptions {
  /** Forget where things stood; pins stay. */
  fresh?: boolean;
  /** Keep the boxes, route the edges again. */
  routeOnly?: boolean;
}

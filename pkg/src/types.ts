// The package's public types: those of the engine's wire structs, generated from Rust, and the names that callers know
// them by. Offsets and columns are UTF-16 code units; lines and columns count from 1.
import type * as wire from "./generated/wire.js";
import type { Box, Change, Classified, Diagnostic, Moved, Op, Options, Relayout } from "./generated/wire.js";

export type * from "./canonical.js";
export type * from "./generated/wire.js";

export type Severity = Diagnostic["severity"];
export type Intent = Classified["intent"];
/** A change asked for on the canvas. */
export type EditOp = Op & { board?: string };
/** Where things stood, by id: small, to be kept with a version. Opaque to callers. */
export type StoredDrawing = unknown;
export type RelayoutOptions = Relayout;
export type Rect = Box;
export type DiffItem = Change;
export type DiffMove = Moved;

/** `files`: sources that the main one may import, by path. */
export type CompileOptions = Pick<Options, "files" | "limits">;
export type ValidateOptions = Pick<Options, "files" | "limits" | "strict" | "off" | "style">;
export type DiagramOptions = Pick<Options, "files" | "limits" | "board"> & {
  /** A drawing to stay close to. */
  previous?: StoredDrawing | null;
};
/** A source opened for editing takes the same options. */
export type DocumentOptions = DiagramOptions;
export type RenderOptions = DiagramOptions & Pick<Options, "dark" | "title" | "assets"> & { format: "svg" | "json" };

/** What the engine says of a node. Only what every node has is certain to be there, and an app may add its own. */
export type DiagramNodeData = Pick<wire.DiagramNodeData, "label" | "nodeType" | "validated" | "source"> & Partial<wire.DiagramNodeData> & Record<string, unknown>;
export type DiagramNode = Pick<wire.DiagramNode, "id" | "type" | "position" | "width" | "height"> & Partial<Omit<wire.DiagramNode, "data">> & { data: DiagramNodeData };
/** What the engine says of an edge. */
export type DiagramEdgeData = Pick<wire.DiagramEdgeData, "sections"> & Partial<wire.DiagramEdgeData> & Record<string, unknown>;
export type DiagramEdge = Pick<wire.DiagramEdge, "id" | "source" | "target" | "type"> & Partial<Omit<wire.DiagramEdge, "data">> & { data: DiagramEdgeData };
export type Diagram = Omit<wire.Diagram, "nodes" | "edges"> & { nodes: DiagramNode[]; edges: DiagramEdge[] };

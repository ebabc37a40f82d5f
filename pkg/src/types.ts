// The package's public types: those of the engine's wire structs, generated from Rust, and the names that callers know
// them by. Offsets and columns are UTF-16 code units; lines and columns count from 1.
import type { Box, Change, Classified, Diagnostic, Drawing, Moved, Op, Options, Relayout } from "./generated/wire.js";

export type * from "./canonical.js";
export type * from "./generated/wire.js";

export type Severity = Diagnostic["severity"];
export type Intent = Classified["intent"];
/** A change asked for on the canvas. */
export type EditOp = Op;
/** Where things stood, by id: small, to be kept with a version. Opaque to callers; `null`: nothing was drawn yet. */
export type StoredDrawing = Drawing | null;
export type RelayoutOptions = Relayout;
export type Rect = Box;
export type DiffItem = Change;
export type DiffMove = Moved;

/** `files`: sources that the main one may import, by path. */
export type CompileOptions = Pick<Options, "files" | "limits">;
export type ValidateOptions = Pick<Options, "files" | "limits" | "strict" | "off">;
export type DiagramOptions = Pick<Options, "files" | "limits" | "board"> & {
  /** A drawing to stay close to. */
  previous?: StoredDrawing | null;
};
/** A source opened for editing takes the same options. */
export type DocumentOptions = DiagramOptions;
export type RenderOptions = DiagramOptions & Pick<Options, "dark" | "title" | "assets"> & { format: "svg" | "json" };

import type { CanonicalBoard, Edited, EditOp } from "spandrel";

/** Makes one edit on the text as the edits before it left it; throws `Refused` with the reason. */
export type Edit = (op: EditOp) => Promise<Edited>;

/**
 * What a hand does on the canvas, as edits of the text: one step of the history, whole or not at all. May run more
 * than once, when the text changes meanwhile. `graph` says what the text means at that moment.
 */
export type Gesture = (edit: Edit, graph: () => Promise<CanonicalBoard>) => Promise<void>;

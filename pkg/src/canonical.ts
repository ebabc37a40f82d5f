// The canonical graph: the one form that the engine writes as text itself, so that no Rust struct has its shape.

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

/** What `canonical` gives: what the source means, or why D2 refuses it, in the order in which D2 finds it. */
export type Canonical =
  | { canonical: CanonicalBoard }
  | { errors: { line: number; column: number; message: string; file?: string }[] };

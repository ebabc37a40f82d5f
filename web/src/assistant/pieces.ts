// A change of a diagram in pieces that can be taken or left: one piece for each object or connection that the
// engine's operations touch, and what each brings with it. Pure.
import type { Diff, EditOp } from "spandrel";

export type PieceKind = "added" | "removed" | "changed" | "moved";

export interface Piece {
  /** The key of the object or connection; `""` for the diagram itself. */
  key: string;
  kind: PieceKind;
  isEdge: boolean;
  /** What changed of it, for `changed`. */
  attributes: string[];
  /** Where it was, for `moved`. */
  from?: string;
  /** Its operations, as indices into those of the difference. */
  ops: number[];
  /** Keys of the pieces without which it makes no sense. */
  needs: string[];
}

const ARROWS = [" <-> ", " -> ", " <- ", " -- "];

/** The two ends of a connection's key, `undefined` for an object's. */
export function endsOf(key: string): [string, string] | undefined {
  const inner = /^\((.*)\)\[\d+\]$/.exec(key)?.[1];
  if (inner === undefined) return undefined;
  for (const arrow of ARROWS) {
    const at = inner.indexOf(arrow);
    if (at >= 0) return [inner.slice(0, at), inner.slice(at + arrow.length)];
  }
  return undefined;
}

export function piecesOf(diff: Diff): Piece[] {
  const ops = diff.ops as EditOp[];
  const pieces = new Map<string, Piece>();
  const add = (key: string, kind: PieceKind, attributes: string[] = [], from?: string): void => {
    if (pieces.has(key)) return;
    const isEdge = endsOf(key) !== undefined;
    pieces.set(key, { key, kind, isEdge, attributes, ops: [], needs: [], ...(from === undefined ? {} : { from }) });
  };
  for (const { from, to } of diff.moved) add(to, "moved", [], from);
  const main = (list: Diff["added"]): Diff["added"] => list.filter(({ board }) => board === "");
  for (const { key } of main(diff.added)) add(key, "added");
  for (const { key } of main(diff.removed)) add(key, "removed");
  for (const { key, attributes } of main(diff.changed)) add(key, "changed", attributes);

  const made = new Set<string>();
  ops.forEach((op, at) => pieces.get(thingOf(op, pieces, made))?.ops.push(at));
  // What no operation touches goes along with something else: with its container, or with an end that has moved.
  const own = new Map([...pieces].filter(([, piece]) => piece.ops.length > 0));
  for (const piece of own.values()) piece.needs = needsOf(piece, own);
  return [...own.values()];
}

/** The key of the thing that an operation changes. */
function thingOf(op: EditOp, pieces: ReadonlyMap<string, Piece>, made: Set<string>): string {
  // The pieces are those of the main board; another board comes along with the diagram.
  if ("board" in op && op.board) return "";
  if (op.op === "move") return op.new_key;
  if (!("key" in op)) return "";
  if (op.op === "create" && ARROWS.some((arrow) => op.key.includes(arrow))) {
    for (let index = 0; ; index++) {
      const key = `(${op.key})[${index}]`;
      if (made.has(key)) continue;
      if (pieces.get(key)?.kind !== "added" && index < pieces.size) continue;
      made.add(key);
      return key;
    }
  }
  // An attribute's key begins with the key of what has it.
  for (let key = op.key; key !== ""; ) {
    if (pieces.has(key)) return key;
    const dot = key.lastIndexOf(".");
    key = dot < 0 ? "" : key.slice(0, dot);
  }
  return "";
}

function needsOf(piece: Piece, pieces: ReadonlyMap<string, Piece>): string[] {
  const comes = (key: string): boolean => {
    const kind = pieces.get(key)?.kind;
    return kind === "added" || kind === "moved";
  };
  const needs = new Set<string>();
  const ends = endsOf(piece.key);
  if (piece.kind === "removed") {
    if (ends) return [];
    // An object does not go while something that is inside it or leads to it stays.
    for (const other of pieces.values()) {
      if (other.kind !== "removed" || other.key === piece.key) continue;
      const its = endsOf(other.key) ?? [other.key];
      if (its.some((key) => key === piece.key || key.startsWith(`${piece.key}.`))) needs.add(other.key);
    }
    return [...needs];
  }
  for (const key of ends ?? [parentOf(piece.key)]) {
    for (let at = key; at !== ""; at = parentOf(at)) if (at !== piece.key && comes(at)) needs.add(at);
  }
  return [...needs];
}

const parentOf = (key: string): string => (key.includes(".") ? key.slice(0, key.lastIndexOf(".")) : "");

/** Takes a piece, with all that it needs, or leaves it, with all that needs it. */
export function toggled(pieces: readonly Piece[], refused: ReadonlySet<string>, key: string, take: boolean): Set<string> {
  const next = new Set(refused);
  const byKey = new Map(pieces.map((piece) => [piece.key, piece]));
  const waiting = [key];
  const seen = new Set<string>();
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (take) {
      next.delete(at);
      waiting.push(...(byKey.get(at)?.needs ?? []));
    } else {
      next.add(at);
      for (const other of pieces) if (other.needs.includes(at)) waiting.push(other.key);
    }
  }
  return next;
}

/** The operations of what is taken, in their order. */
export function chosenOps(diff: Diff, pieces: readonly Piece[], refused: ReadonlySet<string>): EditOp[] {
  const left = new Set(pieces.filter((piece) => refused.has(piece.key)).flatMap((piece) => piece.ops));
  return (diff.ops as EditOp[]).filter((_, at) => !left.has(at));
}

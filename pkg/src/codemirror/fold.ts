// Folding of what the engine says spans several lines.
import { codeFolding, foldGutter, foldService } from "@codemirror/language";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { OffsetRange } from "../types.js";
import { quietly, type ServiceProvider } from "./service.js";

const setFolds = StateEffect.define<readonly OffsetRange[]>();

/** What can be folded, moved along with changes until the engine has looked at the new text. */
const foldField = StateField.define<readonly OffsetRange[]>({
  create: () => [],
  update(folds, transaction) {
    for (const effect of transaction.effects) if (effect.is(setFolds)) return effect.value;
    if (!transaction.docChanged) return folds;
    return folds.map(({ start, end }) => ({ start: transaction.changes.mapPos(start, 1), end: transaction.changes.mapPos(end, -1) }));
  },
});

/** Milliseconds of rest after which the engine is asked again. */
const REST = 150;

/** A gutter with marks, and ranges for the editor's fold commands. */
export function folding(provide: ServiceProvider): Extension {
  return [foldField, codeFolding(), foldGutter({ foldingChanged }), foldService.of(foldAt), asker(provide)];
}

/** The gutter looks again when the engine has answered. */
const foldingChanged = (update: ViewUpdate): boolean =>
  update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(setFolds)));

/** The fold that begins on a line: from the line's end to the closing bracket. */
function foldAt(state: EditorState, lineStart: number, lineEnd: number): { from: number; to: number } | null {
  for (const { start, end } of state.field(foldField)) {
    if (start < lineStart || start > lineEnd || end <= lineEnd || end > state.doc.length) continue;
    const to = /[}\]|]/.test(state.sliceDoc(end - 1, end)) ? end - 1 : end;
    if (to > lineEnd) return { from: lineEnd, to };
  }
  return null;
}

function asker(provide: ServiceProvider): Extension {
  return ViewPlugin.fromClass(
    class {
      #timer: ReturnType<typeof setTimeout> | undefined;

      constructor(view: EditorView) {
        this.#soon(view);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged) this.#soon(update.view);
      }

      #soon(view: EditorView): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#ask(view), REST);
      }

      async #ask(view: EditorView): Promise<void> {
        const state = view.state;
        const service = await provide(state);
        const folds = await quietly(service?.folding?.());
        if (folds && view.state.doc === state.doc) view.dispatch({ effects: setFolds.of(folds) });
      }

      destroy(): void {
        clearTimeout(this.#timer);
      }
    },
  );
}

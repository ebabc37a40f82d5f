// CodeMirror 6 over the engine: highlighting from the engine's own lexer, completion, hover, diagnostics with
// fixes. There is no second grammar in JavaScript. Answers that come after a newer text are dropped.
import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { type Diagnostic as LintDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension, RangeSetBuilder, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, hoverTooltip, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Diagnostic, OffsetRange, TextEdit, Token } from "../types.js";
import { folding } from "./fold.js";
import { quietly, type ServiceProvider } from "./service.js";

export { goToDefinition, navigation, type NavigationOptions, renameSymbol } from "./navigate.js";
export type { LanguageService, ServiceProvider } from "./service.js";

/** D2 in an editor: `tok-…` classes for colours, comments with #, folding, completion and hover. */
export function d2(provide: ServiceProvider): Extension {
  return [
    EditorState.languageData.of(() => [
      { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "'"] } },
    ]),
    tokenField,
    highlighter(provide),
    folding(provide),
    autocompletion({ override: [completer(provide)], icons: false }),
    hoverTooltip(async (view, pos) => {
      const service = await provide(view.state);
      const hover = await quietly(service?.hover?.(pos));
      if (!hover?.markdown) return null;
      return {
        pos: hover.range.start,
        end: hover.range.end,
        create: () => {
          const dom = document.createElement("div");
          dom.className = "cm-spandrel-hover";
          dom.textContent = hover.markdown;
          return { dom };
        },
      };
    }),
  ];
}

/** Shows the engine's diagnostics, each with its fixes as actions. */
export function showDiagnostics(state: EditorState, diagnostics: readonly Diagnostic[]): Transaction {
  const length = state.doc.length;
  const clamp = (offset: number): number => Math.max(0, Math.min(offset, length));
  const found: LintDiagnostic[] = diagnostics
    .filter((diagnostic) => diagnostic.path === undefined)
    .map((diagnostic) => {
      const from = clamp(diagnostic.range.start.offset);
      const to = Math.max(from, clamp(diagnostic.range.end.offset));
      return {
        from,
        to,
        severity: diagnostic.severity === "hint" ? "hint" : diagnostic.severity,
        source: diagnostic.code,
        message: diagnostic.help ? `${diagnostic.message}\n${diagnostic.help}` : diagnostic.message,
        actions: (diagnostic.fixes ?? []).map((fix) => ({
          name: fix.title,
          apply: (view: EditorView) => applyFix(view, fix.edits),
        })),
      };
    });
  return state.update(setDiagnostics(state, found));
}

/** One step of the history. */
export function applyFix(view: EditorView, edits: readonly TextEdit[]): void {
  const fits = edits.every((edit) => edit.to <= view.state.doc.length);
  if (fits) view.dispatch({ changes: [...edits], userEvent: "input.fix" });
}

/** The gutter with the marks of `showDiagnostics`. */
export const diagnosticGutter = (): Extension => lintGutter();

const setTokens = StateEffect.define<{ tokens: readonly Token[]; range: OffsetRange }>();

const tokenField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setTokens)) continue;
      next = decorate(effect.value.tokens, transaction.state.doc.length);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const marks = new Map<string, Decoration>();

function markOf(kind: string): Decoration {
  let mark = marks.get(kind);
  if (!mark) {
    mark = Decoration.mark({ class: `tok-${kind}` });
    marks.set(kind, mark);
  }
  return mark;
}

function decorate(tokens: readonly Token[], length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = 0;
  for (const token of tokens) {
    if (token.start < last || token.end > length || token.end <= token.start) continue;
    builder.add(token.start, token.end, markOf(token.kind));
    last = token.end;
  }
  return builder.finish();
}

/**
 * How long after a change the colours are asked for anew, in milliseconds: the marks have moved along with the text, and
 * a drawing that the same key asked for comes first.
 */
const AFTER_KEY = 50;

function highlighter(provide: ServiceProvider): Extension {
  return ViewPlugin.fromClass(
    class {
      asked = 0;

      constructor(view: EditorView) {
        this.ask(view, 0);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged) this.ask(update.view, AFTER_KEY);
        else if (update.viewportChanged) this.ask(update.view, 0);
      }

      ask(view: EditorView, delay: number): void {
        const turn = ++this.asked;
        const state = view.state;
        const range = { start: view.viewport.from, end: view.viewport.to };
        void (async () => {
          // Let a burst of changes pass: only the last of them is worth an answer.
          await new Promise((resolve) => setTimeout(resolve, delay));
          if (turn !== this.asked) return;
          const service = await provide(state);
          const tokens = await quietly(service?.tokens(range));
          if (!tokens || turn !== this.asked || view.state.doc !== state.doc) return;
          view.dispatch({ effects: setTokens.of({ tokens, range }) });
        })();
      }

      destroy(): void {
        this.asked++;
      }
    },
  );
}

/**
 * Nothing to offer. An answer that any further key makes invalid, so that the question is asked again where keys came while
 * it was on its way; after a `null` the editor would not ask again before the next key.
 */
const nothing = (from: number): CompletionResult => ({ from, options: [], validFor: () => false });

function completer(provide: ServiceProvider) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w$.@*-]+/);
    const trigger = context.explicit || word !== null || /([.:$]|\$\{)\s?$/.test(context.state.sliceDoc(Math.max(0, context.pos - 2), context.pos));
    if (!trigger) return null;
    const service = await provide(context.state);
    const found = await quietly(service?.complete?.(context.pos));
    if (context.aborted) return null;
    if (!found || found.length === 0) return nothing(context.pos);
    const from = found[0]?.replace.start ?? word?.from ?? context.pos;
    return {
      from,
      options: found.map((item) => ({
        label: item.label,
        type: item.kind,
        ...(item.detail === "" ? {} : { detail: item.detail }),
      })),
      // Names of icons and paths of variables hold more than letters.
      validFor: /^(icon|variable)$/.test(found[0]?.detail ?? "") ? /^[\w:.-]*$/ : /^[\w-]*$/,
    };
  };
}

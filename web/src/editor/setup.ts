// The editor of the studio: CodeMirror as the home of the text and of its one history.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
  redo,
  undo,
} from "@codemirror/commands";
import { bracketMatching, foldKeymap, indentUnit } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, ChangeSet, Compartment, EditorState, type Extension, StateEffect, StateField, Transaction } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { TextEdit } from "spandrel";
import { difference } from "spandrel/worker";
import { d2, diagnosticGutter, navigation, type NavigationOptions, type ServiceProvider } from "spandrel/codemirror";
import type { TextHost } from "../engine/host";
import { theme } from "./theme";

/** Set on what came from the canvas or the assistant, not from the keyboard. */
export const fromCanvas = Annotation.define<boolean>();

/** A gesture is a step of its own, however fast the next key comes. */
const ownStep = [fromCanvas.of(true), isolateHistory.of("full")];

export interface EditorOptions {
  text: string;
  label: string;
  /** The shadow root: styles go to its adopted sheets, which a strict content policy allows. */
  root: ShadowRoot;
  parent: HTMLElement;
  service: ServiceProvider;
  naming: NavigationOptions;
  onChange(text: string): void;
  /** The person selected in the text: a place, or a range. */
  onSelect(from: number, to: number): void;
  onSave(): void;
  onFormat(): void;
}

const editable = new Compartment();

const setMarked = StateEffect.define<readonly { from: number; to: number }[]>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarked)) continue;
      const length = transaction.state.doc.length;
      const mark = Decoration.mark({ class: "cm-spandrel-selected" });
      next = Decoration.set(
        effect.value.filter((r) => r.from < r.to && r.to <= length).map((r) => mark.range(r.from, r.to)),
        true,
      );
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function createEditor(options: EditorOptions): EditorView {
  const extensions: Extension[] = [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    marked,
    diagnosticGutter(),
    d2(options.service),
    navigation(options.service, options.naming),
    editable.of([]),
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => (options.onSave(), true) },
      { key: "Shift-Alt-f", preventDefault: true, run: () => (options.onFormat(), true) },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
      const byHand = update.transactions.some((t) => t.isUserEvent("select"));
      const { from, to } = update.state.selection.main;
      if (update.selectionSet && byHand) options.onSelect(from, to);
    }),
    theme,
  ];
  return new EditorView({
    state: EditorState.create({ doc: options.text, extensions }),
    parent: options.parent,
    root: options.root,
  });
}

/** A read-only editor for looking at another text. */
export function setReadOnly(view: EditorView, readOnly: boolean): void {
  view.dispatch({ effects: editable.reconfigure(readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : []) });
}

/** Marks where the canvas's selection is declared. */
export function markRanges(view: EditorView, ranges: readonly { from: number; to: number }[]): void {
  view.dispatch({ effects: setMarked.of([...ranges].sort((a, b) => a.from - b.from)) });
}

/** The editor as the home of the text. */
export function hostOf(view: EditorView): TextHost {
  return {
    text: () => view.state.doc.toString(),

    apply(steps: TextEdit[][]) {
      let length = view.state.doc.length;
      let whole: ChangeSet = ChangeSet.empty(length);
      for (const edits of steps) {
        const step = ChangeSet.of([...edits], length);
        whole = whole.compose(step);
        length = step.newLength;
      }
      if (whole.empty) return;
      view.dispatch({
        changes: whole,
        annotations: ownStep,
        userEvent: "input.canvas",
      });
    },

    setText(text: string) {
      const change = difference(view.state.doc.toString(), text);
      if (change) view.dispatch({ changes: change, annotations: ownStep, userEvent: "input.canvas" });
    },

    follow(text: string) {
      const change = difference(view.state.doc.toString(), text);
      if (change) view.dispatch({ changes: change, annotations: [fromCanvas.of(true), Transaction.addToHistory.of(false)] });
    },

    undo: () => undo(view),
    redo: () => redo(view),

    reveal(from: number, to: number) {
      const length = view.state.doc.length;
      const [start, end] = [Math.min(from, length), Math.min(to, length)];
      view.dispatch({ selection: { anchor: start, head: end }, effects: EditorView.scrollIntoView(start, { y: "center" }) });
      view.focus();
    },
  };
}

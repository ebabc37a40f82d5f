// Go to definition and rename, both answered by the engine.
import { type Extension, Prec } from "@codemirror/state";
import { type Command, EditorView, keymap, showDialog } from "@codemirror/view";
import { quietly, type ServiceProvider } from "./service.js";

export interface NavigationOptions {
  /** What the field for a new name is called. */
  renameLabel?: string;
  /** What its button says. */
  renameDone?: string;
  /** Told why a name cannot be given. */
  onRefused?(reason: string): void;
}

/** F12 and a click with Ctrl or ⌘ go to where a name came into being; F2 gives it another, everywhere. */
export function navigation(provide: ServiceProvider, options: NavigationOptions = {}): Extension {
  return [
    Prec.high(
      keymap.of([
        { key: "F12", run: goToDefinition(provide) },
        { key: "F2", run: renameSymbol(provide, options) },
      ]),
    ),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (offset === null) return false;
        event.preventDefault();
        void reveal(view, provide, offset);
        return true;
      },
    }),
  ];
}

export const goToDefinition =
  (provide: ServiceProvider): Command =>
  (view) => {
    void reveal(view, provide, view.state.selection.main.head);
    return true;
  };

async function reveal(view: EditorView, provide: ServiceProvider, offset: number): Promise<void> {
  const { doc } = view.state;
  const service = await provide(view.state);
  const found = await quietly(service?.definition?.(offset));
  if (!found || view.state.doc !== doc) return;
  const { start, end } = found;
  view.dispatch({
    selection: { anchor: start.offset, head: end.offset },
    effects: EditorView.scrollIntoView(start.offset, { y: "center" }),
    userEvent: "select.definition",
  });
  view.focus();
}

/** Asks for a name in a panel; the change is one step of the history. */
export const renameSymbol =
  (provide: ServiceProvider, { renameLabel = "New name", renameDone = "Rename", onRefused }: NavigationOptions = {}): Command =>
  (view) => {
    const offset = view.state.selection.main.head;
    const word = view.state.wordAt(offset);
    const value = word ? view.state.sliceDoc(word.from, word.to) : "";
    const { close, result } = showDialog(view, { label: renameLabel, input: { name: "name", value }, submitLabel: renameDone, focus: true });
    void result.then(async (form) => {
      const name = form && (form.elements.namedItem("name") as HTMLInputElement).value.trim();
      view.dispatch({ effects: close });
      view.focus();
      if (!name || name === value) return;
      const { doc } = view.state;
      const service = await provide(view.state);
      const edited = await quietly(service?.rename?.(offset, name));
      if (!edited || view.state.doc !== doc) return;
      const refused = edited.diagnostics.find((d) => d.severity === "error");
      if (refused) onRefused?.(refused.message);
      else view.dispatch({ changes: [...edited.edits], userEvent: "input.rename" });
    });
    return true;
  };

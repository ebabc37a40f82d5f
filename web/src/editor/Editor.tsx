import { type EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Diagnostic } from "spandrel";
import { showDiagnostics } from "spandrel/codemirror";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { createEditor, hostOf, markRanges } from "./setup";

/** The D2 text. It lives in a shadow root, where the editor's styles need no exception from the content policy. */
export function Editor() {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const label = t("editor.label");

  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const parent = document.createElement("div");
    parent.style.height = "100%";
    root.replaceChildren(parent);
    const view = createEditor({
      text: studio.text,
      label,
      root,
      parent,
      service: () => studio.session.document(),
      onChange: (text) => studio.textChanged(text),
      onCaret: (offset) => void selectAt(offset),
      onSave: () => void studio.save(),
      onFormat: () => void studio.format(),
    });
    studio.attach(hostOf(view));
    const show = (diagnostics: readonly Diagnostic[], text: string): void => {
      if (view.state.doc.toString() === text) view.dispatch(showDiagnostics(view.state, diagnostics));
    };
    studio.onDiagnostics = show;
    show(useStudio.getState().problems, studio.text);
    const stop = followSelection(view);
    return () => {
      stop();
      studio.onDiagnostics = undefined;
      view.destroy();
    };
  }, [label]);

  return <div ref={place} className="h-full min-h-0 flex-1 overflow-hidden" data-testid="editor" />;
}

/** The caret stands in a declaration: its object is selected on the canvas. */
async function selectAt(offset: number): Promise<void> {
  const id = await studio.session.idAt(offset);
  const { selected, diagram } = useStudio.getState();
  const known = diagram?.nodes.some((n) => n.id === id) || diagram?.edges.some((e) => e.id === id);
  if (id !== null && known && !(selected.length === 1 && selected[0] === id)) useStudio.setState({ selected: [id] });
}

/** What is selected on the canvas is marked in the text. */
function followSelection(view: EditorView): () => void {
  let turn = 0;
  return useStudio.subscribe((state, before) => {
    if (state.selected === before.selected) return;
    const mine = ++turn;
    void Promise.all(state.selected.slice(0, 20).map((id) => studio.session.rangeOf(id).catch(() => null))).then((found) => {
      if (mine !== turn) return;
      markRanges(view, found.filter((range) => range !== null));
    });
  });
}

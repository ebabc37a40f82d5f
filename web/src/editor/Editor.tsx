import { type EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Diagnostic } from "spandrel";
import { showDiagnostics } from "spandrel/codemirror";
import { studio } from "../app/studio";
import { diagnosticInWords, inWords } from "../i18n/engine";
import { notify, useStudio } from "../state/store";
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
      naming: {
        renameLabel: t("ide.rename"),
        renameDone: t("ide.renameDone"),
        onRefused: (reason) => notify("error", t("canvas.refused", { reason: inWords(reason) })),
      },
      onSelect: (from, to) => void selectIn(from, to),
      onSave: () => void studio.save(),
      onFormat: () => void studio.format(),
    });
    studio.attach(hostOf(view));
    let none = true;
    const show = (diagnostics: readonly Diagnostic[], text: string): void => {
      // Nothing found again is nothing to show.
      if ((none && diagnostics.length === 0) || view.state.doc.toString() !== text) return;
      none = diagnostics.length === 0;
      view.dispatch(showDiagnostics(view.state, diagnostics.map(diagnosticInWords)));
    };
    studio.onDiagnostics = show;
    show(useStudio.getState().problems, studio.text);
    const stop = followSelection(view);
    return () => {
      stop();
      studio.onDiagnostics = undefined;
      view.destroy();
    };
  }, [label, t]);

  return <div ref={place} className="h-full min-h-0 flex-1 overflow-hidden" data-testid="editor" />;
}

/** Answers of an older selection are of no use any more. */
let asked = 0;
/** Places of a range that are looked at; more would be a flood of questions. */
const PLACES = 40;

/** What the caret stands in, or what a selection in the text touches, is selected on the canvas. */
async function selectIn(from: number, to: number): Promise<void> {
  const mine = ++asked;
  const found = new Set<string>();
  for (const offset of from === to ? [from] : placesIn(studio.text, from, to)) {
    const id = await studio.session.idAt(offset);
    if (mine !== asked) return;
    if (id !== null) found.add(id);
  }
  const { selected, diagram } = useStudio.getState();
  const known = [...found].filter((id) => diagram?.nodes.some((n) => n.id === id) || diagram?.edges.some((e) => e.id === id));
  const same = known.length === selected.length && known.every((id) => selected.includes(id));
  if (known.length > 0 && !same) useStudio.setState({ selected: known });
}

/** The first letter of every line in a range. */
function placesIn(text: string, from: number, to: number): number[] {
  const places: number[] = [];
  for (const match of text.slice(from, to).matchAll(/^[ \t]*(?=[^\s}#])/gm)) {
    if (places.length < PLACES) places.push(from + match.index + match[0].length);
  }
  return places;
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

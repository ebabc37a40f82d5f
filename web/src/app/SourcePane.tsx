import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outline } from "../canvas/Outline";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { Tabs } from "../ui/Tabs";
import { sideName } from "./compareNames";
import { studio } from "./studio";
import { TextDiff } from "./TextDiff";

// The editor is a good third of the page's code: the first drawing goes before it.
const Editor = lazy(async () => {
  await drawn();
  return { default: (await import("../editor/Editor")).Editor };
});

/** Resolves once a first drawing is on the screen, or the engine has failed. */
const drawn = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): boolean => useStudio.getState().status !== "starting";
    const painted = (): void => void requestAnimationFrame(() => setTimeout(resolve));
    if (look()) return painted();
    const stop = useStudio.subscribe(() => {
      if (!look()) return;
      stop();
      painted();
    });
  });

/**
 * The diagram as text or as a list; beside the document what is proposed, in its place what is looked at or compared.
 * The editor stays mounted: the text and its history live in it.
 */
export function SourcePane() {
  const { t } = useTranslation();
  const left = useStudio((state) => state.left);
  const openedId = useStudio((state) => state.openedId);
  const viewing = useStudio((state) => state.viewing);
  const comparing = useStudio((state) => state.comparing);
  const proposal = useStudio((state) => state.proposal);
  const text = left === "source";
  const instead = viewing !== null || comparing !== null;
  const tabs = [
    { id: "source" as const, label: t("editor.title") },
    { id: "list" as const, label: t("outline.title") },
  ];
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between border-b border-hairline pr-1 pl-2">
        <Tabs label={t("outline.tabs")} tabs={tabs} current={left} panel="left" onChange={(id) => useStudio.setState({ left: id })} />
        {text && !instead && (
          <IconButton icon="mdi:format-align-left" label={t("bar.format")} tip="left" onClick={() => void studio.format()} />
        )}
      </div>
      <div id="left" role="tabpanel" aria-labelledby={`left-tab-${left}`} className="flex min-h-0 flex-1 flex-col">
        <div className={instead || !text ? "hidden" : "flex min-h-0 flex-1"}>
          <Suspense>
            <Editor key={openedId} />
          </Suspense>
        </div>
        {!text && <Outline />}
        {viewing && text && (
          <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4 font-mono text-[13px] leading-[1.6]">
            {viewing.source}
          </pre>
        )}
        {comparing && text && (
          <TextDiff
            label={t("compare.of", { from: sideName(comparing.from), to: sideName(comparing.to) })}
            before={comparing.fromSource}
            after={comparing.toSource}
          />
        )}
        {proposal && text && !instead && (
          <section aria-label={t("chat.proposedText")} className="flex h-1/2 shrink-0 flex-col border-t border-line bg-sunken">
            <h2 className="flex h-9 shrink-0 items-center px-4 text-[13px] font-semibold">{t("chat.proposedText")}</h2>
            {proposal.growing ? (
              <Growing text={proposal.source} />
            ) : (
              <TextDiff label={t("chat.changedLines")} before={proposal.base} after={proposal.source} />
            )}
          </section>
        )}
      </div>
    </>
  );
}

/** A text that is being written; its end is in view. */
function Growing({ text }: { text: string }) {
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    place.current?.scrollTo({ top: place.current.scrollHeight });
  }, [text]);
  return (
    <pre ref={place} tabIndex={0} className="min-h-0 flex-1 overflow-auto px-4 pb-3 font-mono text-[13px] leading-[1.6]">
      {text}
      <span aria-hidden="true" className="ml-px inline-block h-[1.1em] w-[2px] translate-y-[0.2em] bg-accent" />
    </pre>
  );
}

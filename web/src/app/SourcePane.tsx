import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Editor } from "../editor/Editor";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { sideName } from "./compareNames";
import { studio } from "./studio";
import { TextDiff } from "./TextDiff";

/** The text: the document, and beside it what is proposed, looked at or compared. */
export function SourcePane() {
  const { t } = useTranslation();
  const openedId = useStudio((state) => state.openedId);
  const viewing = useStudio((state) => state.viewing);
  const comparing = useStudio((state) => state.comparing);
  const proposal = useStudio((state) => state.proposal);
  const instead = viewing !== null || comparing !== null;
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between border-b border-hairline pr-1 pl-4">
        <h2 className="truncate text-[13px] font-semibold">
          {viewing ? t("versions.version", { n: viewing.number }) : comparing ? t("compare.text") : t("editor.title")}
        </h2>
        {!instead && <IconButton icon="mdi:format-align-left" label={t("bar.format")} tip="left" onClick={() => void studio.format()} />}
      </div>
      <div className={instead ? "hidden" : "flex min-h-0 flex-1"}>
        <Editor key={openedId} />
      </div>
      {viewing && (
        <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4 font-mono text-[13px] leading-[1.6]">
          {viewing.source}
        </pre>
      )}
      {comparing && (
        <TextDiff
          label={t("compare.of", { from: sideName(comparing.from), to: sideName(comparing.to) })}
          before={comparing.fromSource}
          after={comparing.toSource}
        />
      )}
      {proposal && !instead && (
        <section aria-label={t("chat.proposedText")} className="flex h-1/2 shrink-0 flex-col border-t border-line bg-sunken">
          <h2 className="flex h-9 shrink-0 items-center px-4 text-[13px] font-semibold">{t("chat.proposedText")}</h2>
          {proposal.growing ? (
            <Growing text={proposal.source} />
          ) : (
            <TextDiff label={t("chat.proposedText")} before={proposal.base} after={proposal.source} />
          )}
        </section>
      )}
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

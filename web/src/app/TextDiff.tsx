import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { lineDiff } from "./lines";

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const TONES = {
  same: "",
  added: "bg-added-soft text-added",
  removed: "bg-removed-soft text-removed line-through decoration-1",
} as const;

/** Two texts as one, line by line: what went, what came. Read-only. */
export function TextDiff({ label, before, after }: { label: string; before: string; after: string }) {
  const { t } = useTranslation();
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  return (
    <div role="region" aria-label={label} tabIndex={0} className="min-h-0 flex-1 overflow-auto py-2 font-mono text-[13px] leading-[1.6]">
      <div className="w-max min-w-full">
        {lines.map(({ kind, text }, at) => (
          <div key={at} className={`flex pr-4 whitespace-pre ${TONES[kind]}`}>
            <span aria-hidden="true" className="w-7 shrink-0 text-center no-underline select-none">
              {SIGNS[kind]}
            </span>
            {kind !== "same" && <span className="sr-only">{t(`compare.${kind}`)}: </span>}
            <span>{text === "" ? " " : text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

import { useEffect, useMemo, useRef } from "react";
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
  const place = useRef<HTMLDivElement>(null);
  // The first change is what one looks for.
  useEffect(() => {
    const box = place.current;
    const first = box?.querySelector<HTMLElement>("[data-change]");
    if (box && first) box.scrollTop = first.offsetTop - box.clientHeight / 3;
  }, [before]);
  return (
    <div ref={place} role="region" aria-label={label} tabIndex={0} className="relative min-h-0 flex-1 overflow-auto py-2 font-mono text-[13px] leading-[1.6]">
      <div className="w-max min-w-full">
        {lines.map(({ kind, text }, at) => (
          <div key={at} data-change={kind === "same" ? undefined : ""} className={`flex pr-4 whitespace-pre ${TONES[kind]}`}>
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

import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { ask } from "./assistant";
import { PromptField } from "./PromptField";

const EXAMPLES = ["web", "micro", "rag", "iot", "ci", "data"] as const;

/** The first visit: one field in the middle of an empty sheet. */
export function Welcome() {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <main className="flex h-full flex-1 items-center justify-center overflow-y-auto bg-paper p-6 [background-image:radial-gradient(var(--dots)_1px,transparent_1px)] [background-size:16px_16px]">
      <div className="w-full max-w-2xl">
        <h1 className="text-center text-3xl font-semibold tracking-tight text-balance">{t("welcome.title")}</h1>
        <p className="mt-2 mb-6 text-center text-muted text-pretty">{t("welcome.hint")}</p>
        <PromptField large placeholder={t("welcome.placeholder")} field={field} />
        <h2 className="mt-8 mb-2 text-[13px] text-muted">{t("welcome.examples")}</h2>
        <ul className="grid grid-cols-1 gap-2 sm:grid-cols-2">
          {EXAMPLES.map((example) => (
            <li key={example}>
              <button
                type="button"
                className="h-full w-full rounded-lg border border-hairline bg-surface px-3 py-2.5 text-left text-[13px] transition-colors duration-150 hover:border-accent"
                onClick={() => void ask(t(`examples.${example}`))}
              >
                {t(`examples.${example}`)}
              </button>
            </li>
          ))}
        </ul>
        <p className="mt-5 text-center">
          <button
            type="button"
            className="rounded px-2 py-1 text-[13px] text-muted underline underline-offset-4 hover:text-ink"
            onClick={() => useStudio.setState({ begun: true })}
          >
            {t("welcome.blank")}
          </button>
        </p>
      </div>
    </main>
  );
}

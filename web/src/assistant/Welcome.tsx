import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "spandrel/templates";
import { go } from "../app/route";
import { studio } from "../app/studio";
import { Thumbnail } from "../app/Thumbnail";
import { useTemplates } from "../app/useTemplates";
import { useStudio } from "../state/store";
import { PromptField } from "./PromptField";

/** The designs that are shown at once; the rest is a page away. */
const SHOWN = ["three_tier", "microservices_shop", "rag", "iot_fleet", "ci_cd", "data_platform"];

/** The first visit: one field in the middle of an empty sheet. */
export function Welcome() {
  const { t } = useTranslation();
  const templates = useTemplates();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <main className="flex h-full flex-1 justify-center overflow-y-auto bg-paper p-6 [background-image:radial-gradient(var(--dots)_1px,transparent_1px)] [background-size:16px_16px]">
      <div className="my-auto w-full max-w-2xl">
        <h1 className="text-center text-3xl font-semibold tracking-tight text-balance">{t("welcome.title")}</h1>
        <p className="mt-2 mb-6 text-center text-muted text-pretty">{t("welcome.hint")}</p>
        <PromptField large placeholder={t("welcome.placeholder")} field={field} />
        <h2 className="mt-8 mb-2 text-[13px] text-muted">{t("welcome.examples")}</h2>
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {SHOWN.map((id) => (
            <Example key={id} template={templates.data?.find((one) => one.id === id)} />
          ))}
        </ul>
        <p className="mt-5 flex justify-center gap-4">
          <button
            type="button"
            className="rounded px-2 py-1 text-[13px] text-muted underline underline-offset-4 hover:text-ink"
            onClick={() => go("templates")}
          >
            {t("templates.more")}
          </button>
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

/** A design to begin with; its place is kept while it is on its way. */
function Example({ template }: { template: Template | undefined }) {
  return (
    <li className="min-h-36">
      {template && (
        <button
          type="button"
          className="rise flex h-full w-full flex-col rounded-lg border border-hairline bg-surface text-left transition-colors duration-150 hover:border-accent"
          onClick={() => void studio.begin(template.title, template.source)}
        >
          <Thumbnail id={template.id} source={template} className="h-24 w-full rounded-t-lg border-b border-hairline" />
          <span className="block px-3 py-2 text-[13px] leading-tight font-semibold">{template.title}</span>
        </button>
      )}
    </li>
  );
}

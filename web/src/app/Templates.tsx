import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "spandrel/templates";
import { Button } from "../ui/Button";
import { LoadingCards, Page } from "./Page";
import { go } from "./route";
import { studio } from "./studio";
import { Thumbnail } from "./Thumbnail";
import { useTemplates } from "./useTemplates";

export function Templates() {
  const { t } = useTranslation();
  const templates = useTemplates();
  const [words, setWords] = useState("");
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = templates.data?.filter(({ title, description, category }) => {
    const text = `${title} ${description} ${category}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const categories = [...new Set(shown?.map(({ category }) => category))];
  return (
    <Page
      title={t("templates.title")}
      hint={t("templates.hint")}
      actions={
        <input
          type="search"
          aria-label={t("templates.search")}
          placeholder={t("templates.search")}
          value={words}
          className="h-8 w-64 rounded-md border border-line bg-surface px-2.5 text-[13px]"
          onChange={(event) => setWords(event.target.value)}
        />
      }
    >
      {templates.isError ? (
        <div className="rounded-lg border border-hairline bg-surface p-6">
          <p role="alert" className="mb-3 text-error">
            {t("templates.failed", { reason: templates.error.message })}
          </p>
          <Button onClick={() => void templates.refetch()}>{t("versions.retry")}</Button>
        </div>
      ) : shown === undefined ? (
        <LoadingCards label={t("templates.loading")} />
      ) : shown.length === 0 ? (
        <p className="text-muted">{t("templates.none")}</p>
      ) : (
        categories.map((category) => (
          <section key={category} aria-label={category} className="mb-8">
            <h2 className="mb-3 font-semibold">{category}</h2>
            <ul aria-label={category} className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-4">
              {shown
                .filter((template) => template.category === category)
                .map((template) => (
                  <Card key={template.id} template={template} />
                ))}
            </ul>
          </section>
        ))
      )}
    </Page>
  );
}

function Card({ template }: { template: Template }) {
  const { title, description, source, id } = template;
  return (
    <li>
      <button
        type="button"
        className="flex h-full w-full flex-col rounded-lg border border-hairline bg-surface text-left transition-colors duration-150 hover:border-accent"
        onClick={() => void studio.begin(title, source).then(() => go("studio"))}
      >
        <Thumbnail id={id} source={{ source }} className="h-40 w-full rounded-t-lg border-b border-hairline" />
        <span className="block px-3 pt-2 font-semibold">{title}</span>
        <span className="px-3 pt-0.5 pb-3 text-xs text-muted" title={description}>
          <span className="line-clamp-2">{description}</span>
        </span>
      </button>
    </li>
  );
}

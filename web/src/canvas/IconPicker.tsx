import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** More than this are not shown at once; one looks for them by name. */
const SHOWN = 96;

/** The bundled icons by name; an empty name is none. They come as a file of their own, when first needed. */
export function IconPicker({ onPick }: { onPick(name: string): void }) {
  const { t } = useTranslation();
  const [icons, setIcons] = useState<Record<string, string>>({});
  const [query, setQuery] = useState("");
  useEffect(() => {
    void import("spandrel/icons").then((found) => setIcons(found.icons));
  }, []);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = Object.keys(icons).filter((name) => words.every((word) => name.includes(word)));
  return (
    <div className="flex w-72 flex-col gap-2">
      <input
        type="search"
        autoFocus
        aria-label={t("gesture.findIcon")}
        placeholder={t("gesture.findIcon")}
        className="h-8 rounded-md border border-line bg-surface px-2 text-[13px]"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="grid max-h-56 grid-cols-8 gap-0.5 overflow-y-auto">
        {found.slice(0, SHOWN).map((name) => (
          <button key={name} type="button" aria-label={name.slice(4)} title={name.slice(4)} className="flex size-8 items-center justify-center rounded-md hover:bg-hover" onClick={() => onPick(name)}>
            <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
              <path fill="currentColor" d={icons[name]} />
            </svg>
          </button>
        ))}
      </div>
      {found.length === 0 && <p className="text-[13px] text-muted">{t("palette.none")}</p>}
      <button type="button" className="h-8 rounded-md border border-hairline text-[13px] font-semibold hover:bg-hover" onClick={() => onPick("")}>
        {t("gesture.noIcon")}
      </button>
    </div>
  );
}

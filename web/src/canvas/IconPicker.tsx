import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { iconPictures, logoPictures } from "../ui/pictures";

/** More than this are not shown at once; one looks for them by name. */
const SHOWN = 96;

/** What one calls it: without its set. */
const plain = (name: string): string => name.slice(name.indexOf(":") + 1).replace(/-icon$/, "");

/** The bundled icons by name; an empty name is none. They come as a file of their own, when first needed. */
export function IconPicker({ onPick }: { onPick(name: string): void }) {
  const { t } = useTranslation();
  /** Each as the inside of an SVG. */
  const [icons, setIcons] = useState<Record<string, string>>({});
  const [query, setQuery] = useState("");
  useEffect(() => {
    const add = (more: Readonly<Record<string, string>>): void => setIcons((before) => ({ ...before, ...more }));
    void iconPictures().then(add);
    void logoPictures().then(add, () => undefined);
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
          <button key={name} type="button" aria-label={plain(name)} title={plain(name)} className="flex size-8 items-center justify-center rounded-md hover:bg-hover" onClick={() => onPick(name)}>
            <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: icons[name] ?? "" }} />
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

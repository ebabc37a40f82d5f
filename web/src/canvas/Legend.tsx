import { useTranslation } from "react-i18next";
import type { FlowGroup } from "./flows";
import { useView } from "./view";
import type { Zones } from "./zones";

/** What the colours of a view mean; pointing an entry out makes the rest pale. */
export function Legend({ flows, zones }: { flows: readonly FlowGroup[] | undefined; zones: Zones | undefined }) {
  const { t } = useTranslation();
  const highlighted = useView((state) => state.highlighted);
  if (!flows && !zones) return null;
  const entries = flows
    ? flows.map(({ label, edges, colour }) => ({
        key: label,
        label: label || t("view.unlabelled"),
        count: edges.length,
        colour: colour < 0 ? "var(--line)" : `var(--flow-${colour})`,
        ids: edges,
      }))
    : (zones?.zones ?? []).map(({ id, label, colour }) => {
        const ids = [...(zones?.of ?? [])].filter(([, zone]) => zone === id).map(([node]) => node);
        return { key: id, label: label ?? t(`zones.${id}`), count: ids.length, colour: `var(--flow-${colour})`, ids };
      });
  const toggle = (ids: readonly string[]): void => {
    const on = ids.length === highlighted.length && ids.every((id) => highlighted.includes(id));
    useView.setState({ highlighted: on ? [] : ids });
  };
  return (
    <section aria-label={t(flows ? "view.flow" : "view.zones")} className="absolute top-3 right-3 z-10 max-h-[60%] max-w-56 overflow-y-auto rounded-lg border border-hairline bg-surface p-1.5 text-[13px]">
      <h2 className="px-2 pb-1 text-xs font-semibold text-muted">{t(flows ? "view.flow" : "view.zones")}</h2>
      <ul>
        {entries.map((entry) => (
          <li key={entry.key}>
            <button
              type="button"
              aria-pressed={entry.ids.length > 0 && entry.ids.every((id) => highlighted.includes(id))}
              className="flex w-full items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-hover aria-pressed:bg-accent-soft"
              onClick={() => toggle(entry.ids)}
            >
              <span className={flows ? "h-1 w-4 shrink-0 rounded-full" : "size-3 shrink-0 rounded-sm"} style={{ background: entry.colour }} />
              <span className="min-w-0 truncate">{entry.label}</span>
              <span className="ml-auto text-xs text-muted">{entry.count}</span>
            </button>
          </li>
        ))}
      </ul>
      {zones && zones.crossing.size > 0 && (
        <p className="px-2 pt-1 text-xs text-muted">{t("view.crossing", { count: zones.crossing.size })}</p>
      )}
    </section>
  );
}

import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Popover } from "../ui/Popover";
import { containersOf, kindsOf, showAll, toggleKind, togglePart, useView, VIEW_KINDS, type ViewKind } from "./view";

const ICONS: Record<ViewKind, string> = {
  architecture: "mdi:sitemap-outline",
  flow: "mdi:transit-connection-variant",
  zones: "mdi:shield-outline",
};

/** How the diagram is looked at: the kind of view, what is shown of it. */
export function ViewMenu() {
  const { t } = useTranslation();
  const view = useView();
  const hiding = view.hiddenKinds.length + view.hiddenIds.length + view.only.length + view.highlighted.length > 0;
  return (
    <Popover
      label={t("view.title")}
      side="above"
      button={(props) => (
        <IconButton icon={hiding ? "mdi:eye-off-outline" : "mdi:eye-outline"} label={t("view.title")} tip="above" className={hiding ? "text-accent" : ""} {...props} />
      )}
    >
      {() => <ViewPanel hiding={hiding} />}
    </Popover>
  );
}

function ViewPanel({ hiding }: { hiding: boolean }) {
  const { t } = useTranslation();
  const view = useView();
  const diagram = useStudio((state) => state.diagram);
  const kinds = kindsOf(diagram);
  const parts = containersOf(diagram).flatMap((id) => diagram?.nodes.find((node) => node.id === id && node.parentId === undefined) ?? []);
  return (
    <div className="flex w-64 flex-col gap-3 p-1">
      <fieldset>
        <legend className="mb-1 text-xs font-semibold text-muted">{t("view.kind")}</legend>
        {VIEW_KINDS.map((kind) => (
          <label key={kind} className="flex h-8 items-center gap-2 rounded-md px-2 text-[13px] hover:bg-hover">
            <input type="radio" name="view-kind" className="accent-accent" checked={view.kind === kind} onChange={() => useView.setState({ kind })} />
            <Icon name={ICONS[kind]} size={16} />
            {t(`view.${kind}`)}
          </label>
        ))}
      </fieldset>
      {kinds.length > 1 && (
        <fieldset>
          <legend className="mb-1 text-xs font-semibold text-muted">{t("view.kinds")}</legend>
          {kinds.map(({ kind, count }) => (
            <Check key={kind} label={t(`kinds.${kind}`)} count={count} checked={!view.hiddenKinds.includes(kind)} onChange={(on) => toggleKind(kind, !on)} />
          ))}
        </fieldset>
      )}
      {parts.length > 0 && (
        <fieldset>
          <legend className="mb-1 text-xs font-semibold text-muted">{t("view.parts")}</legend>
          {parts.map((node) => (
            <Check
              key={node.id}
              label={node.data.label.split("\n")[0] || node.id}
              checked={!view.hiddenIds.includes(node.id)}
              onChange={(on) => togglePart(node.id, !on)}
            />
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend className="mb-1 text-xs font-semibold text-muted">{t("view.canvas")}</legend>
        {(["labels", "grid", "minimap"] as const).map((what) => (
          <Check key={what} label={t(`view.${what}`)} checked={view[what]} onChange={(on) => useView.setState({ [what]: on })} />
        ))}
      </fieldset>
      <button type="button" disabled={!hiding} className="h-8 rounded-md border border-hairline text-[13px] font-semibold hover:bg-hover disabled:text-muted" onClick={showAll}>
        {t("view.showAll")}
      </button>
    </div>
  );
}

function Check({ label, count, checked, onChange }: { label: string; count?: number; checked: boolean; onChange(on: boolean): void }) {
  return (
    <label className="flex h-8 items-center gap-2 rounded-md px-2 text-[13px] hover:bg-hover">
      <input type="checkbox" className="accent-accent" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span className="truncate">{label}</span>
      {count !== undefined && <span className="ml-auto text-xs text-muted">{count}</span>}
    </label>
  );
}

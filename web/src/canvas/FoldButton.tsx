import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import { toggleCollapsed } from "./view";

/** Folds a container for this viewer, or opens it again; `count`: what a folded one hides. */
export function FoldButton({ id, count }: { id: string; count: number | undefined }) {
  const { t } = useTranslation();
  const folded = count !== undefined;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={folded ? `${t("gesture.folded", { count })}: ${t("gesture.unfold")}` : t("gesture.fold")}
      title={folded ? t("gesture.folded", { count }) : t("gesture.fold")}
      className={`fold nodrag absolute top-1.5 right-1.5 flex h-7 items-center gap-0.5 rounded-md px-1 text-xs text-muted hover:bg-hover hover:text-ink ${folded ? "" : "fold-open"}`}
      onClick={(event) => {
        event.stopPropagation();
        toggleCollapsed(id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {folded && <span>{count}</span>}
      <Icon name={folded ? "mdi:unfold-more-horizontal" : "mdi:unfold-less-horizontal"} size={16} />
    </button>
  );
}

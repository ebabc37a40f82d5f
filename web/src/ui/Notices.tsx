import { useTranslation } from "react-i18next";
import { dismiss, useStudio } from "../state/store";
import { IconButton } from "./Button";
import { Icon } from "./Icon";

/** What happened, at the edge of the page; read out by screen readers. */
export function Notices() {
  const { t } = useTranslation();
  const notices = useStudio((state) => state.notices);
  return (
    <div aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-16 z-50 flex flex-col items-center gap-2">
      {notices.map((notice) => (
        <div
          key={notice.id}
          className="rise pointer-events-auto flex max-w-md items-center gap-2 rounded-lg border border-hairline bg-surface py-1.5 pr-1.5 pl-3 text-[13px] shadow-pop"
        >
          <span className={notice.kind === "error" ? "text-error" : "text-accent"}>
            <Icon name={notice.kind === "error" ? "mdi:alert-circle-outline" : "mdi:check-circle-outline"} />
          </span>
          <span className="min-w-0 break-words">{notice.text}</span>
          {notice.action && (
            <button type="button" className="rounded px-2 py-1 font-semibold text-accent hover:bg-hover" onClick={notice.action.run}>
              {notice.action.label}
            </button>
          )}
          <IconButton icon="mdi:close" label={t("common.close")} tip="above" onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}

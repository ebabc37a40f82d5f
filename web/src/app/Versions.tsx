import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import type { VersionInfo } from "../state/versions";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { studio } from "./studio";

/** All versions, newest first: open to look, restore to go on from there. */
export function Versions() {
  const { t } = useTranslation();
  const versions = useStudio((state) => state.versions);
  const failure = useStudio((state) => state.versionsError);
  const server = useStudio((state) => state.server);
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {failure ? (
          <div className="p-3 text-[13px]">
            <p role="alert" className="mb-2 text-error">
              {t("versions.failed", { reason: failure })}
            </p>
            <Button onClick={() => void studio.loadVersions()}>{t("versions.retry")}</Button>
          </div>
        ) : versions === undefined ? (
          <p className="p-3 text-[13px] text-muted">{t("versions.loading")}</p>
        ) : versions.length === 0 ? (
          <p className="p-3 text-[13px] text-muted">{t("versions.empty")}</p>
        ) : (
          <ol aria-label={t("versions.list")} reversed>
            {versions.map((version) => (
              <Entry key={version.number} version={version} />
            ))}
          </ol>
        )}
      </div>
      <div className="flex items-center justify-between gap-2 border-t border-hairline p-3">
        <span className="flex items-center gap-1.5 text-xs text-muted">
          <Icon name={server ? "mdi:server-outline" : "mdi:laptop"} size={15} />
          {t(server ? "versions.server" : "versions.local")}
        </span>
        <Button kind="primary" onClick={() => void studio.save()}>
          {t("bar.save")}
        </Button>
      </div>
    </div>
  );
}

function Entry({ version }: { version: VersionInfo }) {
  const { t } = useTranslation();
  const viewing = useStudio((state) => state.viewing?.number === version.number);
  const current = useStudio((state) => state.base === version.number);
  return (
    <li className={`group relative rounded-md ${viewing ? "bg-accent-soft" : "hover:bg-hover"}`}>
      <button
        type="button"
        title={t("versions.open", { n: version.number })}
        aria-current={viewing || undefined}
        className="block w-full rounded-md p-2.5 pr-24 text-left"
        onClick={() => void (viewing ? studio.stopViewing() : studio.view(version.number))}
      >
        <span className="flex items-baseline gap-2 text-[13px]">
          <span className="font-semibold">{t("versions.version", { n: version.number })}</span>
          <time dateTime={version.createdAt} className="text-xs text-muted">
            {when(version.createdAt)}
          </time>
          {current && <span className="size-1.5 self-center rounded-full bg-accent" />}
        </span>
        {(version.message || version.author) && (
          <span className="mt-0.5 block truncate text-xs text-muted" title={version.message}>
            {[version.message, version.author].filter(Boolean).join(" · ")}
          </span>
        )}
      </button>
      <Button
        kind="plain"
        className="absolute top-2 right-2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100"
        onClick={() => void studio.restore(version.number)}
      >
        {t("versions.restore")}
      </Button>
    </li>
  );
}

/** Today by the clock, before that by the date, as the reader writes them. */
function when(iso: string): string {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(
    undefined,
    today ? { hour: "numeric", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" },
  ).format(date);
}

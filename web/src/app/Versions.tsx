import { useTranslation } from "react-i18next";
import { ChangeList } from "../assistant/Changes";
import { useStudio } from "../state/store";
import type { VersionInfo } from "../state/versions";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { sideName } from "./compareNames";
import { studio } from "./studio";
import { Thumbnail } from "./Thumbnail";
import { when } from "./when";

/** All versions, newest first: open to look, compare, restore to go on from there. */
export function Versions() {
  const { t } = useTranslation();
  const versions = useStudio((state) => state.versions);
  const failure = useStudio((state) => state.versionsError);
  const server = useStudio((state) => state.server);
  const comparing = useStudio((state) => state.comparing);
  return (
    <div className="flex h-full flex-col">
      {comparing && <Comparing />}
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {failure ? (
          <div className="p-3 text-[13px]">
            <p role="alert" className="mb-2 text-error">
              {t("versions.failed", { reason: failure })}
            </p>
            <Button onClick={() => void studio.history.load()}>{t("versions.retry")}</Button>
          </div>
        ) : versions === undefined ? (
          <Loading />
        ) : versions.length === 0 ? (
          <p className="p-3 text-[13px] text-muted">{t("versions.empty")}</p>
        ) : (
          <ol aria-label={t("versions.list")} reversed className="flex flex-col gap-1">
            {versions.map((version) => (
              <Entry key={`${version.number} ${version.waiting ?? false}`} version={version} />
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

/** Rows of the list's own size, so that nothing jumps when it comes. */
function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="sr-only">{t("versions.loading")}</span>
      {[0, 1, 2].map((row) => (
        <div key={row} aria-hidden="true" className="flex gap-3 p-2">
          <div className="h-12 w-20 rounded-md bg-sunken" />
          <div className="flex flex-1 flex-col justify-center gap-2">
            <div className="h-3 w-24 rounded bg-sunken" />
            <div className="h-3 w-40 rounded bg-sunken" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** The two sides of a comparison, and what is different. */
function Comparing() {
  const { t } = useTranslation();
  const comparing = useStudio((state) => state.comparing);
  const versions = useStudio((state) => state.versions) ?? [];
  if (!comparing) return null;
  const { from, to, changes } = comparing;
  const choices = [0, ...versions.map(({ number }) => number)];
  const side = (label: string, value: number, choose: (number: number) => void) => (
    <label className="flex min-w-0 flex-1 flex-col gap-0.5 text-xs text-muted">
      {label}
      <select
        className="h-8 rounded-md border border-line bg-surface px-1.5 text-[13px] text-ink"
        value={value}
        onChange={(event) => choose(Number(event.target.value))}
      >
        {choices.map((number) => (
          <option key={number} value={number}>
            {sideName(number)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-label={t("compare.title")} className="flex max-h-1/2 shrink-0 flex-col border-b border-hairline">
      <div className="flex items-end gap-2 p-3 pb-2">
        {side(t("compare.from"), from, (number) => void studio.history.compare(number, to))}
        {side(t("compare.to"), to, (number) => void studio.history.compare(from, number))}
        <IconButton icon="mdi:close" label={t("compare.stop")} tip="left" onClick={() => studio.history.stop()} />
      </div>
      <div className="min-h-0 overflow-y-auto px-1 pb-1">
        <ChangeList changes={changes} />
      </div>
    </section>
  );
}

function Entry({ version }: { version: VersionInfo }) {
  const { t } = useTranslation();
  const viewing = useStudio((state) => state.viewing?.number === version.number);
  const current = useStudio((state) => state.base === version.number);
  const design = useStudio((state) => state.openedId);
  const { number, message, author, waiting } = version;
  const [title, ...more] = message.split("\n");
  return (
    <li className={`relative flex items-center rounded-md ${viewing ? "bg-accent-soft" : "hover:bg-hover"}`}>
      <button
        type="button"
        title={[t("versions.open", { n: number }), ...more.filter(Boolean)].join("\n")}
        aria-current={viewing || undefined}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md p-2 text-left"
        onClick={() => (viewing ? studio.history.stop() : void studio.history.view(number))}
      >
        <Thumbnail
          id={`${design} ${number} ${waiting ?? false}`}
          source={() => studio.history.read(number)}
          className="h-12 w-20 shrink-0 rounded-md border border-hairline"
        />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2 text-[13px]">
            <span className="font-semibold whitespace-nowrap">{t("versions.version", { n: number })}</span>
            <time dateTime={version.createdAt} className="truncate text-xs text-muted">
              {when(version.createdAt)}
            </time>
            {current && <span className="size-1.5 shrink-0 self-center rounded-full bg-accent" title={t("versions.current")} />}
          </span>
          <span className="mt-0.5 block truncate text-xs text-muted">{[title, author].filter(Boolean).join(" · ")}</span>
          {waiting && design && <Waiting />}
        </span>
      </button>
      <Menu
        label={t("versions.actions", { n: number })}
        button={(props) => <IconButton icon="mdi:dots-vertical" label={t("versions.actions", { n: number })} tip="left" {...props} />}
        items={[
          { label: t("compare.withDraft"), icon: "mdi:compare", run: () => void studio.history.compare(number, 0) },
          ...(number > 1
            ? [{ label: t("compare.withBefore"), icon: "mdi:compare-horizontal", run: () => void studio.history.compare(number - 1, number) }]
            : []),
          { label: t("versions.restoreThis"), icon: "mdi:history", run: () => void studio.history.restore(number) },
        ]}
      />
    </li>
  );
}

/** Only worth saying where there is, or was, somewhere to send it. */
function Waiting() {
  const { t } = useTranslation();
  const link = useStudio((state) => state.link);
  if (link === "unknown" || studio.code === null) return null;
  return (
    <span className="mt-0.5 flex items-center gap-1 text-xs text-warning">
      <Icon name="mdi:cloud-clock-outline" size={14} />
      {t("versions.waiting")}
    </span>
  );
}

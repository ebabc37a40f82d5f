import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { announce, dismiss, notify, useStudio } from "../state/store";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { type Design, deleteDesign, listDesigns, openDesign, renameDesign, picturedOf } from "./designs";
import { Invitations, MembersDialog } from "./Members";
import { LoadingCards, Page } from "./Page";
import { go } from "./route";
import { studio } from "./studio";
import { Thumbnail } from "./Thumbnail";
import { when } from "./when";

/** How long a deleted design can be brought back, in milliseconds. */
const UNDO = 8_000;

const failed = (error: unknown): void => {
  notify("error", (error as Error).message);
};

/** All designs: open, rename, share, delete. */
export function Designs() {
  const { t } = useTranslation();
  const server = useStudio((state) => state.server);
  const account = useStudio((state) => state.account?.id);
  const designs = useQuery({ queryKey: ["designs", server, account], queryFn: listDesigns, retry: 1, staleTime: 0, networkMode: "always" });
  const deleting = useDeleting();
  const shown = designs.data?.filter(({ id }) => !deleting.ids.has(id));
  const begin = (): void => {
    void studio.begin(t("app.untitled")).then(() => go("studio"));
  };
  return (
    <Page
      title={t("designs.title")}
      hint={t(server ? "designs.hint" : "designs.hintOffline")}
      actions={
        <>
          <Button icon="mdi:shape-outline" onClick={() => go("templates")}>
            {t("designs.fromTemplate")}
          </Button>
          <Button kind="primary" icon="mdi:plus" onClick={begin}>
            {t("bar.new")}
          </Button>
        </>
      }
    >
      {server && <Invitations />}
      {designs.isError ? (
        <div className="rounded-lg border border-hairline bg-surface p-6">
          <p role="alert" className="mb-3 text-error">
            {t("designs.failed", { reason: designs.error.message })}
          </p>
          <Button onClick={() => void designs.refetch()}>{t("versions.retry")}</Button>
        </div>
      ) : shown === undefined ? (
        <LoadingCards label={t("designs.loading")} />
      ) : shown.length === 0 ? (
        <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line p-12 text-center">
          <Icon name="mdi:drawing-box" size={32} />
          <p className="font-semibold">{t("designs.empty")}</p>
          <p className="max-w-sm text-muted">{t("designs.emptyHint")}</p>
          <Button kind="primary" className="mt-2" onClick={begin}>
            {t("bar.new")}
          </Button>
        </div>
      ) : (
        <ul aria-label={t("designs.title")} className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-4">
          {shown.map((design) => (
            <Card key={design.id} design={design} onDelete={() => deleting.start(design)} />
          ))}
        </ul>
      )}
    </Page>
  );
}

/** Deleting happens once it can no longer be taken back, or when the page goes. */
function useDeleting() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const hide = (id: string, hidden: boolean): void =>
    setIds((before) => {
      const next = new Set(before);
      if (hidden) next.add(id);
      else next.delete(id);
      return next;
    });
  const start = (design: Design): void => {
    hide(design.id, true);
    const finish = (): void => {
      clearTimeout(timer);
      removeEventListener("pagehide", finish);
      // An open design gives its place to an empty page first, or it would be kept again.
      const away = design.open ? studio.begin(t("app.untitled")) : Promise.resolve();
      away
        .then(() => deleteDesign(design))
        .catch((error: unknown) => {
          hide(design.id, false);
          failed(error);
        })
        .finally(() => void queries.invalidateQueries({ queryKey: ["designs"] }));
    };
    const timer = setTimeout(finish, UNDO);
    addEventListener("pagehide", finish);
    const notice = announce("info", t("designs.deleted", { name: design.name }), {
      label: t("common.undo"),
      run: () => {
        clearTimeout(timer);
        removeEventListener("pagehide", finish);
        hide(design.id, false);
        dismiss(notice);
      },
    }, UNDO);
  };
  return { ids, start };
}

function Card({ design, onDelete }: { design: Design; onDelete(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const server = useStudio((state) => state.server);
  const [renaming, setRenaming] = useState(false);
  const [members, setMembers] = useState(false);
  const { name, role, code } = design;
  const open = (): void => {
    openDesign(design).then(() => go("studio"), failed);
  };
  const rename = (text: string): void => {
    setRenaming(false);
    if (text.trim() === "" || text.trim() === name) return;
    renameDesign(design, text.trim()).catch(failed).finally(() => void queries.invalidateQueries({ queryKey: ["designs"] }));
  };
  return (
    <li className="group relative flex flex-col rounded-lg border border-hairline bg-surface transition-colors duration-150 hover:border-line">
      <button type="button" aria-label={t("designs.open", { name })} className="block rounded-t-lg" onClick={open}>
        <Thumbnail id={`${design.id} ${design.updatedAt}`} source={() => picturedOf(design)} className="h-40 rounded-t-lg border-b border-hairline" />
      </button>
      <div className="flex items-start gap-1 py-2 pr-1 pl-3">
        <div className="min-w-0 flex-1">
          {renaming ? (
            <input
              autoFocus
              aria-label={t("designs.newName", { name })}
              defaultValue={name}
              maxLength={200}
              className="-ml-1 w-full rounded-md bg-sunken px-1 font-semibold"
              onFocus={(event) => event.target.select()}
              onBlur={(event) => rename(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") event.currentTarget.blur();
                if (event.key === "Escape") setRenaming(false);
              }}
            />
          ) : (
            <h2 className="truncate font-semibold" title={name}>
              {name}
            </h2>
          )}
          <p className="flex items-center gap-1.5 text-xs text-muted">
            {design.updatedAt > 0 && <time dateTime={new Date(design.updatedAt).toISOString()}>{when(design.updatedAt)}</time>}
            {code === null && (
              <span title={t("designs.onlyHere")}>
                <Icon name="mdi:laptop" size={14} />
                <span className="sr-only">{t("designs.onlyHere")}</span>
              </span>
            )}
            {role !== "owner" && <span>{t(`role.${role}`)}</span>}
          </p>
        </div>
        <Menu
          label={t("designs.actions", { name })}
          button={(props) => <IconButton icon="mdi:dots-vertical" label={t("designs.actions", { name })} tip="left" {...props} />}
          items={[
            { label: t("designs.openIt"), icon: "mdi:folder-open-outline", run: open },
            { label: t("canvas.rename"), icon: "mdi:pencil-outline", run: () => setRenaming(true), disabled: role !== "owner" },
            { label: t("members.title"), icon: "mdi:account-multiple-outline", run: () => setMembers(true), disabled: !server },
            "line",
            { label: t("canvas.delete"), icon: "mdi:delete-outline", run: onDelete, disabled: role !== "owner" },
          ]}
        />
      </div>
      {members && <MembersDialog design={design} onClose={() => setMembers(false)} />}
    </li>
  );
}

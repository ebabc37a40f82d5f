import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { Tabs } from "../ui/Tabs";
import { keys } from "./commands";
import { connection } from "./connection";
import { exports } from "./export";
import { go } from "./route";
import { studio } from "./studio";
import { setDark } from "./theme";

export function TopBar() {
  const { t } = useTranslation();
  const begun = useStudio((state) => state.begun);
  const dark = useStudio((state) => state.dark);
  const editorOpen = useStudio((state) => state.editorOpen);
  const sideOpen = useStudio((state) => state.sideOpen);
  const screen = useStudio((state) => state.screen);
  const desk = screen === "studio";
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-hairline bg-surface px-2 max-[839px]:gap-1">
      <a href="#canvas" className="sr-only focus:not-sr-only focus:rounded focus:px-2">
        {t("app.skip")}
      </a>
      <MainMenu />
      {desk ? <Name /> : <Back />}
      {begun && desk && (
        <>
          <Boards />
          <div className="ml-auto flex items-center gap-1">
            <Button kind="quiet" icon="mdi:content-save-outline" onClick={() => void studio.save()}>
              <span className="max-[839px]:sr-only">{t("bar.save")}</span>
            </Button>
            <ExportMenu />
            <IconButton icon="mdi:console-line" label={`${t("palette.open")} (${keys("ModK")})`} onClick={() => useStudio.setState({ paletteOpen: true, palette: "commands" })} />
            <IconButton icon="mdi:file-plus-outline" label={t("bar.new")} onClick={() => studio.newDesign()} />
            <span className="mx-1 h-5 w-px bg-hairline" />
            <IconButton
              icon="mdi:dock-left"
              label={t("bar.editor")}
              tip="left"
              pressed={editorOpen}
              onClick={() => useStudio.setState({ editorOpen: !editorOpen })}
            />
            <IconButton
              icon="mdi:dock-right"
              label={t("bar.side")}
              tip="left"
              pressed={sideOpen}
              onClick={() => useStudio.setState({ sideOpen: !sideOpen })}
            />
          </div>
        </>
      )}
      <div className={`flex items-center gap-1 ${begun && desk ? "" : "ml-auto"}`}>
        <Place />
        <IconButton
          icon={dark ? "mdi:weather-sunny" : "mdi:weather-night"}
          label={t("bar.theme", { to: t(dark ? "bar.light" : "bar.dark") })}
          tip="left"
          onClick={() => setDark(!dark)}
        />
      </div>
    </header>
  );
}

function ExportMenu() {
  const { t } = useTranslation();
  return (
    <Menu
      label={t("export.menu")}
      button={(props) => (
        <Button kind="quiet" icon="mdi:export-variant" {...props}>
          <span className="max-[839px]:sr-only">{t("export.menu")}</span>
        </Button>
      )}
      items={[
        { label: t("export.svg"), icon: "mdi:svg", run: () => void exports.svg() },
        { label: t("export.png"), icon: "mdi:image-outline", run: () => void exports.png() },
        { label: t("export.d2"), icon: "mdi:code-tags", run: () => void exports.d2() },
        { label: t("export.json"), icon: "mdi:code-json", run: () => void exports.json() },
        "line",
        { label: t("export.copyImage"), icon: "mdi:content-copy", run: () => void exports.copyImage() },
        { label: t("export.copyText"), icon: "mdi:content-copy", run: () => void exports.copyText() },
        { label: t("export.copyLink"), icon: "mdi:link-variant", run: () => void exports.copyLink() },
      ]}
    />
  );
}

/** The way to everything that is not the open design. */
function MainMenu() {
  const { t } = useTranslation();
  const account = useStudio((state) => state.account);
  const link = useStudio((state) => state.link);
  const signedIn = account !== null && !account.isLocal;
  return (
    <Menu
      label={t("bar.menu")}
      button={(props) => (
        <button
          type="button"
          aria-label={t("bar.menu")}
          title={t("bar.menu")}
          className="flex h-8 items-center gap-1 rounded-md px-1.5 transition-colors duration-150 hover:bg-hover"
          {...props}
        >
          <Mark />
          <Icon name="mdi:chevron-down" size={16} />
        </button>
      )}
      items={[
        { label: t("bar.new"), icon: "mdi:file-plus-outline", run: () => studio.newDesign() },
        { label: t("designs.title"), icon: "mdi:view-grid-outline", run: () => go("designs") },
        { label: t("templates.title"), icon: "mdi:shape-outline", run: () => go("templates") },
        "line",
        { label: t("settings.title"), icon: "mdi:cog-outline", run: () => go("settings") },
        ...(signedIn
          ? [{ label: t("account.signOutOf", { name: account.name }), icon: "mdi:logout", run: () => void connection.leave() }]
          : [{ label: t("account.signIn"), icon: "mdi:login", run: () => go("account"), disabled: link === "away" }]),
      ]}
    />
  );
}

function Back() {
  const { t } = useTranslation();
  return (
    <Button kind="quiet" icon="mdi:arrow-left" onClick={() => go("studio")}>
      {t("bar.back")}
    </Button>
  );
}

/** Where things are kept, when that is not as one would expect. */
function Place() {
  const { t } = useTranslation();
  const link = useStudio((state) => state.link);
  if (link === "locked") {
    return (
      <Button kind="quiet" icon="mdi:login" onClick={() => go("account")}>
        {t("account.signIn")}
      </Button>
    );
  }
  if (link !== "away") return null;
  return (
    <span className="mx-1 flex items-center gap-1.5 text-xs text-muted" title={t("bar.offlineHint")}>
      <Icon name="mdi:cloud-off-outline" size={15} />
      <span className="sr-only lg:not-sr-only">{t("bar.offline")}</span>
    </span>
  );
}

function Mark() {
  return (
    <svg aria-hidden="true" width="22" height="22" viewBox="0 0 32 32" className="shrink-0">
      <path fill="var(--accent)" d="M4 4h24v24C28 14.7 17.3 4 4 4z" />
      <path fill="none" stroke="var(--accent)" strokeWidth="2.5" d="M5 27V13" />
    </svg>
  );
}

/** The design's name, changed in place. */
function Name() {
  const { t } = useTranslation();
  const name = useStudio((state) => state.name);
  const [text, setText] = useState(name);
  const left = useRef(false);
  useEffect(() => setText(name), [name]);
  return (
    <input
      aria-label={t("app.rename")}
      value={text}
      size={Math.max(8, Math.min(36, text.length))}
      className="min-w-0 rounded-md px-2 py-1 font-semibold hover:bg-hover focus:bg-hover"
      onChange={(event) => setText(event.target.value)}
      onBlur={() => {
        if (left.current) setText(name);
        else studio.rename(text);
        left.current = false;
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        left.current = event.key === "Escape";
        event.currentTarget.blur();
      }}
    />
  );
}

/** Layers, scenarios and steps, where the text has them. */
function Boards() {
  const { t } = useTranslation();
  const boards = useStudio((state) => state.diagram?.boards);
  const current = useStudio((state) => state.board);
  if (!boards || boards.length < 2) return null;
  const tabs = boards.map((board) => ({ id: board.path, label: board.path === "" ? t("bar.root") : board.name }));
  return (
    <nav aria-label={t("bar.boards")} className="h-full min-w-0 overflow-x-auto">
      <Tabs label={t("bar.boards")} tabs={tabs} current={current} panel="canvas" onChange={(board) => studio.showBoard(board)} />
    </nav>
  );
}

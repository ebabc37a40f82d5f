import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useViewRequests } from "../assistant/view";
import { Welcome } from "../assistant/Welcome";
import { Canvas } from "../canvas/Canvas";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Notices } from "../ui/Notices";
import { Splitter, useWidth } from "../ui/Splitter";
import { useNarrow } from "../ui/useNarrow";
import { CommandPalette } from "./CommandPalette";
import { ConflictDialog } from "./ConflictDialog";
import { SidePanel } from "./SidePanel";
import { SourcePane } from "./SourcePane";
import { studio } from "./studio";
import { TopBar } from "./TopBar";

const queries = new QueryClient();

export function App() {
  const begun = useStudio((state) => state.begun);
  const status = useStudio((state) => state.status);
  const screen = useStudio((state) => state.screen);
  useKeys();
  return (
    <QueryClientProvider client={queries}>
      <ReactFlowProvider>
        <div className="flex h-full flex-col">
          <TopBar />
          <Suspense fallback={<main className="flex-1 bg-paper" />}>
            {status === "failed" ? <Failed /> : screen !== "studio" ? <Elsewhere screen={screen} /> : begun ? <Desk /> : <Welcome />}
          </Suspense>
        </div>
        <Notices />
        <CommandPalette />
        <ConflictDialog />
      </ReactFlowProvider>
    </QueryClientProvider>
  );
}

const pages = {
  designs: lazy(() => import("./Designs").then(({ Designs }) => ({ default: Designs }))),
  templates: lazy(() => import("./Templates").then(({ Templates }) => ({ default: Templates }))),
  settings: lazy(() => import("./Settings").then(({ Settings }) => ({ default: Settings }))),
  account: lazy(() => import("./Account").then(({ AccountPage }) => ({ default: AccountPage }))),
};

/** A screen that is not the desk; each is loaded when it is first opened. */
function Elsewhere({ screen }: { screen: keyof typeof pages }) {
  const Screen = pages[screen];
  return <Screen />;
}

/** Editor, canvas, side panel; where there is no room for them beside each other, the panels are sheets over the canvas. */
function Desk() {
  const { t } = useTranslation();
  const editorOpen = useStudio((state) => state.editorOpen);
  const sideOpen = useStudio((state) => state.sideOpen);
  const name = useStudio((state) => state.name);
  const openedId = useStudio((state) => state.openedId);
  useViewRequests();
  const narrow = useNarrow();
  const [editorWidth, setEditorWidth] = useWidth("editor", 360);
  const [sideWidth, setSideWidth] = useWidth("side", 360);
  // One sees the diagram first; a sheet is opened when it is wanted, and one at a time.
  useEffect(() => {
    if (narrow) useStudio.setState({ editorOpen: false, sideOpen: false });
  }, [narrow]);
  useEffect(() => {
    if (!narrow) return;
    return useStudio.subscribe((state, before) => {
      if (!state.editorOpen || !state.sideOpen) return;
      useStudio.setState(before.sideOpen ? { sideOpen: false } : { editorOpen: false });
    });
  }, [narrow]);
  const sheet = narrow ? "absolute inset-y-0 z-30 max-w-[90vw] border-hairline shadow-pop" : "shrink-0";
  return (
    <main className="relative flex min-h-0 flex-1 overflow-hidden">
      <h1 className="sr-only">{name}</h1>
      <section
        aria-label={t("editor.title")}
        className={editorOpen ? `flex flex-col bg-surface ${sheet} ${narrow ? "left-0 border-r" : ""}` : "hidden"}
        style={{ width: editorWidth }}
      >
        <SourcePane />
      </section>
      {editorOpen && !narrow && (
        <Splitter label={t("pane.resize", { name: t("editor.title") })} width={editorWidth} min={220} max={800} side="left" onChange={setEditorWidth} />
      )}
      <div id="canvas" className="relative min-w-0 flex-1">
        <Canvas key={openedId} />
        <Blank />
      </div>
      {sideOpen && (
        <>
          {!narrow && <Splitter label={t("pane.resize", { name: t("side.label") })} width={sideWidth} min={260} max={640} side="right" onChange={setSideWidth} />}
          <div className={`${sheet} ${narrow ? "right-0 border-l" : ""}`} style={{ width: sideWidth }}>
            <SidePanel />
          </div>
        </>
      )}
    </main>
  );
}

/** An empty canvas says what to do. */
function Blank() {
  const { t } = useTranslation();
  const empty = useStudio((state) => state.status === "ready" && !state.proposal && !state.viewing && state.diagram?.nodes.length === 0);
  const working = useStudio((state) => state.messages.some((message) => message.state === "working"));
  if (!empty || working) return null;
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-1 p-6 text-center">
      <p className="font-semibold">{t("canvas.empty")}</p>
      <p className="max-w-xs text-[13px] text-muted">{t("canvas.emptyHint")}</p>
    </div>
  );
}

/** The engine did not start: what happened, and what to do. */
function Failed() {
  const { t } = useTranslation();
  const failure = useStudio((state) => state.failure);
  return (
    <main className="flex flex-1 flex-col items-center justify-center gap-2 p-6 text-center">
      <h1 className="text-lg font-semibold">{t("canvas.failed")}</h1>
      <p className="max-w-md text-muted">{t("canvas.failedHint")}</p>
      <p className="max-w-md font-mono text-xs break-words text-muted">{failure}</p>
      <Button kind="primary" className="mt-2" onClick={() => location.reload()}>
        {t("canvas.reload")}
      </Button>
    </main>
  );
}

/** Keys that work anywhere. */
function useKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      if (key === "s") {
        event.preventDefault();
        void studio.save();
      } else if (key === "k") {
        event.preventDefault();
        useStudio.setState({ paletteOpen: true, palette: "commands" });
      }
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

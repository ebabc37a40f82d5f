import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { Outline } from "../canvas/Outline";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { Tabs } from "../ui/Tabs";

// The editor is a good third of the page's code, and the diagram need not wait for it.
const editor = import("./Editor");
const Editor = lazy(() => editor.then((module) => ({ default: module.Editor })));

/** The diagram as text, or as a list. The editor stays mounted: the text and its history live in it. */
export function LeftPane() {
  const { t } = useTranslation();
  const left = useStudio((state) => state.left);
  const viewing = useStudio((state) => state.viewing);
  const tabs = [
    { id: "source" as const, label: t("editor.title") },
    { id: "list" as const, label: t("outline.title") },
  ];
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between border-b border-hairline pr-1 pl-2">
        <Tabs label={t("outline.tabs")} tabs={tabs} current={left} panel="left" onChange={(id) => useStudio.setState({ left: id })} />
        {left === "source" && <IconButton icon="mdi:format-align-left" label={t("bar.format")} tip="left" onClick={() => void studio.format()} />}
      </div>
      <div id="left" role="tabpanel" aria-labelledby={`left-tab-${left}`} className="flex min-h-0 flex-1 flex-col">
        <div className={viewing || left !== "source" ? "hidden" : "flex min-h-0 flex-1"}>
          <Suspense>
            <Editor />
          </Suspense>
        </div>
        {left === "list" && <Outline />}
        {viewing && left === "source" && (
          <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4 font-mono text-[13px] leading-[1.6]">
            {viewing.source}
          </pre>
        )}
      </div>
    </>
  );
}

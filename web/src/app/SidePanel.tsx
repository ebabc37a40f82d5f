import { useTranslation } from "react-i18next";
import { Chat } from "../assistant/Chat";
import { type SidePanel as Panel, useStudio } from "../state/store";
import { Tabs } from "../ui/Tabs";
import { Inspector } from "./Inspector";
import { Problems } from "./Problems";
import { Versions } from "./Versions";

export function SidePanel() {
  const { t } = useTranslation();
  const side = useStudio((state) => state.side);
  const errors = useStudio((state) => state.problems.filter((p) => p.severity === "error").length);
  const others = useStudio((state) => state.problems.length) - errors;
  const count = errors || others;
  const badge =
    count > 0 ? (
      <span className={`rounded-full px-1.5 text-[11px] font-semibold ${errors ? "bg-error-soft text-error" : "bg-warning-soft text-warning"}`}>
        {count}
      </span>
    ) : undefined;
  const tabs: { id: Panel; label: string; badge?: React.ReactNode }[] = [
    { id: "assistant", label: t("side.assistant") },
    { id: "inspector", label: t("side.inspector") },
    { id: "versions", label: t("side.versions") },
    { id: "problems", label: t("side.problems"), badge },
  ];
  return (
    <section aria-label={t("side.label")} className="flex h-full flex-col bg-surface">
      <div className="h-10 shrink-0 border-b border-hairline px-2">
        <Tabs label={t("side.label")} tabs={tabs} current={side} panel="side" onChange={(id) => useStudio.setState({ side: id })} />
      </div>
      <div id="side" role="tabpanel" aria-labelledby={`side-tab-${side}`} className="min-h-0 flex-1">
        {side === "assistant" ? <Chat /> : side === "inspector" ? <Inspector /> : side === "versions" ? <Versions /> : <Problems />}
      </div>
    </section>
  );
}

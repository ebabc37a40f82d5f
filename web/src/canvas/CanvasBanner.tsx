import { memo } from "react";
import { useTranslation } from "react-i18next";
import { sideName } from "../app/compareNames";
import { studio } from "../app/studio";
import { acceptProposal, discardProposal, stop } from "../assistant/assistant";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { Comparison } from "./compare";

/** What is special about the drawing one sees: it is older than the text, a proposal, a version, or two compared. */
export const CanvasBanner = memo(function CanvasBanner() {
  const { t } = useTranslation();
  const broken = useStudio((state) => state.broken);
  const viewing = useStudio((state) => state.viewing);
  const comparing = useStudio((state) => state.comparing);
  const proposal = useStudio((state) => state.proposal);
  const problem = useStudio((state) => state.problems.find((p) => p.severity === "error"));
  if (viewing) {
    return (
      <Banner icon="mdi:history" text={t("versions.viewing", { n: viewing.number })}>
        <Button kind="plain" onClick={() => studio.history.stop()}>
          {t("versions.back")}
        </Button>
        <Button kind="primary" onClick={() => void studio.history.restore(viewing.number)}>
          {t("versions.restore")}
        </Button>
      </Banner>
    );
  }
  if (comparing) {
    const names = { from: sideName(comparing.from), to: sideName(comparing.to) };
    return (
      <Banner icon="mdi:compare" text={`${t("compare.of", names)}:`}>
        <Counts changes={comparing.changes} />
        <Button kind="plain" onClick={() => studio.history.stop()}>
          {t("versions.back")}
        </Button>
      </Banner>
    );
  }
  if (proposal?.growing) {
    return (
      <Banner icon="mdi:creation-outline" text={t("chat.drawing", { count: proposal.diagram.nodes.length })}>
        <Button kind="plain" onClick={stop}>
          {t("chat.stop")}
        </Button>
      </Banner>
    );
  }
  if (proposal) {
    return (
      <Banner icon="mdi:creation-outline" text={`${t("chat.proposal")}:`}>
        <Counts changes={proposal.changes} />
        <Button kind="plain" onClick={() => discardProposal()}>
          {t("chat.discard")}
        </Button>
        <Button kind="primary" onClick={() => void acceptProposal()}>
          {t(proposal.refused.size > 0 ? "chat.applyChosen" : "chat.apply")}
        </Button>
      </Banner>
    );
  }
  if (broken && problem) {
    const { start, end } = problem.range;
    return (
      <Banner icon="mdi:alert-circle-outline" tone="error" text={t("canvas.broken")}>
        <Button kind="plain" onClick={() => studio.revealRange(start.offset, end.offset)}>
          {t("canvas.showPlace")}
        </Button>
      </Banner>
    );
  }
  return null;
});

const TONES = { added: "text-added", changed: "text-changed", moved: "text-moved", removed: "text-removed" } as const;

/** How many of each kind: the legend of the colours as well. */
function Counts({ changes }: { changes: Comparison }) {
  const { t } = useTranslation();
  const kinds = (["added", "changed", "moved", "removed"] as const).filter((kind) => changes[kind].length > 0);
  if (kinds.length === 0) return <span className="mr-1 text-muted">{t("compare.none")}</span>;
  return (
    <span className="mr-1 flex flex-wrap gap-x-2">
      {kinds.map((kind) => (
        <span key={kind} className={`font-semibold ${TONES[kind]}`}>
          {t(`compare.count.${kind}`, { count: changes[kind].length })}
        </span>
      ))}
    </span>
  );
}

interface BannerProps {
  icon: string;
  text: string;
  tone?: "error";
  children: React.ReactNode;
}

function Banner({ icon, text, tone, children }: BannerProps) {
  return (
    <div className="pointer-events-none absolute inset-x-3 top-3 z-10 flex justify-center">
      <div
        role="status"
        className="rise pointer-events-auto flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg border border-hairline bg-surface py-1.5 pr-1.5 pl-3 text-[13px] shadow-pop"
      >
        <span className={tone === "error" ? "text-error" : "text-accent"}>
          <Icon name={icon} />
        </span>
        <span className="mr-1">{text}</span>
        {children}
      </div>
    </div>
  );
}

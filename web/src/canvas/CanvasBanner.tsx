import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { acceptProposal, discardProposal } from "../assistant/assistant";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";

/** What is special about the drawing one sees: it is older than the text, a proposal, or a version. */
export function CanvasBanner() {
  const { t } = useTranslation();
  const broken = useStudio((state) => state.broken);
  const viewing = useStudio((state) => state.viewing);
  const proposal = useStudio((state) => state.proposal);
  const problem = useStudio((state) => state.problems.find((p) => p.severity === "error"));
  if (viewing) {
    return (
      <Banner icon="mdi:history" text={t("versions.viewing", { n: viewing.number })}>
        <Button kind="plain" onClick={() => studio.stopViewing()}>
          {t("versions.back")}
        </Button>
        <Button kind="primary" onClick={() => void studio.restore(viewing.number)}>
          {t("versions.restore")}
        </Button>
      </Banner>
    );
  }
  if (proposal) {
    const summary = t("chat.summary", {
      added: proposal.added.length,
      removed: proposal.removed.length,
      changed: proposal.changed.length,
    });
    return (
      <Banner icon="mdi:creation-outline" text={`${t("chat.proposal")}: ${summary}`}>
        <Button kind="plain" onClick={() => discardProposal()}>
          {t("chat.discard")}
        </Button>
        <Button kind="primary" onClick={() => void acceptProposal()}>
          {t("chat.apply")}
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
        className="rise pointer-events-auto flex items-center gap-2 rounded-lg border border-hairline bg-surface py-1.5 pr-1.5 pl-3 text-[13px] shadow-pop"
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

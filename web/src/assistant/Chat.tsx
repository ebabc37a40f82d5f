import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Message, useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { acceptProposal, discardProposal } from "./assistant";
import { Pieces } from "./Changes";
import { PromptField } from "./PromptField";

export function Chat() {
  const { t } = useTranslation();
  const messages = useStudio((state) => state.messages);
  const pieces = useStudio((state) => state.proposal?.pieces);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [messages, pieces]);
  return (
    <div className="flex h-full flex-col">
      <div ref={list} role="log" aria-label={t("chat.log")} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-3">
        {messages.length === 0 ? (
          <p className="p-2 text-[13px] text-muted">{t("chat.empty")}</p>
        ) : (
          <ol className="flex flex-col gap-4">
            {messages.map((message) => (
              <Entry key={message.id} message={message} />
            ))}
          </ol>
        )}
      </div>
      <div className="border-t border-hairline p-3">
        <PromptField placeholder={t("chat.placeholder")} />
      </div>
    </div>
  );
}

function Entry({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { state, text } = message;
  if (message.from === "person") {
    return (
      <li className="rise ml-8 self-end rounded-lg bg-accent-soft px-3 py-2 text-[13px] break-words whitespace-pre-wrap">
        <span className="sr-only">{t("chat.you")}: </span>
        {text}
      </li>
    );
  }
  return (
    <li className="rise text-[13px]">
      <span className="sr-only">{t("chat.spandrel")}: </span>
      {text !== "" && <p className={`break-words whitespace-pre-wrap ${state === "failed" ? "text-error" : ""}`}>{text}</p>}
      {state === "working" && (
        <p className="flex items-center gap-2 text-muted">
          <span className="animate-spin">
            <Icon name="mdi:loading" size={16} />
          </span>
          {t("chat.working")}
        </p>
      )}
      <Facts message={message} />
      {state === "proposed" && <Decision />}
      {(state === "applied" || state === "discarded") && (
        <p className="mt-1.5 flex items-center gap-1 text-xs text-muted">
          <Icon name={state === "applied" ? "mdi:check" : "mdi:close"} size={14} />
          {t(`chat.${state}`)}
        </p>
      )}
    </li>
  );
}

/** What was understood, how surely, by what; and who answered. */
function Facts({ message: { verdict, provider, alone, state } }: { message: Message }) {
  const { t, i18n } = useTranslation();
  if (!verdict) return null;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  return (
    <dl className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-muted">
      <Fact name={t("chat.intent")} value={t(`intent.${verdict.intent}`)} />
      <Fact name={t("chat.confidence")} value={percent.format(verdict.confidence)} />
      <Fact name={t("chat.source")} value={t(`decided.${verdict.source}`)} />
      {state !== "working" && (
        <div>
          <dt className="sr-only">{t("chat.spandrel")}</dt>
          <dd title={alone}>{provider ? t("chat.provider", { provider }) : t(alone ? "chat.alone" : "chat.offline")}</dd>
        </div>
      )}
    </dl>
  );
}

/** What the proposal does, and a yes or a no. */
function Decision() {
  const { t } = useTranslation();
  const proposal = useStudio((state) => state.proposal);
  if (!proposal || proposal.growing) return null;
  const { pieces, refused } = proposal;
  const nothing = pieces !== null && pieces.length > 0 && refused.size === pieces.length;
  return (
    <>
      {pieces && pieces.length > 0 && <Pieces pieces={pieces} refused={refused} />}
      <div className="mt-2 flex gap-2">
        <Button kind="primary" disabled={nothing} onClick={() => void acceptProposal()}>
          {t(refused.size > 0 ? "chat.applyChosen" : "chat.apply")}
        </Button>
        <Button onClick={discardProposal}>{t("chat.discard")}</Button>
      </div>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-1">
      <dt>{name}:</dt>
      <dd className="text-ink">{value}</dd>
    </div>
  );
}

import { type FormEvent, type KeyboardEvent, type Ref, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../ui/Button";
import { useStudio } from "../state/store";
import { ask, MAX_QUERY, stop } from "./assistant";

interface Props {
  placeholder: string;
  /** The large form of the first visit. */
  large?: boolean;
  field?: Ref<HTMLTextAreaElement>;
}

/** Where a request is typed. Enter sends, Shift and Enter begins a new line. */
export function PromptField({ placeholder, large = false, field }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const working = useStudio((state) => state.messages.some((message) => message.state === "working"));
  const tooLong = text.length > MAX_QUERY;
  const send = (): void => {
    if (tooLong || working) return;
    // Nothing typed: what the field shows as an example is a fair request.
    const query = text.trim() === "" && large ? placeholder : text;
    if (query.trim() === "") return;
    setText("");
    void ask(query);
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={onSubmit}>
      <div
        className={`flex items-end gap-2 rounded-lg border bg-surface p-1.5 focus-within:border-accent ${tooLong ? "border-error" : "border-line"} ${large ? "shadow-pop" : ""}`}
      >
        <textarea
          ref={field}
          value={text}
          rows={large ? 2 : 2}
          aria-label={t("chat.label")}
          aria-invalid={tooLong}
          placeholder={placeholder}
          className={`max-h-40 min-h-10 flex-1 resize-none bg-transparent px-2 py-1 text-ink outline-none placeholder:text-muted ${large ? "text-base" : "text-[13px]"}`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {working ? (
          <IconButton icon="mdi:stop-circle-outline" label={t("chat.stop")} tip="above" onClick={stop} />
        ) : large ? (
          <Button kind="primary" type="submit" className="h-9 px-4" disabled={tooLong}>
            {t("welcome.draw")}
          </Button>
        ) : (
          <IconButton icon="mdi:arrow-up" label={t("chat.send")} tip="above" type="submit" disabled={tooLong || text.trim() === ""} />
        )}
      </div>
      {tooLong && (
        <p role="alert" className="mt-1 text-xs text-error">
          {t("chat.tooLong", { max: MAX_QUERY, count: text.length })}
        </p>
      )}
    </form>
  );
}

import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { renameOp } from "./gestures";
import { focusItem } from "./viewport";

/** Renames in place. Enter keeps, Escape leaves, and so does a click elsewhere keep. */
export function LabelEditor({ id, label }: { id: string; label: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const done = useRef(false);

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const finish = (keep: boolean): void => {
    if (done.current) return;
    done.current = true;
    const value = field.current?.value ?? label;
    useStudio.setState({ renaming: null });
    if (keep && value.trim() !== label.trim()) void studio.perform(renameOp(id, value));
    // The keyboard goes back to where it was.
    focusItem(id);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      finish(true);
    } else if (event.key === "Escape") {
      finish(false);
    }
  };

  return (
    <textarea
      ref={field}
      className="nodrag nopan nowheel w-full min-w-16 resize-none rounded bg-surface px-1 py-0.5 text-center font-semibold text-ink outline-2 outline-accent"
      rows={Math.min(3, label.split("\n").length)}
      defaultValue={label}
      aria-label={t("canvas.nodeLabel", { name: label || id })}
      onBlur={() => finish(true)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}

import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button";

interface Props {
  title: string;
  children: ReactNode;
  /** Buttons at the bottom. */
  actions?: ReactNode;
  wide?: boolean;
  onClose(): void;
}

/** A dialog in the top layer: focus stays inside, Escape and a click outside close it. */
export function Dialog({ title, children, actions, wide = false, onClose }: Props) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className={`rise m-auto max-h-[86vh] w-full rounded-xl border border-hairline bg-surface p-0 text-ink shadow-pop ${wide ? "max-w-4xl" : "max-w-md"}`}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="flex max-h-[86vh] flex-col">
        <div className="flex shrink-0 items-center justify-between gap-2 py-3 pr-3 pl-5">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          <IconButton icon="mdi:close" label={t("common.close")} tip="left" onClick={onClose} />
        </div>
        <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
        {actions && <div className="flex shrink-0 flex-wrap justify-end gap-2 border-t border-hairline p-3">{actions}</div>}
      </div>
    </dialog>
  );
}

import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props {
  label: string;
  /** The button that opens it. */
  button: (props: { popoverTarget: string; "aria-haspopup": "dialog"; "aria-expanded": boolean }) => ReactNode;
  /** On which side of the button it stands. */
  side?: "below" | "above";
  /** Drawn only while it is open; `close` closes it. */
  children: (close: () => void) => ReactNode;
}

const GAP = 6;
const EDGE = 8;

/** A small panel in the top layer; Escape and a click elsewhere close it. */
export function Popover({ label, button, side = "below", children }: Props) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => panel.current?.hidePopover();

  useEffect(() => {
    const element = panel.current;
    const anchor = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)?.getBoundingClientRect();
    if (!open || !element || !anchor) return;
    const { width, height } = element.getBoundingClientRect();
    const above = anchor.top - height - GAP;
    const below = anchor.bottom + GAP;
    const fits = below + height <= innerHeight - EDGE;
    const top = side === "above" || !fits ? (above >= EDGE ? above : below) : below;
    element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
    element.style.left = `${Math.max(EDGE, Math.min(anchor.left, innerWidth - width - EDGE))}px`;
    element.querySelector<HTMLElement>("[autofocus], button, input, select")?.focus();
  }, [open, id, side]);

  return (
    <>
      {button({ popoverTarget: id, "aria-haspopup": "dialog", "aria-expanded": open })}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className="fixed inset-auto m-0 max-h-[80vh] overflow-y-auto rounded-lg border border-hairline bg-surface p-2 text-ink shadow-pop"
        onToggle={(event) => setOpen(event.newState === "open")}
        onPointerDown={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open && children(close)}
      </div>
    </>
  );
}

import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { Icon } from "./Icon";

export interface MenuItem {
  label: string;
  icon?: string;
  run(): void;
  disabled?: boolean;
}

interface Props {
  /** The button that opens it. */
  button: (props: { popoverTarget: string; "aria-haspopup": "menu" }) => ReactNode;
  label: string;
  items: readonly (MenuItem | "line")[];
}

/** A menu in the top layer: arrows move, Escape and a click elsewhere close. */
export function Menu({ button, label, items }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const entries = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])];

  const onToggle = (open: boolean): void => {
    const menu = list.current;
    if (!open || !menu) return;
    const anchor = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)?.getBoundingClientRect();
    if (anchor) {
      const { width, height } = menu.getBoundingClientRect();
      const fits = anchor.bottom + 4 + height <= innerHeight - 8;
      menu.style.top = `${fits ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
      menu.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
    }
    entries()[0]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length]?.focus();
  };

  return (
    <>
      {button({ popoverTarget: id, "aria-haspopup": "menu" })}
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="fixed inset-auto m-0 min-w-48 rounded-lg border border-hairline bg-surface p-1 text-ink shadow-pop"
        onToggle={(event) => onToggle(event.newState === "open")}
        onKeyDown={onKeyDown}
      >
        {items.map((item, at) =>
          item === "line" ? (
            <hr key={at} className="my-1 border-hairline" />
          ) : (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              disabled={item.disabled}
              className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left text-[13px] hover:bg-hover focus-visible:bg-hover disabled:text-muted"
              onClick={() => {
                list.current?.hidePopover();
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} size={16} />}
              {item.label}
            </button>
          ),
        )}
      </div>
    </>
  );
}

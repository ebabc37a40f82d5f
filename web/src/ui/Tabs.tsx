import { type KeyboardEvent, type ReactNode, useRef } from "react";

export interface Tab<T extends string> {
  id: T;
  label: string;
  badge?: ReactNode;
}

interface Props<T extends string> {
  label: string;
  tabs: readonly Tab<T>[];
  current: T;
  onChange(id: T): void;
  /** Id of the panel that the tabs switch. */
  panel: string;
}

/** Tabs after the WAI-ARIA pattern: arrows move, only the current one is in the tab order. */
export function Tabs<T extends string>({ label, tabs, current, onChange, panel }: Props<T>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.findIndex((tab) => tab.id === current);
    const end = { Home: 0, End: tabs.length - 1 }[event.key];
    const next = step === undefined ? end : (at + step + tabs.length) % tabs.length;
    const tab = next === undefined ? undefined : tabs[next];
    if (!tab) return;
    event.preventDefault();
    onChange(tab.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(tab.id)}"]`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className="flex h-full items-stretch gap-1" onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${panel}-tab-${tab.id}`}
          data-tab={tab.id}
          aria-selected={tab.id === current}
          aria-controls={panel}
          tabIndex={tab.id === current ? 0 : -1}
          className="relative flex items-center gap-1.5 px-2.5 text-[13px] text-muted transition-colors duration-150 hover:text-ink aria-selected:font-semibold aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-2.5 aria-selected:after:bottom-0 aria-selected:after:h-0.5 aria-selected:after:bg-accent"
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
          {tab.badge}
        </button>
      ))}
    </div>
  );
}

import type { ButtonHTMLAttributes } from "react";
import { Icon } from "./Icon";

type Kind = "primary" | "plain" | "quiet";

const kinds: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-hover disabled:text-muted",
  plain: "border border-hairline bg-surface text-ink hover:bg-hover disabled:text-muted disabled:hover:bg-surface",
  quiet: "text-ink hover:bg-hover disabled:text-muted disabled:hover:bg-transparent",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  icon?: string;
}

export function Button({ kind = "plain", icon, className = "", children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-3 text-[13px] font-semibold whitespace-nowrap transition-colors duration-150 ${kinds[kind]} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: string;
  label: string;
  /** Where the tip stands. */
  tip?: "below" | "above" | "left";
  pressed?: boolean;
}

/** A button that is an icon; its name is its tip. */
export function IconButton({ icon, label, tip = "below", pressed, className = "", ...rest }: IconButtonProps) {
  const place = {
    below: "top-full mt-1.5 left-1/2 -translate-x-1/2",
    above: "bottom-full mb-1.5 left-1/2 -translate-x-1/2",
    left: "right-full mr-1.5 top-1/2 -translate-y-1/2",
  }[tip];
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      className={`group relative inline-flex size-8 items-center justify-center rounded-md text-ink transition-colors duration-150 hover:bg-hover disabled:text-line disabled:hover:bg-transparent aria-pressed:text-accent ${className}`}
      {...rest}
    >
      <Icon name={icon} />
      <span
        aria-hidden="true"
        className={`pointer-events-none absolute z-50 hidden rounded bg-ink px-2 py-1 text-xs font-normal whitespace-nowrap text-paper group-hover:block group-focus-visible:block ${place}`}
      >
        {label}
      </span>
    </button>
  );
}

import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";

/** A width that is remembered. */
export function useWidth(key: string, initial: number): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => {
    const stored = Number(localStorage.getItem(`spandrel:width:${key}`));
    return stored > 0 ? stored : initial;
  });
  useEffect(() => {
    try {
      localStorage.setItem(`spandrel:width:${key}`, String(width));
    } catch {
      // Not remembered, then.
    }
  }, [key, width]);
  return [width, setWidth];
}

interface Props {
  label: string;
  width: number;
  min: number;
  max: number;
  /** Which neighbour grows when the bar moves right. */
  side: "left" | "right";
  onChange(width: number): void;
}

/** The bar between two panels: by pointer, or with the arrow keys. */
export function Splitter({ label, width, min, max, side, onChange }: Props) {
  const clamp = (value: number): number => Math.round(Math.min(max, Math.max(min, value)));
  const sign = side === "left" ? 1 : -1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const bar = event.currentTarget;
    const from = event.clientX;
    const before = width;
    bar.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent): void => onChange(clamp(before + sign * (e.clientX - from)));
    const up = (): void => {
      bar.removeEventListener("pointermove", move);
      bar.removeEventListener("pointerup", up);
      bar.removeEventListener("pointercancel", up);
    };
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", up);
    bar.addEventListener("pointercancel", up);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 16, ArrowLeft: -16 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChange(clamp(width + sign * step));
  };
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className="relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-hairline transition-colors duration-150 after:absolute after:inset-y-0 after:-left-1 after:w-2 hover:bg-accent focus-visible:bg-accent"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

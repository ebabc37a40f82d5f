import { type ReactNode } from "react";
import { icons } from "../icons.js";
import { useSpandrelContext } from "./context.js";

/** An icon of the bundled set; nothing where it is unknown. Never fetched. */
export function Icon({ name, size }: { name: string | undefined; size: number }): ReactNode {
  const { renderIcon } = useSpandrelContext();
  if (!name) return null;
  if (renderIcon) return renderIcon(name, size);
  const path = icons[name];
  if (!path) return null;
  return (
    <svg className="spandrel-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path fill="currentColor" d={path} />
    </svg>
  );
}

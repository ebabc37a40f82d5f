import { type ReactNode, useEffect, useState } from "react";
import { icons } from "../icons.js";
import { useSpandrelContext } from "./context.js";

/** An icon of the bundled set; nothing where it is unknown. Never fetched from anywhere else. */
export function Icon({ name, size }: { name: string | undefined; size: number }): ReactNode {
  const { renderIcon } = useSpandrelContext();
  if (!name) return null;
  if (renderIcon) return renderIcon(name, size);
  if (name.startsWith("logos:")) return <Logo name={name} size={size} />;
  const path = icons[name];
  if (!path) return null;
  return (
    <svg className="spandrel-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path fill="currentColor" d={path} />
    </svg>
  );
}

/** Once they are there, for every logo that is drawn later. */
let loaded: Readonly<Record<string, string>> | undefined;

/** A vendor's logo. They are a file of their own, which comes when the first is drawn. */
function Logo({ name, size }: { name: string; size: number }): ReactNode {
  const [logos, setLogos] = useState(loaded);
  useEffect(() => {
    if (logos) return;
    let over = false;
    void import("../logos.js").then((found) => {
      loaded = found.logos;
      if (!over) setLogos(loaded);
    });
    return () => {
      over = true;
    };
  }, [logos]);
  const body = logos?.[name];
  if (!body) return null;
  return (
    <svg className="spandrel-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: body }} />
  );
}

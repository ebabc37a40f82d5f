import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { Icon } from "../ui/Icon";
import { type Pictured, thumbnail } from "./thumbnails";

interface Props {
  /** What is drawn; fetched when it comes into view. */
  source: Pictured | (() => Promise<Pictured>);
  /** Changes where another picture is to be drawn. */
  id: string;
  className?: string;
}

/** A small picture of a diagram, drawn by the engine once it comes into view. Says nothing to screen readers. */
export function Thumbnail({ source, id, className = "" }: Props) {
  const { t } = useTranslation();
  const dark = useStudio((state) => state.dark);
  const place = useRef<HTMLDivElement>(null);
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState(false);
  const wanted = useRef(source);
  wanted.current = source;

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    let over = false;
    setFailed(false);
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      const what = wanted.current;
      Promise.resolve(typeof what === "function" ? what() : what)
        .then((found) => thumbnail(found, dark))
        .then(
          (made) => !over && setUrl(made),
          () => !over && setFailed(true),
        );
    });
    watch.observe(box);
    return () => {
      over = true;
      watch.disconnect();
    };
  }, [id, dark]);

  return (
    <div ref={place} className={`flex items-center justify-center overflow-hidden bg-paper ${className}`}>
      {url ? (
        <img src={url} alt="" className="size-full object-contain p-1.5" draggable={false} />
      ) : failed ? (
        <span className="text-muted" title={t("designs.noPicture")}>
          <Icon name="mdi:image-off-outline" size={20} />
        </span>
      ) : null}
    </div>
  );
}

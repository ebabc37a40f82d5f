import { type RefObject, useEffect, useRef, useState } from "react";

/** How long things glide to their new places; the style sheet has the same. */
const GLIDE = 200;

/** Whether the canvas is on its way to a new drawing: true from the moment it comes until everything stands. */
export function useSettling(drawing: unknown, dragging: RefObject<boolean>): boolean {
  const [settling, setSettling] = useState(false);
  const first = useRef(true);
  useEffect(() => {
    if (drawing === undefined || dragging.current) return;
    // The first drawing appears; only later ones have somewhere to come from.
    if (first.current) {
      first.current = false;
      return;
    }
    setSettling(true);
    const timer = setTimeout(() => setSettling(false), GLIDE + 40);
    return () => clearTimeout(timer);
  }, [drawing, dragging]);
  return settling;
}

import { type RefObject, useLayoutEffect, useRef } from "react";

/** How long things glide to their new places; the style sheet has the same. */
const GLIDE = 200;

/**
 * Marks the canvas as on its way to a new drawing, from the moment it comes until everything stands. The mark is set on
 * the element itself: drawing all of the canvas again for the sake of a class would delay what it is about.
 */
export function useSettling(canvas: RefObject<HTMLElement | null>, drawing: unknown, dragging: RefObject<boolean>): void {
  const first = useRef(true);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || drawing === undefined || dragging.current) return;
    // The first drawing appears; only later ones have somewhere to come from.
    if (first.current) {
      first.current = false;
      return;
    }
    element.dataset["settling"] = "";
    const timer = setTimeout(() => delete element.dataset["settling"], GLIDE + 40);
    return () => clearTimeout(timer);
  }, [canvas, drawing, dragging]);
}

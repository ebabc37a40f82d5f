import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Diagram } from "spandrel";

/** How long things glide to their new places; the style sheet has the same. */
const GLIDE = 200;

type Drawing = Pick<Diagram, "nodes">;

/**
 * Marks the canvas as on its way to a new drawing, from the moment it comes until everything stands. The mark is set on
 * the element itself: drawing all of the canvas again for the sake of a class would delay what it is about.
 */
export function useSettling(canvas: RefObject<HTMLElement | null>, drawing: Drawing | undefined, dragging: RefObject<boolean>): void {
  const last = useRef<Drawing>(undefined);
  // Outlives the drawing it was set for: one that comes meanwhile and moves nothing must not leave the mark for good.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || drawing === undefined || dragging.current) return;
    // The first drawing appears; only later ones have somewhere to come from.
    const before = last.current;
    last.current = drawing;
    if (before === undefined || !isMoved(before, drawing)) return;
    element.dataset["settling"] = "";
    clearTimeout(timer.current);
    timer.current = setTimeout(() => delete element.dataset["settling"], GLIDE + 40);
  }, [canvas, drawing, dragging]);
}

/**
 * Whether more than one node has another place or size. One that grows alone, as while its label is typed, is there at
 * once: the mark concerns every element of the canvas, which is too much for a key.
 */
function isMoved(before: Drawing, now: Drawing): boolean {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  let moved = 0;
  for (const node of now.nodes) {
    const was = old.get(node.id);
    if (!was || was === node) continue;
    const { x, y } = was.position;
    if (x !== node.position.x || y !== node.position.y || was.width !== node.width || was.height !== node.height) moved++;
    if (moved > 1) return true;
  }
  return false;
}

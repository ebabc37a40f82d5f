import { useSyncExternalStore } from "react";

/** Below this the panels and the canvas do not fit beside each other; a page at 200 % is half as wide as its screen. */
const NARROW = "(max-width: 959px)";

const query = matchMedia(NARROW);

function subscribe(told: () => void): () => void {
  query.addEventListener("change", told);
  return () => query.removeEventListener("change", told);
}

/** Whether panels have to lie over the canvas. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches);

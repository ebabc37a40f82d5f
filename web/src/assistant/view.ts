// Orders to the canvas, carried out on this page. The text is never changed by them.
import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { studio } from "../app/studio";
import { setDark } from "../app/theme";
import { applyViewTo, type Page, type ViewRequest } from "../canvas/apply-view";
import { FIT, glide } from "../canvas/viewport";
import { useStudio } from "../state/store";

/** How the canvas moves; known once there is one. */
type Flow = Pick<ReactFlowInstance, "zoomIn" | "zoomOut" | "zoomTo" | "fitView">;
let flow: Flow | undefined;

/** The canvas of this page takes requests from now on. */
export function useViewRequests(): void {
  const mine = useReactFlow();
  useEffect(() => {
    flow = mine;
    return () => {
      flow = undefined;
    };
  }, [mine]);
}

const page: Page = {
  get diagram() {
    return useStudio.getState().diagram;
  },
  focus: (ids) => useStudio.setState({ selected: [...ids], focus: ids.join("\n") }),
  zoom(how) {
    const options = { duration: glide() };
    if (how === "in") void flow?.zoomIn(options);
    else if (how === "out") void flow?.zoomOut(options);
    else if (how === "actual") void flow?.zoomTo(1, options);
    else void flow?.fitView({ ...FIT, ...options });
  },
  theme: setDark,
  board: (path) => studio.showBoard(path),
  panel(name, open) {
    if (name === "editor" || name === "outline") useStudio.setState({ editorOpen: open, left: name === "editor" ? "source" : "list" });
    else useStudio.setState({ sideOpen: open, side: name });
  },
};

/** Does what was asked; `false` where nothing of it was understood. */
export const applyView = (view: ViewRequest): boolean => applyViewTo(page, view);

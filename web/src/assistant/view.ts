// What a wish about the view asks for. The text is never changed by it.
import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { studio } from "../app/studio";
import { setDark } from "../app/theme";
import { applyViewTo, type Page } from "../canvas/apply-view";
import { FIT, glide } from "../canvas/viewport";
import { useStudio } from "../state/store";

export interface View {
  action: string;
  target?: string;
}

type Rule = readonly [pattern: RegExp, action: string, target?: string];

/** The first that fits decides; a captured group is the target. */
const RULES: readonly Rule[] = [
  [/\b(?:dark|night)\b/, "theme", "dark"],
  [/\b(?:light|bright|day)(?: mode| theme)?\b/, "theme", "light"],
  [/\b(?:trust[- ]?zones?|trust[- ]?bound\w*|security zones?|zones? view)\b/, "view", "zones"],
  [/\bdata[- ]?flows?\b/, "view", "dataflow"],
  [/\barchitecture (?:view|diagram)\b|\b(?:normal|usual|default) view\b/, "view", "architecture"],
  [/\b(?:fit|whole (?:diagram|picture|thing)|entire diagram|zoom to fit|see everything|recenter|re-center|center)\b/, "fit"],
  [/\bzoom (?:in|closer)\b|\bcloser\b|\bbigger\b|\benlarge\b/, "zoom", "in"],
  [/\bzoom (?:out|away)\b|\bsmaller\b/, "zoom", "out"],
  [/\b(?:hide|blend out|without|remove from view)\b(?: all| the)* (.+)/, "hide"],
  [/\b(?:only|just)\b(?: show)?(?: me)?(?: all| the)* (.+)/, "only"],
  [/\b(?:collapse|fold)\b(?: all| the)* (.+)/, "collapse"],
  [/\b(?:expand|unfold)\b(?: all| the)* (.+)/, "expand"],
  [/\b(?:focus|highlight|zoom|center|jump|go)\b(?: on| in| to)*(?: all| the)* (.+)/, "focus"],
  [/\b(?:show|unhide|bring back)\b(?: me)?(?: all| the)* (.+)/, "show"],
];

/** `undefined` where the words do not say what to do. */
export function viewOf(query: string): View | undefined {
  const text = query.toLowerCase().replace(/[.!?]+$/, "");
  for (const [pattern, action, target] of RULES) {
    const found = pattern.exec(text);
    if (!found) continue;
    const named = target ?? found[1]?.replace(/\b(please|for now|again|only|on the canvas|in the diagram)\b/g, "").trim();
    return named ? { action, target: named } : { action };
  }
  return undefined;
}

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
    const { sideOpen, editorOpen, side, left } = useStudio.getState();
    if (name === "editor" || name === "outline") {
      const wanted = name === "editor" ? "source" : "list";
      useStudio.setState({ editorOpen: open ?? !(editorOpen && left === wanted), left: wanted });
    } else {
      useStudio.setState({ sideOpen: open ?? !(sideOpen && side === name), side: name });
    }
  },
};

/** Does what was asked; `false` where nothing of it was understood. */
export const applyView = (view: View): boolean => applyViewTo(page, view);

// What a wish about the view asks for. The text is never changed by it.
import { studio } from "../app/studio";
import { setDark } from "../app/theme";
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

type Applier = (view: View) => boolean;
let canvasApply: Applier | undefined;

/** The canvas says how it shows a view; `false` where it has no such view. */
export function onView(apply: Applier): void {
  canvasApply = apply;
}

/** Does what was asked, as far as there is something to do it with. */
export function applyView(view: View): boolean {
  if (view.action === "theme") {
    setDark(view.target === "dark");
    return true;
  }
  if (canvasApply?.(view)) return true;
  if (view.action === "focus" || view.action === "show") {
    const id = nodeCalled(view.target ?? "");
    if (id === undefined) return false;
    useStudio.setState({ selected: [id], focus: id });
    return true;
  }
  if (view.action === "board") {
    studio.showBoard(view.target ?? "");
    return true;
  }
  return false;
}

/** The node whose label is most like what was said. */
function nodeCalled(words: string): string | undefined {
  const wanted = words.toLowerCase();
  const nodes = useStudio.getState().diagram?.nodes ?? [];
  const label = (node: (typeof nodes)[number]): string => node.data.label.toLowerCase();
  return (
    nodes.find((node) => label(node) === wanted) ??
    nodes.find((node) => label(node) !== "" && (wanted.includes(label(node)) || label(node).includes(wanted)))
  )?.id;
}

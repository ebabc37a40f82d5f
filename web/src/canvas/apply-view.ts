// An order to look at the diagram in another way, carried out: `{ action, target }` as the engine words it, here and on
// the server (`spandrel_assist::view` is the one table of words). What is meant is a perspective, a board, a theme, a
// part of the page, kinds, or ids of this drawing; several stand with commas between them.
import type { Diagram } from "spandrel";
import { containersOf, PLAIN, showAll, toggled, useView, type ViewKind, type ViewState } from "./view";

export interface ViewRequest {
  action: string;
  target?: string | null;
}

const PANELS = ["editor", "assistant", "inspector", "versions", "problems", "outline"] as const;
type Panel = (typeof PANELS)[number];

/** What of the page, rather than of the diagram, a request can change. */
export interface Page {
  diagram: Diagram | undefined;
  focus(ids: readonly string[]): void;
  zoom(how: "in" | "out" | "fit" | "actual"): void;
  theme(dark: boolean): void;
  board(path: string): void;
  panel(name: Panel, open: boolean): void;
}

const PERSPECTIVES: Record<string, ViewKind> = { architecture: "architecture", data_flow: "flow", trust_zones: "zones" };
/** What of the canvas can be shown or hidden as a whole. */
const EXTRAS = ["labels", "grid", "minimap"] as const;

/** Does what is asked; false where nothing in it was understood. */
export function applyViewTo(page: Page, request: ViewRequest): boolean {
  const { diagram } = page;
  const target = request.target ?? "";
  switch (request.action) {
    case "theme":
      page.theme(target !== "light");
      return true;
    case "reset":
      showAll();
      useView.setState({ kind: PLAIN.kind, labels: PLAIN.labels });
      page.zoom("fit");
      return true;
    case "fit":
      page.zoom("fit");
      return true;
    case "zoom":
      page.zoom(target === "out" ? "out" : target === "actual" ? "actual" : "in");
      return true;
    case "switch":
      return turnTo(page, target);
    case "collapse":
    case "expand":
      return fold(diagram, target, request.action === "collapse");
    case "highlight":
      return found(diagram, target, (ids) => useView.setState({ highlighted: ids }));
    case "only":
      return found(diagram, target, (ids) => {
        useView.setState({ only: ids });
        page.zoom("fit");
      });
    case "focus":
      return found(diagram, target, page.focus);
    case "show":
    case "hide":
      return show(page, target, request.action === "show");
    default:
      return false;
  }
}

function turnTo(page: Page, target: string): boolean {
  const kind = PERSPECTIVES[target];
  if (kind) useView.setState({ kind });
  else if (page.diagram?.boards.some(({ path }) => path === target)) page.board(target);
  else return false;
  return true;
}

function show(page: Page, target: string, on: boolean): boolean {
  const extra = EXTRAS.find((name) => name === target);
  // "The panel" is whatever is at the side.
  const panel = target === "panel" ? "inspector" : PANELS.find((name) => name === target);
  const [ids, kinds] = [idsIn(page.diagram, target), kindsIn(page.diagram, target)];
  if (extra) useView.setState({ [extra]: on });
  else if (panel) page.panel(panel, on);
  else if (ids.length > 0) change(({ hiddenIds }) => ({ hiddenIds: withAll(hiddenIds, ids, !on), only: [] }));
  else if (kinds.length > 0) change(({ hiddenKinds }) => ({ hiddenKinds: withAll(hiddenKinds, kinds, !on), only: [] }));
  else return false;
  return true;
}

function fold(diagram: Diagram | undefined, target: string, folded: boolean): boolean {
  const containers = containersOf(diagram);
  const named = idsIn(diagram, target).filter((id) => containers.includes(id));
  if (target !== "" && named.length === 0) return false;
  const all = named.length > 0 ? named : containers;
  change(({ collapsed }) => ({ collapsed: withAll(collapsed, all, folded) }));
  return all.length > 0;
}

/** Gives the ids that a target means, by themselves or by their kinds, to `then`; false where there are none. */
function found(diagram: Diagram | undefined, target: string, then: (ids: string[]) => void): boolean {
  const named = idsIn(diagram, target);
  const kinds = kindsIn(diagram, target);
  const ids = named.length > 0 ? named : (diagram?.nodes.filter(({ data }) => kinds.includes(data.nodeType)).map(({ id }) => id) ?? []);
  if (ids.length > 0) then(ids);
  return ids.length > 0;
}

const namesIn = (target: string): string[] => target.split(",").map((name) => name.trim());

function idsIn(diagram: Diagram | undefined, target: string): string[] {
  const there = new Set(diagram?.nodes.map(({ id }) => id));
  return namesIn(target).filter((name) => there.has(name));
}

function kindsIn(diagram: Diagram | undefined, target: string): string[] {
  const there = new Set(diagram?.nodes.map(({ data }) => data.nodeType));
  return namesIn(target).filter((name) => there.has(name));
}

const change = (how: (state: ViewState) => Partial<ViewState>): void => useView.setState(how);
const withAll = (list: readonly string[], items: readonly string[], inside: boolean): string[] =>
  items.reduce<string[]>((all, item) => toggled(all, item, inside), [...list]);

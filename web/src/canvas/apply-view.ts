// A request to look at the diagram in another way, as the assistant hands it on: `{ action, target }` in words. What
// is meant is found among the views, the kinds, the parts of this drawing, and the panels.
import type { Diagram } from "spandrel";
import { family } from "./geometry";
import { containersOf, PLAIN, showAll, toggled, useView, type ViewKind, type ViewState } from "./view";

export interface ViewRequest {
  action: string;
  target?: string | null;
}

/** What of the page, rather than of the diagram, a request can change. */
export interface Page {
  diagram: Diagram | undefined;
  focus(ids: readonly string[]): void;
  zoom(how: "in" | "out" | "fit" | "actual"): void;
  theme(dark: boolean): void;
  board(path: string): void;
  panel(name: "editor" | "assistant" | "inspector" | "versions" | "problems" | "outline", open: boolean | undefined): void;
}

const VIEWS: readonly [RegExp, ViewKind][] = [
  [/\b(data ?-?flows?|flows?|flux|datenfluss\w*|flujo)\b/, "flow"],
  [/\b(trust|zones?|boundar(y|ies)|vertrauen\w*|security view|threat)\b/, "zones"],
  [/\b(architecture\w*|architektur\w*|overview|übersicht|structure|default|normal|standard|arquitectura)\b/, "architecture"],
];

/** Words for kinds; what stands for several at once is a layer. */
const KINDS: readonly [RegExp, readonly string[]][] = [
  [/\b(databases?|dbs?|datenbank\w*|sql|stores?)\b/, ["database"]],
  [/\b(queues?|brokers?|topics?|messag\w*|events?|warteschlang\w*)\b/, ["queue"]],
  [/\b(caches?)\b/, ["cache"]],
  [/\b(storage|buckets?|files?|speicher)\b/, ["storage"]],
  [/\b(clients?|front-?ends?|browsers?|apps?)\b/, ["client"]],
  [/\b(users?|people|persons?|actors?|nutzer|benutzer)\b/, ["person"]],
  [/\b(external\w*|third.part\w*|extern\w*)\b/, ["external"]],
  [/\b(security|sicherheit\w*|auth\w*|firewalls?)\b/, ["security"]],
  [/\b(networks?|netzwerk\w*|gateways?|load balancers?|edge|cdns?)\b/, ["network"]],
  [/\b(ai|models?|llms?|ki)\b/, ["ai"]],
  [/\b(services?|process(es)?|back-?ends?|workers?|dienste?)\b/, ["process"]],
  [/\b(data|daten)( layer| tier|schicht)?\b/, ["database", "storage", "cache"]],
];

const PANELS: readonly [RegExp, Parameters<Page["panel"]>[0]][] = [
  [/\b(editor|source|text|code|quelltext)\b/, "editor"],
  [/\b(chat|assistant|assistent)\b/, "assistant"],
  [/\b(inspector|properties|details|eigenschaften)\b/, "inspector"],
  [/\b(versions?|history|versionen|verlauf)\b/, "versions"],
  [/\b(problems?|findings|errors|warnings|probleme)\b/, "problems"],
  [/\b(list|outline|tree|liste|gliederung)\b/, "outline"],
];

const find = <T>(table: readonly [RegExp, T][], words: string): T | undefined => table.find(([pattern]) => pattern.test(words))?.[1];

/** Does what is asked; false where nothing in it was understood. */
export function applyViewTo(page: Page, request: ViewRequest): boolean {
  const action = request.action.toLowerCase().replaceAll(/[_-]/g, " ").trim();
  const target = (request.target ?? "").toLowerCase().replaceAll("_", " ").trim();
  const words = `${action} ${target}`.trim();
  const off = /\b(hide|off|without|remove|close|dismiss|mute|conceal|no|disable|aus|verstecke|ausblenden|ohne|blende)\b/.test(action) || /\b(off|away|aus)$/.test(target);

  if (/\b(dark|night|dunkel\w*)\b/.test(words)) return (page.theme(!off), true);
  if (/\b(light|bright|day|hell\w*)\b/.test(words)) return (page.theme(off), true);
  if (/\b(everything|reset|show all|all again|clear filter|unhide all)\b/.test(words) && !/\b(collapse|expand|fold|unfold|zoom|fit)\b/.test(action)) {
    showAll();
    page.zoom("fit");
    return true;
  }
  if (/\b(labels?|beschriftung\w*|names of the connections)\b/.test(target)) return (useView.setState({ labels: !off }), true);
  if (/\b(grid|raster|dots)\b/.test(target)) return (useView.setState({ grid: !off }), true);
  if (/\b(minimap|mini map|overview map)\b/.test(target)) return (useView.setState({ minimap: !off }), true);
  if (/\b(zoom|fit|cent(er|re)|bigger|smaller)\b/.test(action) && target !== "" && !/\b(fit|in|out|all|whole|diagram|screen|100|actual)\b/.test(target)) {
    const ids = parts(page.diagram, target);
    if (ids.length > 0) return (page.focus(ids), true);
  }
  if (/\b(zoom in|bigger|closer|enlarge|magnify|zoom rein)\b/.test(words)) return (page.zoom("in"), true);
  if (/\b(zoom out|smaller|shrink)\b/.test(words)) return (page.zoom("out"), true);
  if (/\b(actual size|100)\b/.test(words)) return (page.zoom("actual"), true);
  if (/\b(fit|whole|recent(re|er)|reset zoom)\b/.test(words)) return (page.zoom("fit"), true);

  if (/\b(collapse|fold|minimi[sz]e|einklappen)\b/.test(action)) return fold(page.diagram, target, true);
  if (/\b(expand|unfold|open up|maximi[sz]e|ausklappen)\b/.test(action)) return fold(page.diagram, target, false);

  const board = page.diagram?.boards.find(({ name, path }) => path !== "" && target !== "" && name.toLowerCase() === target);
  if (board) return (page.board(board.path), true);

  if (/\b(highlight|emphasi[sz]e|mark|trace|light up|point out|hervorheben)\b/.test(action)) {
    const ids = parts(page.diagram, target);
    useView.setState({ highlighted: ids });
    return ids.length > 0;
  }
  if (/\b(only|just|nothing but|isolate|filter|nur|solo|keep|leave)\b/.test(action)) {
    const ids = parts(page.diagram, target);
    if (ids.length === 0) return false;
    useView.setState({ only: ids });
    page.zoom("fit");
    return true;
  }
  const panel = find(PANELS, target);
  const view = find(VIEWS, target) ?? (target === "" ? find(VIEWS, action) : undefined);
  if (view && /\b(switch|show|set|open|change|view|go|toggle|display|present|turn)\b/.test(action) && !off) {
    useView.setState({ kind: view });
    return true;
  }
  const named = target.split(",").flatMap((one) => find(KINDS, one) ?? []);
  const kinds = named.length > 0 ? named : undefined;
  const ids = parts(page.diagram, target, false);
  if (/\b(focus|find|locate|center|centre|jump|navigate|go|pan|scroll|where)\b/.test(action)) {
    const all = ids.length > 0 ? ids : parts(page.diagram, target);
    if (all.length > 0) return (page.focus(all), true);
  }
  if (ids.length > 0) return (change((state) => ({ hiddenIds: withAll(state.hiddenIds, ids, off), only: [] })), true);
  if (kinds) return (change((state) => ({ hiddenKinds: withAll(state.hiddenKinds, kinds, off), only: [] })), true);
  if (panel) return (page.panel(panel, /\btoggle\b/.test(action) ? undefined : !off), true);
  if (view) return (useView.setState({ kind: off ? PLAIN.kind : view }), true);
  return false;
}

const change = (how: (state: ViewState) => Partial<ViewState>): void => useView.setState(how);
const withAll = (list: readonly string[], items: readonly string[], inside: boolean): string[] =>
  items.reduce<string[]>((all, item) => toggled(all, item, inside), [...list]);

function fold(diagram: Diagram | undefined, target: string, folded: boolean): boolean {
  const containers = containersOf(diagram);
  const named = parts(diagram, target, false).filter((id) => containers.includes(id));
  const all = named.length > 0 ? named : containers;
  if (all.length === 0) return false;
  change((state) => ({ collapsed: withAll(state.collapsed, all, folded) }));
  return true;
}

/** The ids that words mean: what bears that name; else, where `byKind`, what is of that kind, with its neighbours' names left out. */
function parts(diagram: Diagram | undefined, target: string, byKind = true): string[] {
  if (!diagram || target === "") return [];
  // Several are named with commas between them, as the server names ids and kinds.
  if (target.includes(",")) return [...new Set(target.split(",").flatMap((one) => parts(diagram, one.trim(), byKind)))];
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_]+/g, " ").trim();
  const bare = plain(target).replace(/^(the|die|der|das|den) /, "").replace(/ (containers?|groups?|layers?|tiers?|parts?|clusters?|nodes?)$/, "");
  if (bare === "") return [];
  const exact = diagram.nodes.filter((node) => [plain(node.data.label), plain(node.id)].some((name) => name === bare || name === plain(target)));
  if (exact.length > 0) return exact.map((node) => node.id);
  const kinds = find(KINDS, bare);
  if (kinds && byKind) return diagram.nodes.filter((node) => kinds.includes(node.data.nodeType)).map((node) => node.id);
  if (kinds) return [];
  const within = diagram.nodes.filter((node) => bare.length > 2 && plain(node.data.label).includes(bare));
  // A container stands for what is inside it.
  const inner = family(diagram.nodes, within.map((node) => node.id));
  return within.filter((node) => node.parentId === undefined || !inner.has(node.parentId)).map((node) => node.id);
}

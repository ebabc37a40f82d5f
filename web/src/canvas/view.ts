// How the canvas is looked at: which view, what is hidden, folded, pointed out. Each viewer's own, kept for each design
// in this browser, never in the text.
import type { Diagram } from "spandrel";
import { create } from "zustand";
import { ALL, type Filter } from "./shown";

export type ViewKind = "architecture" | "flow" | "zones";
export const VIEW_KINDS: readonly ViewKind[] = ["architecture", "flow", "zones"];

export interface ViewState extends Filter {
  kind: ViewKind;
  /** Ids that stand out while the rest is pale; nothing where empty. */
  highlighted: readonly string[];
  /** Whether connections show their labels. */
  labels: boolean;
  grid: boolean;
  minimap: boolean;
}

export const PLAIN: ViewState = { ...ALL, kind: "architecture", highlighted: [], labels: true, grid: true, minimap: false };

export const useView = create<ViewState>(() => PLAIN);

/** Where a design's view is kept. */
const place = (design: string): string => `spandrel:view:${design}`;
let design = "";

/** Another design is open: its own view comes back. */
export function openView(id: string): void {
  design = id;
  let kept: Partial<ViewState> = {};
  try {
    kept = JSON.parse(localStorage.getItem(place(id)) ?? "{}") as Partial<ViewState>;
  } catch {
    // What cannot be read is as good as nothing.
  }
  useView.setState({ ...PLAIN, ...kept }, true);
}

useView.subscribe((state) => {
  if (design === "") return;
  try {
    if (JSON.stringify(state) === JSON.stringify(PLAIN)) localStorage.removeItem(place(design));
    else localStorage.setItem(place(design), JSON.stringify(state));
  } catch {
    // Not kept, then.
  }
});

/** A list with `item` in it or not. */
export function toggled(list: readonly string[], item: string, inside = !list.includes(item)): string[] {
  const rest = list.filter((other) => other !== item);
  return inside ? [...rest, item] : rest;
}

export const toggleCollapsed = (id: string, folded?: boolean): void =>
  useView.setState((state) => ({ collapsed: toggled(state.collapsed, id, folded) }));
export const toggleKind = (kind: string, hidden?: boolean): void =>
  useView.setState((state) => ({ hiddenKinds: toggled(state.hiddenKinds, kind, hidden) }));
export const togglePart = (id: string, hidden?: boolean): void =>
  useView.setState((state) => ({ hiddenIds: toggled(state.hiddenIds, id, hidden) }));

/** Everything is shown again; the kind of view stays. */
export const showAll = (): void => useView.setState({ ...ALL, highlighted: [] });

/** Containers of a drawing, outermost first. */
export function containersOf(diagram: Pick<Diagram, "nodes"> | undefined): string[] {
  const parents = new Set(diagram?.nodes.map((node) => node.parentId));
  return diagram?.nodes.filter((node) => parents.has(node.id)).map((node) => node.id) ?? [];
}

/** Kinds of a drawing with how often each comes, containers not counted. */
export function kindsOf(diagram: Pick<Diagram, "nodes"> | undefined): { kind: string; count: number }[] {
  const parents = new Set(diagram?.nodes.map((node) => node.parentId));
  const counts = new Map<string, number>();
  for (const node of diagram?.nodes ?? []) {
    if (parents.has(node.id)) continue;
    counts.set(node.data.nodeType, (counts.get(node.data.nodeType) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
}

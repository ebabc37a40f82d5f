// Keeps the identity of what did not change: React Flow measures and mounts again whatever is a new object.
import type { Changes, Diagram, DiagramEdge, DiagramNode, Patch } from "../types.js";

/** What React Flow adds to a node or an edge, and a merge must not lose. */
type Kept = "selected" | "dragging" | "measured";

/**
 * The nodes and edges of `next`, each being the very object of `previous` where nothing about it changed.
 * Selection survives; where nothing at all changed, `previous` itself comes back.
 */
export function mergeDiagram<T extends Pick<Diagram, "nodes" | "edges">>(previous: T | undefined, next: T): T {
  if (!previous) return next;
  const nodes = mergeById<DiagramNode>(previous.nodes, next.nodes);
  const edges = mergeById<DiagramEdge>(previous.edges, next.edges);
  return { ...next, nodes, edges };
}

/** A drawing brought up to date by what changed: everything else is the very objects that it was. */
export function applyPatch(previous: Diagram | undefined, patch: Patch): Diagram {
  const { nodes, edges, bounds, ...rest } = patch;
  return {
    ...rest,
    nodes: patched(previous?.nodes ?? [], nodes),
    edges: patched(previous?.edges ?? [], edges),
    bounds: bounds ?? previous?.bounds ?? { x: 0, y: 0, width: 0, height: 0 },
  };
}

function patched<T extends { id: string }>(previous: T[], { added, changed, removed, order }: Changes<T>): T[] {
  if (added.length + changed.length + removed.length === 0 && !order) return previous;
  const gone = new Set(removed);
  const fresh = new Map([...changed, ...added].map((item) => [item.id, item]));
  const kept = previous.filter((item) => !gone.has(item.id)).map((item) => fresh.get(item.id) ?? item);
  const known = new Set(kept.map((item) => item.id));
  const all = [...kept, ...added.filter((item) => !known.has(item.id))];
  if (!order) return all;
  const byId = new Map(all.map((item) => [item.id, item]));
  return order.flatMap((id) => byId.get(id) ?? []);
}

/** The same for one list. */
export function mergeById<T extends { id: string }>(previous: T[], next: T[]): T[] {
  const known = new Map(previous.map((item) => [item.id, item]));
  let same = previous.length === next.length;
  const merged = next.map((item, at) => {
    const old = known.get(item.id);
    if (old === undefined) {
      same = false;
      return item;
    }
    const result = old === item || isUnchanged(old, item) ? old : keepState(old, item);
    if (result !== previous[at]) same = false;
    return result;
  });
  return same ? previous : merged;
}

function keepState<T extends object>(old: T, item: T): T {
  const kept: Record<string, unknown> = {};
  const selected = (old as Record<string, unknown>)["selected"];
  if (selected !== undefined) kept["selected"] = selected;
  const data = (old as { data?: unknown }).data;
  const fresh = (item as { data?: unknown }).data;
  // Data that did not change keeps its identity too, so that a node that only moved is not drawn again.
  if (data !== undefined && isEqual(data, fresh)) kept["data"] = data;
  return { ...item, ...kept };
}

const STATE: readonly string[] = ["selected", "dragging", "measured"] satisfies Kept[];

function isUnchanged(old: object, item: object): boolean {
  const a = old as Record<string, unknown>;
  const b = item as Record<string, unknown>;
  if ("dragging" in a && a["dragging"] === true) return false;
  for (const key of Object.keys(b)) {
    if (!STATE.includes(key) && !isEqual(a[key], b[key])) return false;
  }
  return Object.keys(a).every((key) => key in b || STATE.includes(key));
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keysA = Object.keys(a);
  const keysB = Object.keys(b);
  if (keysA.length !== keysB.length) return false;
  return keysA.every(
    (key) => key in b && isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

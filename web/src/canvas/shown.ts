// What a viewer sees of a drawing: containers folded, kinds and parts hidden. Never in the text; nothing is laid out
// anew, so that what stays visible stays where it is.
import type { Diagram, DiagramEdge, DiagramNode } from "spandrel";
import { type Box, boxes, family } from "./geometry";

export interface Filter {
  /** Ids of containers that are folded. */
  collapsed: readonly string[];
  /** Kinds (`nodeType`) that are hidden. */
  hiddenKinds: readonly string[];
  /** Ids that are hidden, with all that is inside them. */
  hiddenIds: readonly string[];
  /** Where not empty: nothing else is shown, but for the containers around it and what is inside it. */
  only: readonly string[];
}

export const ALL: Filter = { collapsed: [], hiddenKinds: [], hiddenIds: [], only: [] };

type Shown = Pick<Diagram, "nodes" | "edges">;

export function isWhole(filter: Filter): boolean {
  return filter.collapsed.length + filter.hiddenKinds.length + filter.hiddenIds.length + filter.only.length === 0;
}

/** The part of a drawing that is shown. Items that are as they were stay the very same objects. */
export function shown(diagram: Shown, filter: Filter): Shown {
  if (isWhole(filter)) return diagram;
  const visible = withoutHidden(diagram, filter);
  return fold(visible, new Set(filter.collapsed));
}

function withoutHidden(diagram: Shown, { hiddenKinds, hiddenIds, only }: Filter): Shown {
  const kinds = new Set(hiddenKinds);
  const hidden = family(diagram.nodes, hiddenIds);
  const chosen = only.length === 0 ? undefined : withContainers(diagram.nodes, family(diagram.nodes, only));
  const parents = new Set(diagram.nodes.map((node) => node.parentId));
  const there = new Set<string>();
  const nodes = diagram.nodes.filter((node) => {
    const byKind = kinds.has(node.data.nodeType) && !parents.has(node.id);
    const shows = !hidden.has(node.id) && !byKind && (chosen?.has(node.id) ?? true);
    if (shows) there.add(node.id);
    return shows;
  });
  return { nodes, edges: diagram.edges.filter((edge) => there.has(edge.source) && there.has(edge.target)) };
}

function withContainers(nodes: readonly DiagramNode[], ids: ReadonlySet<string>): Set<string> {
  const all = new Set(ids);
  for (const node of [...nodes].reverse()) if (all.has(node.id) && node.parentId !== undefined) all.add(node.parentId);
  return all;
}

/** Height and least width of a folded container. */
const FOLDED = { height: 44, width: 132, perLetter: 8, sides: 72 };

function fold(diagram: Shown, collapsed: ReadonlySet<string>): Shown {
  if (collapsed.size === 0) return diagram;
  /** The folded container that stands for a node. */
  const standIn = new Map<string, string>();
  for (const node of diagram.nodes) {
    const outer = node.parentId === undefined ? undefined : (standIn.get(node.parentId) ?? undefined);
    if (outer !== undefined) standIn.set(node.id, outer);
    else if (collapsed.has(node.id)) standIn.set(node.id, node.id);
  }
  const counts = new Map<string, number>();
  for (const [id, stand] of standIn) if (id !== stand) counts.set(stand, (counts.get(stand) ?? 0) + 1);
  const nodes = diagram.nodes.flatMap((node) => {
    const stand = standIn.get(node.id);
    if (stand === undefined) return [node];
    return stand === node.id ? [folded(node, counts.get(node.id) ?? 0)] : [];
  });
  return { nodes, edges: foldEdges(diagram.edges, standIn, boxes(nodes)) };
}

function folded(node: DiagramNode, inside: number): DiagramNode {
  const lines = node.data.lines ?? node.data.label.split("\n");
  const longest = Math.max(...lines.map((line) => line.length));
  const width = Math.min(node.width, Math.max(FOLDED.width, longest * FOLDED.perLetter + FOLDED.sides));
  const height = Math.min(node.height, FOLDED.height + (lines.length - 1) * 18);
  const text = lines.length * 18;
  // In the middle of where it stood, so that its connections keep their directions.
  const position = { x: node.position.x + (node.width - width) / 2, y: node.position.y + (node.height - height) / 2 };
  const { iconBox: _, lifelines: __, ...rest } = node.data;
  const data = { ...rest, labelBox: { x: 14, y: (height - text) / 2, width: width - 60, height: text }, collapsed: inside };
  return { ...node, position, width, height, measured: { width, height }, handles: [], data };
}

function foldEdges(edges: readonly DiagramEdge[], standIn: ReadonlyMap<string, string>, places: ReadonlyMap<string, Box>): DiagramEdge[] {
  const merged = new Map<string, { edge: DiagramEdge; count: number }>();
  const result: DiagramEdge[] = [];
  for (const edge of edges) {
    const [source, target] = [standIn.get(edge.source) ?? edge.source, standIn.get(edge.target) ?? edge.target];
    if (source === edge.source && target === edge.target && !standIn.has(source) && !standIn.has(target)) {
      result.push(edge);
      continue;
    }
    if (source === target) continue;
    const key = `${source} ${target} ${edge.data.arrowheads?.source ?? ""} ${edge.data.arrowheads?.target ?? ""}`;
    const known = merged.get(key);
    if (known) {
      known.count++;
      known.edge.label = `×${known.count}`;
      delete known.edge.data.lines;
      delete known.edge.data.labelSize;
      continue;
    }
    const [from, to] = [places.get(source), places.get(target)];
    if (!from || !to) continue;
    const [out, into] = facing(from, to);
    const { sourceLabel: _, targetLabel: __, labelPosition: ___, free: ____, ...data } = edge.data;
    const made: DiagramEdge = {
      ...edge,
      source,
      target,
      ...(standIn.has(source) ? { sourceHandle: `connect-${out}` } : {}),
      ...(standIn.has(target) ? { targetHandle: `connect-${into}` } : {}),
      data: { ...data, sections: [] },
    };
    merged.set(key, { edge: made, count: 1 });
    result.push(made);
  }
  return result;
}

type Side = "top" | "right" | "bottom" | "left";

/** The sides by which two boxes look at each other. */
function facing(a: Box, b: Box): [Side, Side] {
  const dx = b.x + b.width / 2 - (a.x + a.width / 2);
  const dy = b.y + b.height / 2 - (a.y + a.height / 2);
  const gapX = Math.abs(dx) - (a.width + b.width) / 2;
  const gapY = Math.abs(dy) - (a.height + b.height) / 2;
  if (gapX > gapY) return dx > 0 ? ["right", "left"] : ["left", "right"];
  return dy > 0 ? ["bottom", "top"] : ["top", "bottom"];
}

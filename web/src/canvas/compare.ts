// What differs between two drawings, by id: what came, what went, what is not the same any more, what stands elsewhere.
import type { Diagram, DiagramEdge, DiagramNode, DiffMove } from "spandrel";

export interface Comparison {
  added: string[];
  removed: string[];
  changed: string[];
  /** In another container, or at another fixed place. */
  moved: string[];
  /** The ids that the moved had before. */
  was: string[];
}

export const NO_CHANGES: Comparison = { added: [], removed: [], changed: [], moved: [], was: [] };

type Drawing = Pick<Diagram, "nodes" | "edges">;

/**
 * Where the layout puts something is no change; what it says and is, is. `moves`: objects that are in another
 * container, with all that is inside them.
 */
export function compare(before: Drawing | undefined, after: Drawing, moves: readonly DiffMove[] = []): Comparison {
  const places = { old: placesOf(before), now: placesOf(after) };
  const old = new Map<string, string>();
  for (const node of before?.nodes ?? []) old.set(idAfter(node.id, moves), meaningOfNode(node));
  for (const edge of before?.edges ?? []) old.set(idAfter(edge.id, moves), meaningOfEdge(edge));
  const result: Comparison = { added: [], removed: [], changed: [], moved: moves.map(({ to }) => to), was: moves.map(({ from }) => from) };
  const look = (id: string, meaning: string): void => {
    const was = old.get(id);
    if (was === undefined) result.added.push(id);
    else if (was !== meaning) result.changed.push(id);
    else if (isMoved(places.old.get(id), places.now.get(id))) {
      result.moved.push(id);
      result.was.push(id);
    }
    old.delete(id);
  };
  for (const node of after.nodes) look(node.id, meaningOfNode(node));
  for (const edge of after.edges) look(edge.id, meaningOfEdge(edge));
  result.removed = [...old.keys()];
  return result;
}

/** The id that something has once objects are in other containers. */
export function idAfter(id: string, moves: readonly DiffMove[]): string {
  if (moves.length === 0) return id;
  const one = (path: string): string => {
    for (const { from, to } of moves) {
      if (path === from) return to;
      if (path.startsWith(`${from}.`)) return to + path.slice(from.length);
    }
    return path;
  };
  const edge = /^\((.*?)( <-> | -> | <- | -- )(.*)\)(\[\d+\])$/.exec(id);
  return edge ? `(${one(edge[1] as string)}${edge[2]}${one(edge[3] as string)})${edge[4]}` : one(id);
}

interface Place {
  x: number;
  y: number;
  pinned: boolean;
}

function placesOf(drawing: Drawing | undefined): Map<string, Place> {
  return new Map(drawing?.nodes.map(({ id, position, data }) => [id, { ...position, pinned: data.pinned === true }]));
}

/** Only a place that somebody chose can be another one. */
function isMoved(was: Place | undefined, is: Place | undefined): boolean {
  if (!was || !is || !(was.pinned || is.pinned)) return false;
  return was.pinned !== is.pinned || Math.abs(was.x - is.x) >= 1 || Math.abs(was.y - is.y) >= 1;
}

function meaningOfNode({ data }: DiagramNode): string {
  const { label, shape, iconifyId, style, rows, markdown, code, tooltip, link } = data;
  return JSON.stringify([label, shape, iconifyId, style, rows?.map((row) => row.cells), markdown, code, tooltip, link]);
}

function meaningOfEdge({ label, data }: DiagramEdge): string {
  return JSON.stringify([label, data.arrowheads, data.style, data.sourceLabel?.lines, data.targetLabel?.lines]);
}

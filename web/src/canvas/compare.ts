// What differs between two drawings, by id: what came, what went, what is not the same any more.
import type { Diagram, DiagramEdge, DiagramNode } from "spandrel";

export interface Comparison {
  added: string[];
  removed: string[];
  changed: string[];
}

/** Where something stands is the layout's affair and no change; what it says and is, is. */
export function compare(before: Pick<Diagram, "nodes" | "edges"> | undefined, after: Pick<Diagram, "nodes" | "edges">): Comparison {
  const old = new Map<string, string>();
  for (const node of before?.nodes ?? []) old.set(node.id, meaningOfNode(node));
  for (const edge of before?.edges ?? []) old.set(edge.id, meaningOfEdge(edge));
  const result: Comparison = { added: [], removed: [], changed: [] };
  const look = (id: string, meaning: string): void => {
    const was = old.get(id);
    if (was === undefined) result.added.push(id);
    else if (was !== meaning) result.changed.push(id);
    old.delete(id);
  };
  for (const node of after.nodes) look(node.id, meaningOfNode(node));
  for (const edge of after.edges) look(edge.id, meaningOfEdge(edge));
  result.removed = [...old.keys()];
  return result;
}

function meaningOfNode({ data }: DiagramNode): string {
  const { label, shape, iconifyId, style, rows, markdown, code, tooltip, link } = data;
  return JSON.stringify([label, shape, iconifyId, style, rows?.map((row) => row.cells), markdown, code, tooltip, link]);
}

function meaningOfEdge({ label, data }: DiagramEdge): string {
  return JSON.stringify([label, data.arrowheads, data.style, data.sourceLabel?.lines, data.targetLabel?.lines]);
}

// Connections by what they carry: one colour for each label.
import type { DiagramEdge } from "spandrel";

export interface FlowGroup {
  /** The label's first line; `""` for connections without one. */
  label: string;
  edges: string[];
  /** Which of the flow colours it has, from 0; -1 for the neutral one. */
  colour: number;
}

/** How many colours there are; labels beyond them share the neutral one. */
export const FLOW_COLOURS = 8;

/** The most frequent labels first. */
export function flowsOf(edges: readonly Pick<DiagramEdge, "id" | "label">[]): FlowGroup[] {
  const groups = new Map<string, FlowGroup>();
  for (const { id, label = "" } of edges) {
    const name = label.split("\n")[0]?.trim() ?? "";
    const key = name.toLowerCase();
    const group = groups.get(key) ?? { label: name, edges: [], colour: -1 };
    group.edges.push(id);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => Number(a.label === "") - Number(b.label === "") || b.edges.length - a.edges.length);
  let next = 0;
  for (const group of sorted) if (group.label !== "" && next < FLOW_COLOURS) group.colour = next++;
  return sorted;
}

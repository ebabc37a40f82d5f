// Who is trusted how far: which zone a node lies in, and which connections leave theirs.
import type { Diagram, DiagramNode } from "spandrel";

export interface Zone {
  /** Stable within a drawing: the container's id, or the name of a zone of the catalogue. */
  id: string;
  /** A container's own label; absent for a zone of the catalogue, whose name is translated. */
  label?: string;
  /** Which of the zone colours it has, from 0. */
  colour: number;
}

export interface Zones {
  zones: Zone[];
  /** The zone of every node. */
  of: Map<string, string>;
  /** Connections between two zones. */
  crossing: Set<string>;
}

/** How many colours there are for zones. */
export const ZONE_COLOURS = 6;

/** Words by which people name a zone of trust. */
const WORDS =
  /\b(zones?|trust(ed)?|untrusted|dmz|internet|intranet|perimeter|boundary|enclave|vpcs?|vnets?|subnets?|networks?|public|private|internal|external|restricted|on[- ]?prem(ises)?|cloud|edge|tenants?|accounts?)\b/i;

/** Where nobody has named a zone, the kind of a thing says how far it is trusted. */
const BY_KIND: Record<string, string> = {
  client: "outside",
  person: "outside",
  external: "outside",
  network: "perimeter",
  security: "perimeter",
  database: "data",
  storage: "data",
  cache: "data",
};
const CATALOGUE = ["outside", "perimeter", "application", "data"];

/** `classes`: the D2 classes by id, which can name a zone as well as a label can. */
export function zonesOf(diagram: Pick<Diagram, "nodes" | "edges">, classes: ReadonlyMap<string, readonly string[]> = new Map()): Zones {
  const parents = new Set(diagram.nodes.map((node) => node.parentId));
  const isZone = (node: DiagramNode): boolean =>
    (parents.has(node.id) && WORDS.test(node.data.label)) || (classes.get(node.id) ?? []).some((name) => WORDS.test(name.replaceAll(/[_-]/g, " ")));
  const of = new Map<string, string>();
  const named: Zone[] = [];
  const used = new Set<string>();
  for (const node of diagram.nodes) {
    const outer = node.parentId === undefined ? undefined : of.get(node.parentId);
    if (isZone(node)) {
      const zone: Zone = { id: node.id, label: node.data.label.split("\n")[0] || node.id, colour: named.length % ZONE_COLOURS };
      named.push(zone);
      of.set(node.id, zone.id);
    } else if (outer !== undefined && !CATALOGUE.includes(outer)) {
      of.set(node.id, outer);
    } else if (parents.has(node.id)) {
      // A plain container has no trust of its own; what is inside it does.
      continue;
    } else {
      const zone = BY_KIND[node.data.nodeType] ?? "application";
      of.set(node.id, zone);
      used.add(zone);
    }
  }
  const rest = CATALOGUE.filter((id) => used.has(id)).map((id, at) => ({ id, colour: (named.length + at) % ZONE_COLOURS }));
  const crossing = new Set<string>();
  for (const edge of diagram.edges) {
    const [from, to] = [of.get(edge.source), of.get(edge.target)];
    if (from !== undefined && to !== undefined && from !== to) crossing.add(edge.id);
  }
  return { zones: [...named, ...rest], of, crossing };
}

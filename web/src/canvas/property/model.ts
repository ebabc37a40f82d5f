// What a gesture is expected to make of a diagram, worked out on the graph alone: it knows nothing of the text and
// shares no code with the engine. The property test compares what the edited text means with it.
import type { CanonicalBoard, CanonicalEdge, CanonicalObject } from "spandrel";

export interface Graph {
  root: Record<string, unknown>;
  objects: Map<string, CanonicalObject>;
  edges: CanonicalEdge[];
}

const clone = <T>(value: T): T => structuredClone(value);

export function graphOf(board: CanonicalBoard): Graph {
  const { root, objects, edges } = clone(board);
  return { root: root.attrs, objects: new Map(objects.map((object) => [object.id, object])), edges };
}

/** The same graph gives the same text; what counts edges, and the order of things, does not matter. */
export function canonical({ root, objects, edges }: Graph): string {
  const lines = [JSON.stringify(sorted(root))];
  lines.push(...Array.from(objects.values(), (object) => JSON.stringify(sorted(object))).sort());
  lines.push(...edges.map((edge) => JSON.stringify(sorted({ ...edge, index: 0 }))).sort());
  return lines.join("\n");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

export const isInside = (id: string, container: string): boolean => id.startsWith(`${container}.`);

/** Everything in or under `id` gets another id. */
export function reroot(graph: Graph, from: string, to: string): void {
  const renamed = (id: string): string => (id === from ? to : isInside(id, from) ? to + id.slice(from.length) : id);
  const objects = Array.from(graph.objects.values(), (object) => {
    const id = renamed(object.id);
    if (id === object.id) return object;
    const parent = object.id === from ? containerOf(to) : renamed(object.parent as string);
    return { ...object, id, parent };
  });
  graph.objects = new Map(objects.map((object) => [object.id, object]));
  for (const edge of graph.edges) {
    edge.src = renamed(edge.src);
    edge.dst = renamed(edge.dst);
  }
  // What points at an object by its id follows it.
  for (const object of graph.objects.values()) {
    const { near } = object.attrs;
    if (typeof near === "string") object.attrs["near"] = renamed(near);
  }
}

/** The container of an id whose parts are plain or quoted. */
export function containerOf(id: string): string | null {
  let quote = "";
  let last = -1;
  for (let at = 0; at < id.length; at++) {
    const letter = id[at] as string;
    if (quote !== "") {
      if (letter === "\\") at++;
      else if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if (letter === ".") {
      last = at;
    }
  }
  return last < 0 ? null : id.slice(0, last);
}

export function create(graph: Graph, id: string, label: string, shape = "rectangle"): CanonicalObject {
  const object: CanonicalObject = { id, parent: containerOf(id), label, shape, attrs: {} };
  graph.objects.set(id, object);
  return object;
}

export function connect(graph: Graph, src: string, dst: string): void {
  graph.edges.push({ src, dst, src_arrow: false, dst_arrow: true, index: 0, label: "", attrs: {} });
}

/** With everything inside, and every connection that ends there. */
export function remove(graph: Graph, id: string): void {
  const gone = (other: string): boolean => other === id || isInside(other, id);
  for (const other of graph.objects.keys()) if (gone(other)) graph.objects.delete(other);
  graph.edges = graph.edges.filter((edge) => !gone(edge.src) && !gone(edge.dst));
  for (const { attrs } of graph.objects.values()) {
    if (typeof attrs["near"] === "string" && gone(attrs["near"])) delete attrs["near"];
  }
}

/** The container alone goes: what is inside moves up, connections of the container itself go with it. */
export function dissolve(graph: Graph, id: string): void {
  const outer = containerOf(id);
  const children = [...graph.objects.values()].filter((object) => object.parent === id).map((object) => object.id);
  graph.edges = graph.edges.filter((edge) => edge.src !== id && edge.dst !== id);
  graph.objects.delete(id);
  for (const { attrs } of graph.objects.values()) if (attrs["near"] === id) delete attrs["near"];
  for (const child of children) {
    const name = child.slice(id.length + 1);
    reroot(graph, child, outer === null ? name : `${outer}.${name}`);
  }
}

/** A copy of an object under another id, with what is inside it and the connections within. */
export function copy(graph: Graph, id: string, to: string, aside: number): void {
  const inner = [...graph.objects.values()].filter((object) => object.id === id || isInside(object.id, id));
  const renamed = (other: string): string => to + other.slice(id.length);
  for (const object of inner) {
    const made = clone(object);
    made.id = renamed(object.id);
    made.parent = object.id === id ? containerOf(to) : renamed(object.parent as string);
    if (object.id === id) {
      for (const side of ["left", "top"]) if (side in made.attrs) made.attrs[side] = String(Number(made.attrs[side]) + aside);
    }
    graph.objects.set(made.id, made);
  }
  const within = graph.edges.filter((edge) => inner.some((o) => o.id === edge.src) && inner.some((o) => o.id === edge.dst));
  for (const edge of within) graph.edges.push({ ...clone(edge), src: renamed(edge.src), dst: renamed(edge.dst) });
}


// A caller's graph is full of things that are not ours: class instances, functions, cycles. What the engine reads is
// copied out, and what it gives is written back into the very objects it came from.

type Dict = Record<string, unknown>;

/** Where the results go: an object of the caller, and its lists in the order in which they were sent. */
interface Target {
  object: Dict;
  kind: "node" | "port" | "label" | "edge";
  lists: [name: string, items: Target[]][];
}

export interface Projection {
  /** What the engine gets: plain data. */
  plain: Dict;
  target: Target;
}

const SHAPE = ["x", "y", "width", "height"] as const;

/** What the engine writes, by kind of element. */
const WRITTEN: Record<Target["kind"], readonly string[]> = {
  node: SHAPE,
  port: SHAPE,
  label: SHAPE,
  edge: ["sections", "container", "junctionPoints"],
};

const READ: Record<Target["kind"], readonly string[]> = {
  node: ["id", ...SHAPE],
  port: ["id", ...SHAPE],
  label: ["id", "text", ...SHAPE],
  edge: ["id", "sources", "targets", "source", "sourcePort", "target", "targetPort", "sourcePoint", "targetPoint", "bendPoints", "sections", "junctionPoints"],
};

const LISTS: Record<Target["kind"], readonly [string, Target["kind"]][]> = {
  node: [
    ["children", "node"],
    ["ports", "port"],
    ["labels", "label"],
    ["edges", "edge"],
  ],
  port: [["labels", "label"]],
  label: [],
  edge: [["labels", "label"]],
};

/** Copies what the engine reads. */
export function project(graph: object): Projection {
  return copy(graph as Dict, "node", 0);
}

/** Deeper than the engine accepts, and far from the end of the stack. */
const DEPTH = 700;

function copy(object: Dict, kind: Target["kind"], depth: number): Projection {
  if (depth > DEPTH) throw new Error(`The graph is nested deeper than ${DEPTH} levels.`);
  const plain: Dict = {};
  for (const key of READ[kind]) {
    const value = object[key];
    if (value !== undefined && value !== null) plain[key] = value;
  }
  for (const key of ["layoutOptions", "properties", "individualSpacings"]) {
    const options = optionsOf(object[key]);
    if (options) plain[key] = options;
  }
  const lists: Target["lists"] = [];
  for (const [name, of] of LISTS[kind]) {
    const items = object[name];
    if (!Array.isArray(items)) continue;
    const copies = items
      .filter((item): item is Dict => typeof item === "object" && item !== null)
      .map((item) => copy(item, of, depth + 1));
    plain[name] = copies.map((made) => made.plain);
    lists.push([name, copies.map((made) => made.target)]);
  }
  return { plain, target: { object, kind, lists } };
}

/** Options are words, numbers and truth values; anything else is no option. */
export function optionsOf(value: unknown): Dict | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const options: Dict = {};
  for (const [key, option] of Object.entries(value)) {
    if (typeof option === "number") options[key] = String(option);
    else if (typeof option === "string" || typeof option === "boolean") options[key] = option;
    else if (typeof option === "object" && option !== null) {
      const inner = optionsOf(option);
      if (inner) options[key] = inner;
    }
  }
  return options;
}

/** Writes the engine's answer into the caller's objects; nothing else is touched. */
export function writeBack(target: Target, result: Dict): void {
  const open: [Target, Dict][] = [[target, result]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [{ object, kind, lists }, from] = next;
    for (const key of WRITTEN[kind]) {
      if (from[key] !== undefined) object[key] = from[key];
      // What an earlier layout left there is not true any more.
      else if (kind === "edge" && key in object) delete object[key];
    }
    for (const [name, items] of lists) {
      const results = from[name] as Dict[] | undefined;
      items.forEach((item, at) => {
        const found = results?.[at];
        if (found) open.push([item, found]);
      });
    }
  }
}

// Graphs in ELK JSON for the layout benchmark, made from seeds: the same on every machine.

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const FLAT = { "elk.algorithm": "layered", "elk.direction": "DOWN" };
const NESTED = { ...FLAT, "elk.hierarchyHandling": "INCLUDE_CHILDREN" };

const leaf = (id, next) => ({ id, width: 60 + Math.floor(next() * 100), height: 36 + Math.floor(next() * 30) });

/** A directed acyclic graph with about `1.5 * n` edges, most of them short. */
export function dag(n, seed) {
  const next = random(seed);
  const children = Array.from({ length: n }, (_, i) => leaf(`n${i}`, next));
  const edges = [];
  for (let i = 1; i < n; i++) {
    const reach = Math.max(1, Math.min(i, Math.ceil(Math.sqrt(n) * 2)));
    const count = next() < 0.5 ? 1 : 2;
    for (let k = 0; k < count; k++) {
      const from = i - 1 - Math.floor(next() * reach);
      edges.push({ id: `e${edges.length}`, sources: [`n${Math.max(0, from)}`], targets: [`n${i}`] });
    }
  }
  return { id: "root", layoutOptions: FLAT, children, edges };
}

/** Services in containers: mostly connected within, some across. */
export function clusters(n, seed) {
  const next = random(seed);
  const size = 6;
  const groups = Math.max(1, Math.round(n / size));
  const children = [];
  const edges = [];
  const connect = (a, b) => edges.push({ id: `e${edges.length}`, sources: [a], targets: [b] });
  for (let g = 0; g < groups; g++) {
    const inside = Array.from({ length: size }, (_, i) => leaf(`g${g}n${i}`, next));
    children.push({ id: `g${g}`, children: inside, layoutOptions: { "elk.padding": "[top=36,left=16,bottom=16,right=16]" } });
    for (let i = 1; i < size; i++) connect(`g${g}n${Math.floor(next() * i)}`, `g${g}n${i}`);
    if (g > 0) {
      for (let k = 0; k < 3; k++) {
        const other = Math.max(0, g - 1 - Math.floor(next() * 3));
        connect(`g${other}n${Math.floor(next() * size)}`, `g${g}n${Math.floor(next() * size)}`);
      }
    }
  }
  return { id: "root", layoutOptions: NESTED, children, edges };
}

/** A tree of varying fan-out. */
export function tree(n, seed) {
  const next = random(seed);
  const children = Array.from({ length: n }, (_, i) => leaf(`n${i}`, next));
  const edges = [];
  for (let i = 1; i < n; i++) {
    edges.push({ id: `e${i}`, sources: [`n${Math.floor(next() * Math.min(i, 1 + i / 2))}`], targets: [`n${i}`] });
  }
  return { id: "root", layoutOptions: FLAT, children, edges };
}

const edge = (edges, a, b, more = {}) => edges.push({ id: `e${edges.length}`, sources: [a], targets: [b], ...more });

/** Edges of a random graph in which most run forward: pairs of indices below `n`. */
function mostlyForward(n, count, next) {
  return Array.from({ length: count }, () => {
    const [a, b] = [Math.floor(next() * n), Math.floor(next() * n)];
    return a === b ? [a, (b + 1) % n] : next() < 0.85 ? [Math.min(a, b), Math.max(a, b)] : [a, b];
  });
}

/** Nodes with ports on fixed sides, as React Flow's handles become them. */
export function ports(n, seed) {
  const next = random(seed);
  const children = Array.from({ length: n }, (_, i) => {
    const port = (kind, side, k) => ({ id: `n${i}${kind}${k}`, width: 8, height: 8, layoutOptions: { "elk.port.side": side } });
    const ports = [0, 1].map((k) => port("i", "WEST", k)).concat([0, 1, 2].map((k) => port("o", "EAST", k)));
    const constraint = ["FIXED_SIDE", "FIXED_ORDER"][i % 2];
    return { ...leaf(`n${i}`, next), ports, layoutOptions: { "elk.portConstraints": constraint } };
  });
  const edges = [];
  for (const [a, b] of mostlyForward(n, Math.ceil(1.4 * n), next)) {
    edge(edges, `n${a}o${Math.floor(next() * 3)}`, `n${b}i${Math.floor(next() * 2)}`);
  }
  return { id: "root", layoutOptions: { ...FLAT, "elk.direction": "RIGHT" }, children, edges };
}

/** Tables of an entity-relationship diagram: a port left and right of every row, edges between rows. */
export function tables(n, seed) {
  const next = random(seed);
  const [header, row] = [30, 24];
  const children = Array.from({ length: n }, (_, i) => {
    const rows = 3 + Math.floor(next() * 5);
    const width = 140 + Math.floor(next() * 80);
    const ports = Array.from({ length: rows }, (_, r) => header + row * (r + 0.5)).flatMap((y, r) => [
      { id: `t${i}r${r}w`, x: 0, y, width: 0, height: 0, layoutOptions: { "elk.port.side": "WEST" } },
      { id: `t${i}r${r}e`, x: width, y, width: 0, height: 0, layoutOptions: { "elk.port.side": "EAST" } },
    ]);
    return { id: `t${i}`, width, height: header + rows * row, ports, rows, layoutOptions: { "elk.portConstraints": "FIXED_POS" } };
  });
  const edges = [];
  for (const [a, b] of mostlyForward(n, Math.ceil(1.3 * n), next)) {
    const at = (i, side) => `t${i}r${Math.floor(next() * children[i].rows)}${side}`;
    edge(edges, at(a, "e"), at(b, "w"));
  }
  return { id: "root", layoutOptions: { ...FLAT, "elk.direction": "RIGHT" }, children, edges };
}

/** Edges with labels, inline and beside the line, some at head and tail. */
export function labels(n, seed) {
  const next = random(seed);
  const graph = dag(n, seed);
  for (const [i, e] of graph.edges.entries()) {
    const label = (id, width, options) => ({ id: `${e.id}${id}`, text: "label", width, height: 16, layoutOptions: options });
    const inline = { "elk.edgeLabels.inline": i % 2 === 0 };
    e.labels = [label("c", 30 + Math.floor(next() * 90), inline)];
    if (i % 5 === 0) e.labels.push(label("t", 24, { "elk.edgeLabels.placement": "TAIL" }), label("h", 24, { "elk.edgeLabels.placement": "HEAD" }));
  }
  return graph;
}

/** Self-loops and several edges between the same nodes, both ways. */
export function loops(n, seed) {
  const next = random(seed);
  const graph = dag(n, seed);
  for (const e of [...graph.edges]) {
    if (next() < 0.3) edge(graph.edges, e.sources[0], e.targets[0]);
    if (next() < 0.2) edge(graph.edges, e.targets[0], e.sources[0]);
  }
  for (const node of graph.children) if (next() < 0.25) edge(graph.edges, node.id, node.id);
  return graph;
}

/** Containers in containers, titled, with edges across any number of borders; `order` asks for model order. */
export function nested(depth, seed, order = false) {
  const next = random(seed);
  const leaves = [];
  const containers = [];
  const title = (id) => [{ text: id, width: 40 + Math.floor(next() * 60), height: 18, layoutOptions: { "elk.nodeLabels.placement": "INSIDE V_TOP H_CENTER" } }];
  const padding = { "elk.padding": "[top=36,left=16,bottom=16,right=16]" };
  const build = (id, level) => {
    if (level === 0) {
      leaves.push(id);
      return leaf(id, next);
    }
    if (id !== "root") containers.push(id);
    const children = Array.from({ length: 2 + Math.floor(next() * 2) }, (_, k) => build(id === "root" ? `c${k}` : `${id}_${k}`, next() < 0.2 ? 0 : level - 1));
    return { id, children, labels: title(id), layoutOptions: padding };
  };
  const root = build("root", depth);
  const edges = [];
  for (const [a, b] of mostlyForward(leaves.length, Math.ceil(1.1 * leaves.length), next)) edge(edges, leaves[a], leaves[b]);
  // A few edges end at containers themselves.
  for (const id of containers.filter((_, i) => i % 4 === 3)) {
    const other = leaves[Math.floor(next() * leaves.length)];
    if (!other.startsWith(id)) edge(edges, other, id);
  }
  const model = order ? { "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES", "elk.layered.cycleBreaking.strategy": "GREEDY_MODEL_ORDER" } : {};
  return { id: "root", layoutOptions: { ...NESTED, ...model }, children: root.children, edges };
}

/** The set that quality and speed are reported on: [name, graph]. */
export function corpus() {
  const made = [];
  for (let seed = 1; seed <= 6; seed++) {
    made.push([`dag-${8 + seed * 6}-${seed}`, dag(8 + seed * 6, seed)]);
    made.push([`clusters-${6 + seed * 6}-${seed}`, clusters(6 + seed * 6, seed)]);
    made.push([`tree-${6 + seed * 5}-${seed}`, tree(6 + seed * 5, seed)]);
  }
  for (let seed = 1; seed <= 4; seed++) {
    made.push([`ports-${6 + seed * 4}-${seed}`, ports(6 + seed * 4, seed)]);
    made.push([`tables-${3 + seed * 2}-${seed}`, tables(3 + seed * 2, seed)]);
    made.push([`labels-${6 + seed * 4}-${seed}`, labels(6 + seed * 4, seed)]);
    made.push([`loops-${6 + seed * 3}-${seed}`, loops(6 + seed * 3, seed)]);
    made.push([`nested-${1 + seed}-${seed}`, nested(1 + seed, seed)]);
    made.push([`ordered-${1 + seed}-${seed}`, nested(1 + seed, seed + 10, true)]);
  }
  return made;
}

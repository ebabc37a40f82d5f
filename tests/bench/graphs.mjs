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

/** The set that quality and speed are reported on: [name, graph]. */
export function corpus() {
  const made = [];
  for (let seed = 1; seed <= 6; seed++) {
    made.push([`dag-${8 + seed * 6}-${seed}`, dag(8 + seed * 6, seed)]);
    made.push([`clusters-${6 + seed * 6}-${seed}`, clusters(6 + seed * 6, seed)]);
    made.push([`tree-${6 + seed * 5}-${seed}`, tree(6 + seed * 5, seed)]);
  }
  return made;
}

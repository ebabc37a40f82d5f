// Layout beside elkjs, dagre and Graphviz in one process: time as ratios, growth, an edit held still, memory.
// Quality: quality.mjs.
//   cargo xtask bench layout

import { execFileSync } from "node:child_process";
import init, { diagram, layout, open } from "spandrel";
import { clusters, corpus, dag } from "./graphs.mjs";
import { geometricMean, measure } from "./metrics.mjs";
import { bareElk, forDagre, forGraphviz } from "./peers.mjs";

await init();
const elk = bareElk();
const copy = (graph) => JSON.parse(JSON.stringify(graph));
const round = (value, digits = 1) => (Number.isFinite(value) ? +value.toFixed(digits) : "");

/** Milliseconds of one run; NaN where there is nothing to run or it fails (elkjs dies on some nested graphs). */
function time(run) {
  if (!run) return NaN;
  const start = performance.now();
  try {
    run();
  } catch {
    return NaN;
  }
  return performance.now() - start;
}

/** What each engine does with a graph, its input ready. dagre is given a new graph for every run. */
async function runs(graph) {
  const [ours, theirs] = [copy(graph), copy(graph)];
  return { ours: () => layout(ours), elkjs: () => elk.layout(theirs), dagre: forDagre(graph), graphviz: await forGraphviz(graph) };
}

// ── small graphs ────────────────────────────────────────────────────────────────────────────────────────────────
// Five plain graphs warm everyone up; the first pass over the corpus is then what the user of a page gets.
for (let seed = 1; seed <= 5; seed++) for (const run of Object.values(await runs(dag(40, seed)))) time(run);
const times = new Map();
for (let round = 0; round < 4; round++) {
  for (const [name, graph] of corpus()) {
    const all = Object.entries(await runs(graph));
    for (let k = 0; k < all.length; k++) {
      const [engine, run] = all[(k + round) % all.length];
      const key = `${name} ${engine}`;
      times.set(key, [...(times.get(key) ?? []), time(run)]);
    }
  }
}
const first = (name, engine) => times.get(`${name} ${engine}`)[0];
const warm = (name, engine) => times.get(`${name} ${engine}`).slice(1).sort((a, b) => a - b)[1];
console.log("Small graphs: how many times as fast as each peer, geometric means (first pass after five plain graphs, then the median of three)");
const mean = (names, engine, of) => {
  const ratios = names.map((name) => of(name, engine) / of(name, "ours")).filter(Number.isFinite);
  return ratios.length > 0 ? round(geometricMean(ratios)) : "";
};
const families = new Map();
for (const [name] of corpus()) families.set(name.split("-")[0], [...(families.get(name.split("-")[0]) ?? []), name]);
families.set("all", corpus().map(([name]) => name));
console.table(Object.fromEntries([...families].map(([family, names]) => [family, {
  graphs: names.length,
  "elkjs, first": mean(names, "elkjs", first),
  "elkjs, warm": mean(names, "elkjs", warm),
  "dagre, warm": mean(names, "dagre", warm),
  "Graphviz, warm": mean(names, "graphviz", warm),
}])));
const faults = corpus().reduce((sum, [, graph]) => sum + measure(layout(copy(graph))).invalid, 0);
console.log(faults === 0 ? "Every drawing of ours is valid." : `${faults} faults in our drawings.`);

// ── large graphs ────────────────────────────────────────────────────────────────────────────────────────────────
/** A peer that took longer than this is not asked for anything larger. */
const PATIENCE_MS = 8_000;
const SIZES = [100, 300, 1000, 3000, 10_000];
console.log("Large graphs, milliseconds (median of up to five runs); a peer that took more than 8 s is not tried further");
const rows = {};
const given = new Set();
const ours = { dag: [], clusters: [] };
for (const [kind, make] of Object.entries({ dag, clusters })) {
  for (const size of SIZES) {
    const graph = make(size, 7);
    const row = (rows[`${kind} ${size}`] = { edges: graph.edges.length });
    for (const [engine, run] of Object.entries(await runs(graph))) {
      if (given.has(`${kind} ${engine}`)) continue;
      const list = [];
      const begin = performance.now();
      // dagre writes into its graph, so it runs once.
      const most = engine === "dagre" ? 1 : 5;
      do list.push(time(run));
      while (list.length < most && performance.now() - begin < 2_000);
      const ms = list.sort((a, b) => a - b)[list.length >> 1];
      row[engine] = round(ms);
      if (ms > PATIENCE_MS) given.add(`${kind} ${engine}`);
      if (engine === "ours" && size >= 300) ours[kind].push([Math.log(size), Math.log(ms)]);
    }
  }
}
console.table(rows, ["edges", "ours", "elkjs", "dagre", "graphviz"]);
/** The exponent of a power law through points in logarithms: least squares. */
function exponent(points) {
  const n = points.length;
  const [mx, my] = [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / n);
  return points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
console.log(`Growth of ours from 300 to 10,000 nodes: n^${exponent(ours.dag).toFixed(2)} on dags, n^${exponent(ours.clusters).toFixed(2)} on clusters`);

// ── an edit, held still ─────────────────────────────────────────────────────────────────────────────────────────
// The two take turns and the best of each counts, since other work on a machine only adds.
{
  const graph = clusters(200, 7);
  const path = new Map(graph.children.flatMap((group) => group.children.map((node) => [node.id, `${group.id}.${node.id}`])));
  const source = graph.edges.map((edge) => `${path.get(edge.sources[0])} -> ${path.get(edge.targets[0])}`).join("\n");
  const line = `\n${path.get("g3n1")} -> newcomer\n`;
  const document = open(source);
  const previous = document.drawing();
  document.patch();
  const best = { fresh: Infinity, held: Infinity, typed: Infinity };
  const keep = (name, run) => (best[name] = Math.min(best[name], time(run)));
  for (let round = 0; round < 30; round++) {
    keep("fresh", () => diagram(source + line));
    keep("held", () => diagram(source + line, { previous }));
    keep("typed", () => {
      document.replace({ start: source.length, end: source.length }, line);
      document.patch();
    });
    document.replace({ start: source.length, end: source.length + line.length }, "");
    document.patch();
  }
  document.free();
  const share = (ms) => `${ms.toFixed(1)} ms, a share of ${(ms / best.fresh).toFixed(2)}`;
  console.log(`A new node in a diagram of 200, from text to React Flow: afresh ${best.fresh.toFixed(1)} ms; held still, the drawing given back, ${share(best.held)}; typed into an open document ${share(best.typed)}`);
}

// ── processes of their own ──────────────────────────────────────────────────────────────────────────────────────
console.log("Fresh processes: milliseconds to load, to the first layout of 20 nodes, to the tenth; peak memory in MB after clusters of 1,000 nodes");
const own = {};
for (const engine of ["ours", "ours slim", "elkjs", "dagre", "graphviz"]) {
  const samples = Array.from({ length: 5 }, () => JSON.parse(execFileSync(process.execPath, [new URL("alone.mjs", import.meta.url).pathname, engine], { encoding: "utf8" })));
  const median = (key) => round(samples.map((s) => s[key]).sort((a, b) => a - b)[2]);
  own[engine] = { load: median("load"), "load + first": median("first"), tenth: median("tenth"), "peak MB": median("peak") };
}
console.table(own);

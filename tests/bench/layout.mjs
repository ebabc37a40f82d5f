// Layout beside elkjs and dagre in one process: time and quality, as ratios.
//   cargo xtask bench layout

import ELK from "elkjs/lib/elk.bundled.js";
import dagre from "@dagrejs/dagre";
import init, { layout } from "spandrel";
import { clusters, corpus, dag } from "./graphs.mjs";
import { geometricMean, measure } from "./metrics.mjs";

await init();
const elk = new ELK();
const copy = (graph) => JSON.parse(JSON.stringify(graph));

async function time(run) {
  const start = performance.now();
  const result = await run();
  return [performance.now() - start, result];
}

/** dagre takes flat graphs only. */
function withDagre(graph) {
  const g = new dagre.graphlib.Graph({ multigraph: true });
  g.setGraph({ rankdir: "TB" });
  g.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.children) g.setNode(node.id, { width: node.width, height: node.height });
  for (const edge of graph.edges) g.setEdge(edge.sources[0], edge.targets[0], {}, edge.id);
  dagre.layout(g);
}

// Everyone warm, as in a page that has drawn before.
for (let i = 0; i < 5; i++) {
  for (const [, graph] of corpus().slice(0, 6)) {
    await elk.layout(copy(graph));
    layout(copy(graph));
  }
}

console.log("Small graphs, ours / elkjs (geometric means; below 1 is better)");
const ratios = { time: [], crossings: [], bends: [], length: [], area: [] };
let invalid = 0;
for (const [name, graph] of corpus()) {
  const times = { theirs: [], ours: [] };
  let theirs;
  let ours;
  for (let round = 0; round < 3; round++) {
    let ms;
    [ms, theirs] = await time(() => elk.layout(copy(graph)));
    times.theirs.push(ms);
    [ms, ours] = await time(() => layout(copy(graph)));
    times.ours.push(ms);
  }
  ratios.time.push(Math.min(...times.ours) / Math.min(...times.theirs));
  const [a, b] = [measure(ours), measure(theirs)];
  if (a.invalid > 0) console.log(`  INVALID: ${name}: ${a.invalid} overlaps or edges through nodes`);
  invalid += a.invalid;
  for (const key of ["crossings", "bends", "length", "area"]) ratios[key].push((a[key] + 1) / (b[key] + 1));
}
console.table(Object.fromEntries(Object.entries(ratios).map(([key, list]) => [key, { "ours / elkjs": +geometricMean(list).toFixed(3) }])));

console.log("Larger graphs, milliseconds (one run each) and ratio");
const rows = {};
for (const [name, graph] of [["dag 100", dag(100, 7)], ["clusters 100", clusters(100, 7)], ["dag 300", dag(300, 7)], ["clusters 300", clusters(300, 7)], ["dag 1000", dag(1000, 7)], ["clusters 1000", clusters(1000, 7)]]) {
  const [oursMs] = await time(() => layout(copy(graph)));
  const [elkMs] = await time(() => elk.layout(copy(graph)));
  const flat = graph.children.every((child) => !child.children);
  const [dagreMs] = flat ? await time(() => withDagre(graph)) : [NaN];
  rows[name] = { ours: Math.round(oursMs), elkjs: Math.round(elkMs), dagre: Math.round(dagreMs), "elkjs / ours": +(elkMs / oursMs).toFixed(1) };
}
console.table(rows);
console.log(invalid === 0 ? "every drawing of ours is valid" : `${invalid} faults in our drawings`);

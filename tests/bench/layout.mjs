// Layout beside elkjs and dagre in one process: time, as ratios. Quality: quality.mjs.
//   cargo xtask bench layout

import ELK from "elkjs/lib/elk.bundled.js";
import dagre from "@dagrejs/dagre";
import init, { layout } from "spandrel";
import { clusters, corpus, dag } from "./graphs.mjs";
import { geometricMean, measure } from "./metrics.mjs";
import { layOutWithElk } from "./peers.mjs";

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

console.log("Small graphs, time ours / elkjs (geometric mean of the best of three; below 1 is better)");
const families = new Map();
let invalid = 0;
for (const [name, graph] of corpus()) {
  const times = { theirs: Infinity, ours: Infinity };
  let ours;
  for (let round = 0; round < 3; round++) {
    const [theirMs] = await time(() => layOutWithElk(elk, graph));
    times.theirs = Math.min(times.theirs, theirMs);
    let ourMs;
    [ourMs, ours] = await time(() => layout(copy(graph)));
    times.ours = Math.min(times.ours, ourMs);
  }
  const family = name.split("-")[0];
  families.set(family, [...(families.get(family) ?? []), times.ours / times.theirs]);
  invalid += measure(ours).invalid;
}
const rounded = (ratios) => ({ "ours / elkjs": +geometricMean(ratios).toFixed(3) });
console.table({ ...Object.fromEntries([...families].map(([name, list]) => [name, rounded(list)])), all: rounded([...families.values()].flat()) });

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

// Quality of layouts beside elkjs, graph by graph, as a table that is committed: a loss shows in review.
//   cargo xtask bench quality        writes quality.md, prints the means
//
// Both engines are deterministic, so the table changes only when they do. What the columns mean: metrics.mjs.

import { writeFileSync } from "node:fs";
import ELK from "elkjs/lib/elk.bundled.js";
import init, { layout } from "spandrel";
import { corpus } from "./graphs.mjs";
import { BLEMISHES, COSTS, FAULTS, geometricMean, measure } from "./metrics.mjs";
import { layOutWithElk } from "./peers.mjs";

await init();
const elk = new ELK();
const copy = (graph) => JSON.parse(JSON.stringify(graph));

const graphs = [];
let crashes = 0;
for (const [name, graph] of corpus()) {
  const theirs = measure(await layOutWithElk(elk, graph, () => crashes++));
  graphs.push({ name, ours: measure(layout(copy(graph))), theirs });
}

/** Ratio of costs; one is added to both so that 0 to 0 is a tie and 1 to 0 is not infinite. */
const ratio = (graph, cost) => (graph.ours[cost] + 1) / (graph.theirs[cost] + 1);
const short = (value) => String(Math.round(value * 100) / 100);
const pair = (graph, cost) => {
  const digits = cost === "area" || cost === "length" ? 1e-3 : 1;
  return `${short(graph.ours[cost] * digits)} / ${short(graph.theirs[cost] * digits)}`;
};
const told = (m, names) => names.filter((name) => m[name] >= 0.005).map((name) => `${name} ${short(m[name])}`).join(", ");

const families = new Map();
for (const graph of graphs) {
  const family = graph.name.split("-")[0];
  families.set(family, [...(families.get(family) ?? []), graph]);
}
families.set("all", graphs);
const means = [...families].map(([family, members]) => [
  family,
  members.length,
  ...COSTS.map((cost) => geometricMean(members.map((graph) => ratio(graph, cost))).toFixed(3)),
  ...COSTS.map((cost) => members.filter((graph) => ratio(graph, cost) > 1.0001).length),
]);
const sums = (whose, names) => names.map((name) => [name, short(graphs.reduce((sum, graph) => sum + graph[whose][name], 0))]);

const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
const text = `# Quality of layouts

Written by \`cargo xtask bench quality\`; \`metrics.mjs\` says what is counted, \`graphs.mjs\` makes the graphs.

## Means

Geometric means of ours over elkjs's (below 1 is better), then on how many graphs ours is worse. elkjs crashed on ${crashes} of
${graphs.length} graphs; there it drew them without model order.

${table(["family", "graphs", ...COSTS, ...COSTS.map((cost) => `${cost} worse`)], means)}

## Faults and blemishes, sums over all graphs

${table(["", "ours", "elkjs"], sums("ours", [...FAULTS, ...BLEMISHES]).map(([name, sum], i) => [name, sum, sums("theirs", [...FAULTS, ...BLEMISHES])[i][1]]))}

## Graph by graph, ours / elkjs's

Length in thousands of pixels, area in thousands of square pixels.

${table(["graph", ...COSTS, "our faults", "our blemishes"], graphs.map((graph) => [graph.name, ...COSTS.map((cost) => pair(graph, cost)), told(graph.ours, FAULTS), told(graph.ours, BLEMISHES)]))}
`;
writeFileSync(new URL("quality.md", import.meta.url), text);

console.table(Object.fromEntries(means.map(([family, count, ...cells]) => [family, { graphs: count, ...Object.fromEntries(COSTS.map((cost, i) => [cost, +cells[i]])) }])));
console.table(Object.fromEntries([...FAULTS, ...BLEMISHES].map((name) => [name, Object.fromEntries(["ours", "theirs"].map((whose) => [whose, +short(graphs.reduce((sum, graph) => sum + graph[whose][name], 0))]))])));

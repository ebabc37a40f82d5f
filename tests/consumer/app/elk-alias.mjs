// A program written for elkjs, with nothing changed but the alias in package.json.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import ELK from "elkjs";
import Bundled from "elkjs/lib/elk.bundled.js";
import { Worker as ElkWorker } from "elkjs/lib/elk-worker.js";
import Api from "elkjs/lib/elk-api.js";

const require = createRequire(import.meta.url);
const Required = require("elkjs");
assert.equal(Required, ELK);
assert.equal(Required.default, Required);

const graph = () => ({
  id: "root",
  layoutOptions: { "elk.algorithm": "layered", "elk.direction": "DOWN" },
  children: [
    { id: "n1", width: 30, height: 30, data: { mine: () => 1 } },
    { id: "n2", width: 30, height: 30 },
  ],
  edges: [{ id: "e1", sources: ["n1"], targets: ["n2"] }],
});

const elks = [new ELK(), new Bundled(), new Api({ workerFactory: () => new ElkWorker() })];
const results = [];
for (const elk of elks) {
  const own = graph();
  const result = await elk.layout(own);
  assert.equal(result, own);
  assert.ok(result.children[1].y > result.children[0].y, "direction DOWN");
  assert.equal(result.edges[0].sections[0].id, "e1_s0");
  assert.equal(result.edges[0].container, "root");
  results.push(result.children.map(({ x, y }) => [x, y]));
}
assert.deepEqual(results[1], results[0]);
assert.deepEqual(results[2], results[0]);
await assert.rejects(new ELK().layout({ children: [{}] }), /JsonImportException/);
await assert.rejects(new ELK().layout(), /Missing mandatory parameter 'graph'/);
console.log("as elkjs: fine");

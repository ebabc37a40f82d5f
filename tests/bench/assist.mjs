// What a request costs offline, in the built WebAssembly: to classify it, to draw it, to change a diagram as it asks.
// Prints the median and the slowest of a hundred written requests; no figure is asserted.
//   cargo xtask bench assist

import { readFileSync } from "node:fs";
import init from "spandrel";
import { classify, generate, loadAssist } from "spandrel/assist";

const folder = new URL("../assistant/", import.meta.url);
const lines = (name) =>
  readFileSync(new URL(name, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

const start = performance.now();
await init();
const engine = performance.now();
await loadAssist();
const loaded = performance.now();
console.log(`engine ready after ${(engine - start).toFixed(1)} ms, the assistant's data after ${(loaded - engine).toFixed(1)} ms more`);

const requests = [...lines("requests-1.txt"), ...lines("requests-2.txt")];
const edits = lines("edits.txt").map((line) => {
  const [name, wish] = line.split(" | ");
  return { wish, source: readFileSync(new URL(`diagrams/${name}.d2`, folder), "utf8") };
});

/** Milliseconds of each call, the second time round: the first warms the code up. */
async function time(calls) {
  for (const call of calls) await call();
  const times = [];
  for (const call of calls) {
    const before = performance.now();
    await call();
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b);
}

const report = (name, times) => {
  const median = times[Math.floor(times.length / 2)];
  const most = times[times.length - 1];
  console.log(`${name.padEnd(28)} median ${median.toFixed(2)} ms, slowest ${most.toFixed(2)} ms (${times.length})`);
};

report("classify", await time(requests.map((query) => () => classify(query))));
report("generate", await time(requests.map((query) => () => generate(query))));
report("generate, diagram given", await time(edits.map(({ wish, source }) => () => generate(wish, { source }))));

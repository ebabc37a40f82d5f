// D2 text to a compiled graph beside D2's own WebAssembly build, in one process; what a keystroke costs; and how
// cost grows with size. Ratios within one run; no figure is asserted.
//   cargo xtask bench pipeline

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import init, { compile, diagram, format, open } from "spandrel";

/** Services in containers with `n` connections: plain D2 that both engines take. */
function source(n) {
  const lines = [];
  const services = Math.max(2, Math.round(n / 1.5));
  const name = (i) => `team_${Math.floor(i / 6)}.service_${i}`;
  for (let i = 0; i < services; i++) lines.push(`${name(i)}: Service ${i}`);
  for (let i = 0; i < n; i++) {
    const to = 1 + (i % (services - 1));
    lines.push(`${name(Math.max(0, to - 1 - (i % 3)))} -> ${name(to)}: call ${i}`);
  }
  return lines.join("\n");
}

const best = (list) => Math.min(...list);

async function time(rounds, run) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run(i);
    times.push(performance.now() - start);
  }
  return best(times);
}

const firstOurs = performance.now();
await init();
compile(source(20));
const oursFirst = performance.now() - firstOurs;
/** D2's engine without the wrapper around it, whose `compile` always lays out too: the function of the engine that
 *  parses and compiles and does nothing else gives the order of the objects. */
async function loadD2() {
  const folder = dirname(createRequire(import.meta.url).resolve("@terrastruct/d2"));
  new Function(readFileSync(join(folder, "wasm_exec.js"), "utf8")).call(globalThis);
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "d2.wasm")), go.importObject);
  void go.run(instance);
  return globalThis.d2;
}

const firstTheirs = performance.now();
const d2 = await loadD2();
const loaded = performance.now() - firstTheirs;
const theirCompile = (text) => {
  const answer = JSON.parse(d2.getObjOrder(text));
  if (answer.error) throw new Error(answer.error.message);
};
theirCompile(source(20));
const theirsFirst = performance.now() - firstTheirs;
console.log(
  `load and first compile: ours ${oursFirst.toFixed(0)} ms, D2 ${theirsFirst.toFixed(0)} ms (of which loading ${loaded.toFixed(0)} ms)`,
);

const compiled = {};
for (const n of [20, 200, 1000, 3000]) {
  const text = source(n);
  // V8 runs WebAssembly unoptimised at first: a small source needs some thousand calls until all of it is compiled well. Both
  // engines get about as much time, so that neither is measured cold.
  const rounds = n > 500 ? 9 : n > 50 ? 41 : 400;
  let [ours, read, theirs] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    ours = Math.min(ours, await time(5, () => compile(text)));
    read = Math.min(read, await time(5, () => compile(text).graph));
    if (round % 3 === 0) theirs = Math.min(theirs, await time(1, () => theirCompile(text)));
  }
  compiled[n] = {
    "ours, ms": +ours.toFixed(2),
    "and its graph read, ms": +read.toFixed(2),
    "D2, ms": +theirs.toFixed(0),
    "D2 / ours": +(theirs / ours).toFixed(1),
    "ms per 1,000": +((ours / n) * 1000).toFixed(2),
    "MB/s": +(text.length / 1000 / ours).toFixed(1),
  };
}
console.log("\nparse and compile, by connections:");
console.table(compiled);

const text = source(600);
const lines = text.split("\n").length;
console.log(`\na keystroke in a source of ${lines} lines, ms:`);
const document = open(text);
document.diagnostics();
let end = text.length;
const keystroke = async (after) => {
  let put = false;
  return time(200, () => {
    // A letter at the end of the last label, put in and taken out in turn.
    document.replace({ start: end, end: put ? end + 1 : end }, put ? "" : "x");
    put = !put;
    after();
  });
};
const rows = {
  "parse, compile, validate": await keystroke(() => document.diagnostics()),
  "the same, and tokens of a screen": await keystroke(() => {
    document.diagnostics();
    document.tokens({ start: end - 2000, end });
  }),
  "the same, and the drawing held still": await keystroke(() => document.patch()),
  "for comparison: compile from nothing": await time(200, () => compile(text)),
  "for comparison: format": await time(200, () => format(text)),
  "for comparison: lay out from nothing": await time(3, () => diagram(text)),
};
console.table(Object.fromEntries(Object.entries(rows).map(([name, ms]) => [name, { ms: +ms.toFixed(2) }])));
document.free();
process.exit(0);

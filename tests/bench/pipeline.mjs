// D2 text to a compiled and laid-out diagram beside D2's own WebAssembly build, in one process.
//   cargo xtask bench pipeline

import { D2 } from "@terrastruct/d2";
import init, { compile, diagram } from "spandrel";

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

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function time(rounds, run) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

const firstOurs = performance.now();
await init();
compile(source(20));
const oursFirst = performance.now() - firstOurs;
const firstTheirs = performance.now();
const d2 = new D2();
await d2.compile(source(20), { options: { layout: "dagre" } });
const theirsFirst = performance.now() - firstTheirs;
console.log(`load and first compile: ours ${oursFirst.toFixed(0)} ms, D2 ${theirsFirst.toFixed(0)} ms`);

const rows = {};
for (const n of [20, 200, 1000]) {
  const text = source(n);
  const rounds = n > 500 ? 3 : 7;
  const ours = await time(rounds, () => compile(text));
  const drawn = await time(rounds, () => diagram(text));
  const theirs = await time(n > 500 ? 1 : 3, () => d2.compile(text, { options: { layout: "dagre" } }).catch(() => {}));
  rows[n] = { "compile, ms": +ours.toFixed(2), "diagram, ms": +drawn.toFixed(2), "D2 compile and lay out, ms": +theirs.toFixed(0), "D2 / our diagram": +(theirs / drawn).toFixed(1) };
}
console.table(rows);
process.exit(0);

// Sources made to hurt, through every door of the package: each call in a worker of its own that is stopped when it takes
// too long, so that a hang or a trap is a row of the table and not the end of the run. Times are the process's own (what it computes), from a warm engine.
//   cargo xtask bench hostile            all cases
//   node tests/bench/hostile.mjs glob    those with `glob` in their name
//   node tests/bench/hostile.mjs "" compile,diagram    all, through these doors only
//   node tests/bench/hostile.mjs --write FOLDER    the sources as files, for a profiler

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** The largest source that is read at all is half a megabyte; these stay just below. */
const MOST = 520_000;
const LIMIT_MS = 60_000;

const lines = (n, line) => Array.from({ length: n }, (_, i) => line(i)).join("\n") + "\n";
const fill = (piece) => piece.repeat(Math.floor(MOST / Buffer.byteLength(piece)));
/** Lines until the source is full. */
const fillLines = (line) => {
  const parts = [];
  for (let i = 0, size = 0; ; i++) {
    const next = line(i) + "\n";
    size += Buffer.byteLength(next);
    if (size > MOST) return parts.join("");
    parts.push(next);
  }
};

/** By name: a source, or what `repair` and the others are given with it. */
const cases = {
  "ten megabytes in one line": () => "x".repeat(10 << 20),
  "one long word": () => fill("x"),
  "maps nested 100,000 deep": () => "a: {".repeat(100_000),
  "maps nested and closed 70,000 deep": () => "a: {\n".repeat(70_000) + "}\n".repeat(70_000),
  "arrays nested 100,000 deep": () => "a: " + "[".repeat(100_000),
  "substitutions nested 100,000 deep": () => "a: " + "${".repeat(100_000),
  "a path of 100,000 parts": () => "a.".repeat(100_000) + "a",
  "a path that fills the source": () => fill("a.") + "a",
  "a chain that fills the source": () => fill("a->") + "a",
  "a chain of new objects": () => fillLines((i) => `n${i} ->`).replaceAll("\n", " ") + "end",
  "closing braces": () => fill("}"),
  "opening braces": () => fill("{"),
  "closing braces, a line each": () => fill("}\n"),
  "arrows": () => fill("->"),
  "arrows, a line each": () => fill("->\n"),
  "dollars": () => fill("$"),
  "dollars, a line each": () => fill("$\n"),
  "spreads of nothing": () => fill("...${x}\n"),
  "bars": () => "x: " + fill("|"),
  "quotes": () => fill('"'),
  "quotes, a line each": () => fill('"\n'),
  "parentheses": () => fill("("),
  "brackets, a line each": () => fill("a: ]\n"),
  "ampersands, a line each": () => fill("&a: b\n"),
  "backslashes": () => fill("\\"),
  "comments": () => fill("#\n"),
  "block comments": () => fill('"""x"""\n'),
  "semicolons": () => fill(";"),
  "globs and semicolons": () => fill("*;"),
  "letters of two bytes and semicolons": () => fill("é;"),
  "controls": () => fill("a\u202e\u0007;"),
  "objects": () => fillLines((i) => `n${i}`),
  "objects with labels of two bytes": () => fillLines((i) => `n${i}: é`),
  "maps": () => fillLines((i) => `n${i}: {a; b}`),
  "connections of a thousand objects": () => fillLines((i) => `n${i % 997} -> n${(i * 7) % 991}`),
  "one connection again and again": () => fillLines(() => "a -> b"),
  "indices of one connection": () => fillLines(() => "(a->b)[0]"),
  "indices that do not exist": () => "a -> b\n" + fillLines((i) => `(a -> b)[${i + 1}]: x`),
  "10,000 connections, then their indices": () =>
    lines(10_000, () => "a -> b") + lines(10_000, (i) => `(a -> b)[${i}].style.opacity: 0.5`),
  "deleting what was made": () => fillLines((i) => `n${i}\nn${i}: null`),
  "deleting connections": () => lines(20_000, () => "a -> b") + lines(20_000, () => "(a -> b)[0]: null"),
  "wrong shapes": () => lines(20_000, (i) => `n${i}.shape: nope${i}`),
  "wrong fills": () => lines(15_000, (i) => `n${i}.style.fill: nope${i}`),
  "wrong styles": () => lines(20_000, (i) => `n${i}.style.nope: 1`),
  "near nowhere": () => lines(10_000, (i) => `n${i}.near: nowhere`),
  "near one another": () => lines(10_000, (i) => `n${i}.near: n${(i + 1) % 10_000}`),
  "layers": () => "layers: {\n" + lines(50_000, (i) => `l${i}`) + "}\n",
  "layers with objects": () => "layers: {\n" + lines(20_000, (i) => `l${i}: {a -> b}`) + "}\n",
  "scenarios of many objects": () =>
    lines(2_000, (i) => `n${i}`) + "scenarios: {\n" + lines(2_000, (i) => `s${i}: {x}`) + "}\n",
  "steps upon steps": () => "a\nsteps: {\n" + lines(5_000, (i) => `s${i}: {x${i}}`) + "}\n",
  "boards nested": () => "layers: {l: {".repeat(60) + "a" + "}}".repeat(60),
  "scenarios within scenarios": () => lines(50, (i) => `n${i}`) + nestedScenarios(12, 2),
  "classes": () => "classes: {\n" + lines(20_000, (i) => `c${i}: {shape: oval}`) + "}\n",
  "classes through layers": () =>
    "classes: {\n" + lines(2_000, (i) => `c${i}: {shape: oval}`) + "}\nlayers: {\n" + lines(2_000, (i) => `l${i}: {a}`) + "}\n",
  "objects of a class of many attributes": () =>
    `classes: {c: {style.fill: red; style.stroke: blue; style.opacity: 0.5; shape: oval}}\n` +
    lines(20_000, (i) => `n${i}.class: c`),
  "one object of many classes": () =>
    "classes: {c: {shape: oval}}\n" + lines(1_000, (i) => `n${i}.class: [${"c;".repeat(200)}]`),
  "variables in variables": () =>
    "vars: {\n  v0: xxxxxxxxxx\n" + lines(60, (i) => `  v${i + 1}: \${v${i}}\${v${i}}`) + "}\na: ${v60}\n",
  "variables through blocks": () =>
    "vars: {\n" + lines(10_000, (i) => `  v${i}: ${i}`) + "}\n" + lines(1_000, (i) => `b${i}: |md \${v${i}} |`),
  "variables of a large map": () =>
    "vars: {m: {\n" + lines(1_000, (i) => `  k${i}: ${i}`) + "}}\n" + lines(10_000, (i) => `n${i}: {...\${m}}`),
  "arrays spread into arrays": () =>
    "vars: {\n  v0: [1; 2; 3; 4]\n" + lines(60, (i) => `  v${i + 1}: [...\${v${i}}; ...\${v${i}}]`) + "}\nx.class: ${v60}\n",
  "arrays within arrays": () =>
    "vars: {\n  v0: [1; 2]\n" + lines(60, (i) => `  v${i + 1}: [\${v${i}}; \${v${i}}]`) + "}\nx.class: ${v60}\n",
  "maps spread into maps": () =>
    "vars: {\n  v0: {a: 1}\n" +
    lines(40, (i) => `  v${i + 1}: {x: {...\${v${i}}}; y: {...\${v${i}}}}`) + "}\nx: {...${v40}}\n",
  "unknown variables": () => fillLines((i) => `n${i}: \${nope${i}}`),
  "globs of connections": () => lines(3_000, (i) => `n${i}`) + "* -> *\n** -> **\n",
  "globs again and again": () => lines(100, (i) => `n${i}`) + "* -> *\n".repeat(200),
  "globs over 10,000 objects": () => lines(10_000, (i) => `n${i}`) + "**.style.opacity: 0.5\n".repeat(50),
  "globs in front of 10,000 objects": () => "**.style.opacity: 0.5\n".repeat(50) + lines(10_000, (i) => `n${i}`),
  "500 globs": () => lines(500, (i) => `*${i}.style.opacity: 0.5`) + lines(1_000, (i) => `n${i}`),
  "globs with filters": () =>
    lines(1_000, (i) => `n${i}: {shape: oval}`) + lines(100, () => "*: {&shape: oval; style.opacity: 0.5}"),
  "globs with filters, in front": () =>
    lines(100, () => "**: {&shape: oval; &connected: true; style.opacity: 0.5}") + lines(1_000, (i) => `n${i} -> m${i}`),
  "globs of indices": () => lines(100, (i) => `n${i}`) + "* -> *\n" + "(* -> *)[*].style.opacity: 0.5\n".repeat(100),
  "globs of indices with filters": () =>
    lines(1_000, (i) => `n${i} -> m${i}`) + "(* -> *)[*]: {&src: n1; style.opacity: 0.5}\n".repeat(100),
  "globs below globs": () => lines(30, (i) => `n${i}: {${lines(30, (k) => `m${k}`)}}`) + "*.*.*.*: x\n**.**.**: y\n",
  "globs that make what globs match": () => "*: {a}\n**: {b}\n*.*: {c}\nx -> y\n".repeat(20),
  "three stars through boards": () =>
    "***.style.opacity: 0.5\n".repeat(20) + "layers: {\n" + lines(2_000, (i) => `l${i}: {a; b}`) + "}\n",
  "patterns of many stars": () => lines(5_000, (i) => `${"a".repeat(60)}${i}`) + "*a*a*a*a*a*a*a*a*a*a*b: x\n".repeat(100),
  "rows of a table": () => "t: {shape: sql_table\n" + fillLines((i) => `  r${i}: int`) + "}\n",
  "rows and their connections": () =>
    "t: {shape: sql_table\n" + lines(5_000, (i) => `  r${i}: int`) + "}\n" + lines(10_000, (i) => `u -> t.r${i % 5_000}`),
  "a sequence diagram": () => "shape: sequence_diagram\n" + fillLines((i) => `a${i % 3_000} -> b: ${i}`),
  "notes of a sequence diagram": () => "shape: sequence_diagram\n" + fillLines((i) => `a${i % 2_000}.n${i}`),
  "a grid": () => "grid-rows: 3\n" + lines(20_000, (i) => `n${i}`),
  "a grid of a thousand million rows": () => "grid-rows: 2147483647\ngrid-columns: 2147483647\na; b\n",
  "links to nowhere": () => lines(20_000, (i) => `n${i}.link: layers.x${i}`),
  "a long icon": () => `a.icon: data:image/png;base64,${"A".repeat(MOST - 100)}`,
  "a block of text": () => `a: |md\n${"- x\n".repeat((MOST - 20) / 4)}|\n`,
  "a block of nested lists": () => `a: |md\n${lines(1_000, (i) => " ".repeat(i) + "- x")}|\n`,
  "a block of open tags": () => `a: |md\n${"<b>".repeat((MOST - 20) / 3)}|\n`,
  "a block of tags that do not end": () => `a: |md\n${"<b x ".repeat((MOST - 20) / 5)}|\n`,
  "a block of stars": () => `a: |md\n${"*".repeat(MOST - 20)}|\n`,
  "a block of brackets": () => `a: |md\n${"[".repeat(MOST - 20)}|\n`,
  "many small blocks": () => lines(10_000, (i) => `n${i}: |md # x |`),
  "labels of a hundred thousand letters": () => lines(5, (i) => `n${i}: ${"wide ".repeat(20_000)}`),
  "objects nested": () => lines(120, (i) => `a${i}: {`) + "}\n".repeat(120),
  "objects nested, by paths": () => lines(500, (i) => Array.from({ length: 200 }, (_, k) => `p${(i * 7 + k) % 300}`).join(".")),
  "objects nested, by paths within maps": () => `${"a.".repeat(200)}a: {`.repeat(120) + "b" + "}".repeat(120),
  "connections between long paths": () => `${"a.".repeat(100_000)}x -> ${"a.".repeat(100_000)}y`,
  "variables that nest": () => "vars: {\n  v0: {a: 1}\n" + lines(5_000, (i) => `  v${i + 1}: {x: \${v${i}}}`) + "}\na: {...${v5000}}\n",
  "objects made, then deleted": () => lines(20_000, (i) => `n${i}`) + lines(20_000, (i) => `n${i}: null`),
  "connected objects made, then deleted": () =>
    lines(10_000, (i) => `n${i} -> m${i}`) + lines(10_000, (i) => `n${i}: null`),
  "objects suspended": () => lines(10_000, (i) => `n${i} -> m${i}`) + "**: suspend\n",
  "misspelt names": () => lines(10_000, (i) => `service${i % 5_000}`) + lines(10_000, (i) => `servise${i} -> service${i}`),
  "parents": () => fill("_.") + "a",
  "parents of connections": () => lines(20_000, () => "a: {b -> _.c}"),
};

function nestedScenarios(depth, wide) {
  let inner = "a";
  for (let i = 0; i < depth; i++) {
    inner = `scenarios: {${Array.from({ length: wide }, (_, k) => `s${k}: {x${i}; ${inner}}`).join("; ")}}`;
  }
  return inner;
}

/** By name: one call of the package with a source. */
const doors = (spandrel) => ({
  compile: (text) => spandrel.compile(text),
  validate: (text) => spandrel.validate(text),
  format: (text) => spandrel.format(text),
  set: (text) => spandrel.edit(text, { op: "set", key: "n1", value: "y" }),
  delete: (text) => spandrel.edit(text, { op: "delete", key: "n1" }),
  rename: (text) => spandrel.edit(text, { op: "rename", key: "a", new_name: "renamed" }),
  "diff to": (text) => spandrel.diff("x", text),
  "diff by a line": (text) => spandrel.diff(text, `${text}\nlast\n`),
  diagram: (text) => spandrel.diagram(text),
  repair: (text) => spandrel.repair(text),
  document: (text) => {
    const document = spandrel.open(text);
    document.diagnostics();
    document.outline();
    document.folding();
    document.tokens({ start: 0, end: 2_000 });
    document.complete(Math.min(text.length, 1_000));
    document.references(0);
    document.replace({ start: text.length, end: text.length }, "\nlast\n");
    document.diagnostics();
    document.free();
  },
});

async function inWorker() {
  const { default: init, ...spandrel } = await import("spandrel");
  await init();
  const calls = doors(spandrel);
  for (const call of Object.values(calls)) call("a -> b: {style.opacity: 0.5}\nc: |md x |\n");
  parentPort.postMessage("ready");
  // The process's own time: other work on the machine is not in it, and the main thread only waits.
  const now = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  parentPort.on("message", ({ name, door }) => {
    const text = cases[name]();
    const start = now();
    try {
      calls[door](text);
      parentPort.postMessage({ ms: now() - start });
    } catch (error) {
      parentPort.postMessage({ ms: now() - start, trap: String(error.message ?? error).split("\n")[0] });
    }
  });
}

/** One call: its milliseconds, `null` when it was stopped, or what it threw. */
function measure(worker, name, door) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ ms: Infinity }), LIMIT_MS);
    const done = (answer) => {
      clearTimeout(timer);
      worker.off("error", broken);
      resolve(answer);
    };
    const broken = (error) => done({ ms: Infinity, trap: String(error.message) });
    worker.once("message", done);
    worker.once("error", broken);
    worker.postMessage({ name, door });
  });
}

async function fresh() {
  const worker = new Worker(fileURLToPath(import.meta.url));
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

async function main(wanted, through) {
  const names = Object.keys(cases).filter((name) => name.includes(wanted ?? ""));
  const all = through?.split(",") ?? Object.keys(doors({}));
  const over = [];
  const rows = {};
  let worst = 0;
  let worker = await fresh();
  for (const name of names) {
    rows[name] = {};
    for (const door of all) {
      const { ms, trap } = await measure(worker, name, door);
      rows[name][door] = trap ? "trap" : ms === Infinity ? `> ${LIMIT_MS}` : Math.round(ms);
      worst = Math.max(worst, ms);
      if (trap || ms > 1_000) over.push(`${name}, ${door}: ${trap ?? `${Math.round(ms)} ms`}`);
      // What trapped or hangs is of no more use, and what grew large would slow down the next.
      if (trap || ms > 300) {
        await worker.terminate();
        worker = await fresh();
      }
    }
    console.log([name.padEnd(44), ...all.map((door) => `${door} ${rows[name][door]}`)].join(" | "));
  }
  await worker.terminate();
  console.log(`\n${names.length} sources, ${all.length} doors; the slowest call took ${Math.round(worst)} ms`);
  console.log(over.length ? `over a second:\n  ${over.join("\n  ")}` : "no call trapped or took more than a second");
}

if (!isMainThread) await inWorker();
else if (process.argv[2] === "--write") {
  mkdirSync(process.argv[3], { recursive: true });
  for (const [name, source] of Object.entries(cases)) {
    writeFileSync(join(process.argv[3], `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.d2`), source());
  }
} else await main(process.argv[2], process.argv[3]);

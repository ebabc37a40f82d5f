import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = resolve(import.meta.dirname, "../../..");
const BEGIN = "<!-- studio: written by `cargo xtask bench studio` -->";
const END = "<!-- /studio -->";

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const p95 = (values: readonly number[]): number => quantile(values, 0.95);

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** What a browser downloads, in brotli: entry, engine, icons, and all that is kept for work without a network. */
export function sizes(): [string, string, string][] {
  const dist = join(root, "web/dist");
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const packed = (file: string): number => brotliCompressSync(readFileSync(join(dist, file))).length;
  const worker = readFileSync(join(dist, "sw.js"), "utf8");
  // What is large is kept packed, as the service worker says.
  const large = new RegExp(/const PACKED = \/(.*)\/;/.exec(worker)?.[1] ?? "$^");
  const stored = (file: string): number => (large.test(`/${file}`) ? gzipSync(readFileSync(join(dist, file))).length : statSync(join(dist, file)).size);
  const assets = readdirSync(join(dist, "assets")).map((file) => `assets/${file}`);
  // The entry is what the page names and what that imports before anything is drawn.
  const entry = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] as string);
  const engine = assets.filter((file) => file.endsWith(".wasm"));
  const icons = assets.filter((file) => /\/icons-[^/]*\.js$/.test(file));
  const list = /const FILES = (\[[^\]]*\])/.exec(worker)?.[1] ?? "[]";
  const kept = (JSON.parse(list) as string[]).map((file) => file.slice(1));
  const sum = (files: readonly string[], of: (file: string) => number): number => files.reduce((total, file) => total + of(file), 0);
  return [
    ["app entry (JavaScript and CSS, brotli)", kB(sum(entry.filter((file) => !icons.includes(file)), packed)), "≤ 250 kB"],
    ["engine (brotli)", kB(sum(engine, packed)), "≤ 450 kB"],
    ["default icons (brotli)", kB(sum(icons, packed)), "≤ 40 kB"],
    ["kept for work offline (as stored; brotli on the way)", `${kB(sum(kept, stored))} (${kB(sum(kept, packed))})`, "≤ 3,000 kB"],
  ];
}

/** Puts the figures into docs/performance.md, in place of those of the last time. */
export function write(rows: readonly [string, string, string][], browser: string): void {
  const page = join(root, "docs/performance.md");
  const old = readFileSync(page, "utf8");
  const table = ["| what | measured | to reach |", "|---|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
  const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? "unknown"}, headless Chromium ${browser}, no GPU, load average ${(loadavg()[1] ?? 0).toFixed(1)} while measured`;
  const section = `${BEGIN}\n\n## The studio in Chromium\n\n\`cargo xtask bench studio\` on ${machine}. A load above the number of cores means that other work is in the figures.\n\n${table}\n\n${END}`;
  const begin = old.indexOf(BEGIN);
  const end = old.indexOf(END);
  const text = begin >= 0 && end > begin ? old.slice(0, begin) + section + old.slice(end + END.length) : `${old.trimEnd()}\n\n${section}\n`;
  writeFileSync(page, text);
  console.log(table);
}

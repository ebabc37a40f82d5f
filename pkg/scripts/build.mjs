// TypeScript to JavaScript, and the files made from other files. `cargo xtask build` puts the engine into
// `dist/engine` and `elk/dist/engine` first.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildElk } from "./build-elk.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

for (const needed of ["dist/engine/engine_bg.wasm", "elk/dist/engine/engine_bg.wasm"]) {
  if (!existsSync(at(needed))) {
    console.error(`pkg/${needed} is missing: run \`cargo xtask build\`, which makes it from Rust`);
    process.exit(1);
  }
}

for (const entry of readdirSync(at("dist"))) {
  if (!["engine", ".stamp"].includes(entry)) rmSync(at("dist", entry), { recursive: true });
}
execFileSync(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", root], { stdio: "inherit" });
const style = readFileSync(at("src/react/style.css"), "utf8");
writeFileSync(at("dist/react/style.css"), style.replace("/* kinds */", kinds()));
cpSync(assistData(), at("dist/assist.bin"));
cpSync(at("src/inline-bytes.d.ts"), at("dist/inline-bytes.d.ts"));
const wasm = readFileSync(at("dist/engine/engine_bg.wasm"));
writeFileSync(at("dist/inline-bytes.js"), `export const wasm = "${wasm.toString("base64")}";\n`);
writeFileSync(at("dist/icons.js"), icons());
cpSync(at("src/icons.d.ts"), at("dist/icons.d.ts"));
writeFileSync(at("dist/logos.js"), logos());
cpSync(at("src/logos.d.ts"), at("dist/logos.d.ts"));
writeFileSync(at("dist/templates.js"), templates());
cpSync(at("src/templates.d.ts"), at("dist/templates.d.ts"));
for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) {
  for (const folder of [root, at("elk")]) {
    if (existsSync(at("..", license))) cpSync(at("..", license), join(folder, license));
  }
}
await buildElk(at("elk"));

/** The assistant's data, packed by its crate's build script wherever cargo last ran it. */
function assistData() {
  const target = process.env.CARGO_TARGET_DIR ?? at("../target");
  const list = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const found = [join(target, "wasm32-unknown-unknown"), target]
    .flatMap(list)
    .flatMap((profile) => list(join(profile, "build")))
    .filter((folder) => basename(folder).startsWith("spandrel-assist-"))
    .map((folder) => join(folder, "out/assist.bin"))
    .filter((file) => existsSync(file));
  const newest = found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (!newest) {
    console.error("the assistant's data are missing: run `cargo xtask build`, which packs them");
    process.exit(1);
  }
  return newest;
}

/** The accents of the catalogue's kinds; groups and things unknown stay neutral. */
function kinds() {
  const toml = readFileSync(at("../engine-wasm/crates/catalog/data/kinds.toml"), "utf8");
  const rules = toml.split("[[kind]]").slice(1).flatMap((kind) => {
    const value = (key) => new RegExp(`^${key} = "([^"]*)"`, "m").exec(kind)?.[1];
    const name = value("name");
    if (name === "default" || name === "group") return [];
    return [
      `.spandrel-kind-${name} { --spandrel-kind: ${value("colour")}; }`,
      `.react-flow.dark .spandrel-kind-${name} { --spandrel-kind: ${value("colour_dark")}; }`,
    ];
  });
  return rules.join("\n");
}

/** The icons that the catalogue names, as path data on a 24 by 24 grid. */
function icons() {
  const { icons: all, aliases = {} } = JSON.parse(
    readFileSync(at("node_modules/@iconify-json/mdi/icons.json"), "utf8"),
  );
  const names = new Set(["application"]);
  for (const file of filesBelow(at("../engine-wasm/crates/catalog"))) {
    // Components name theirs without the set.
    for (const [, a, b] of readFileSync(file, "utf8").matchAll(/mdi:([a-z0-9-]+)|\bicon = "([a-z0-9-]+)"/g)) names.add(a ?? b);
  }
  const found = {};
  for (const name of [...names].sort()) {
    const icon = all[name] ?? all[aliases[name]?.parent];
    const paths = icon && [...icon.body.matchAll(/ d="([^"]+)"/g)].map((match) => match[1]);
    if (paths?.length) found[`mdi:${name}`] = paths.join("");
    else console.warn(`icon mdi:${name} is named in the catalogue but is not in the icon set`);
  }
  return `export const icons = ${JSON.stringify(found, null, 1)};\n`;
}

/** The logos that the catalogue names, each as the inside of a 24 by 24 SVG. */
function logos() {
  const set = JSON.parse(readFileSync(at("node_modules/@iconify-json/logos/icons.json"), "utf8"));
  const names = readFileSync(at("../engine-wasm/crates/catalog/data/logos.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const found = {};
  for (const name of names) {
    const logo = set.icons[name];
    if (!logo) throw new Error(`logos.txt names ${name}, which is not in the set`);
    const { width = set.width ?? 16, height = set.height ?? 16 } = logo;
    const scale = 24 / Math.max(width, height);
    const round = (value) => Math.round(value * 1e4) / 1e4;
    const place = `translate(${round((24 - width * scale) / 2)} ${round((24 - height * scale) / 2)}) scale(${round(scale)})`;
    const colour = /#[0-9a-f]{3}(?:[0-9a-f]{3})?\b/gi;
    // What is black only takes the colour of its surroundings, or it would be lost in a dark theme.
    const black = (logo.body.match(colour) ?? []).every(isDark);
    const body = black ? logo.body.replace(colour, "currentColor") : logo.body;
    found[`logos:${name}`] = `<g transform="${place}"${black ? ' fill="currentColor"' : ""}>${body}</g>`;
  }
  return `export const logos = ${JSON.stringify(found, null, 1)};\n`;
}

/** Whether a colour (`#abc`, `#aabbcc`) is nearly black, by its relative luminance without gamma. */
function isDark(colour) {
  const digits = colour.slice(1);
  const hex = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.12;
}

/** The catalogue's designs to begin with; the first line of each says what it shows. */
function templates() {
  const data = at("../engine-wasm/crates/catalog/data");
  const list = readFileSync(join(data, "templates.toml"), "utf8").split("[[template]]").slice(1);
  const all = list.map((entry) => {
    const value = (key) => new RegExp(`^${key} = "([^"]*)"`, "m").exec(entry)?.[1];
    const source = readFileSync(join(data, "templates", `${value("id")}.d2`), "utf8");
    const description = /^# (.+)/.exec(source)?.[1] ?? "";
    return { id: value("id"), title: value("title"), category: value("category"), description, source };
  });
  return `export const templates = ${JSON.stringify(all, null, 1)};\n`;
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return filesBelow(path);
      return /\.(rs|toml|json|d2)$/.test(name) ? [path] : [];
    });
}

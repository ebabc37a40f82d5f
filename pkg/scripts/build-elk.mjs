// `spandrel-elk`: elkjs's file names, CommonJS, from TypeScript shared with `spandrel/elk`.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const HEAD = "/*! spandrel-elk | MIT OR Apache-2.0 */";

/** What stands in `lib`: the source, the form, and whether it is minified. */
const FILES = [
  { input: "main", file: "main.js", format: "cjs", platform: "node" },
  { input: "api", file: "elk-api.js", format: "umd" },
  { input: "bundled", file: "elk.bundled.js", format: "umd", minify: true },
  { input: "worker", file: "elk-worker.js", format: "umd", named: true },
  { input: "worker", file: "elk-worker.min.js", format: "umd", named: true, minify: true },
];

export async function buildElk(root) {
  const lib = join(root, "lib");
  rmSync(lib, { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  const wasm = readFileSync(join(root, "dist/engine/engine_bg.wasm")).toString("base64");
  for (const { input, file, format, platform = "browser", named = false, minify = false } of FILES) {
    const bundle = await rolldown({
      input: join(root, "src", `${input}.ts`),
      platform,
      external: [/^node:/],
      resolve: { alias: { "#engine": join(root, "dist/engine/engine.js") }, extensionAlias: { ".js": [".ts", ".js"] } },
      plugins: [
        {
          name: "wasm",
          resolveId: (id) => (id === "#wasm" ? "\0wasm" : undefined),
          load: (id) => (id === "\0wasm" ? `export const wasm = "${wasm}";` : undefined),
        },
      ],
    });
    await bundle.write({
      file: join(lib, file),
      format,
      name: named ? "ElkWorker" : "ELK",
      exports: named ? "named" : "default",
      minify,
      banner: HEAD,
      codeSplitting: false,
    });
    await bundle.close();
    // Node's ES modules find a CommonJS module's names by reading, and the wrapper hides them.
    if (named) appendFileSync(join(lib, file), "if (0) { exports.Worker = 0; exports.default = 0; }\n");
  }
  writeFileSync(join(lib, "package.json"), `${JSON.stringify({ type: "commonjs" }, null, 2)}\n`);
  const types = declarations(root);
  for (const name of ["main", "elk.bundled", "elk-api"]) writeFileSync(join(lib, `${name}.d.ts`), types);
  for (const name of ["elk-worker", "elk-worker.min"]) writeFileSync(join(lib, `${name}.d.ts`), WORKER);
}

const WORKER = `/** A worker look-alike in this thread: elkjs's messages in, its answers out. */
export declare class Worker {
  constructor(url?: string);
  onmessage: ((event: { data: { id: number | undefined; data?: unknown; error?: unknown } }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
export { Worker as default };
`;

/** elkjs's names, in the shape that CommonJS really has: the module is the class. */
function declarations(root) {
  const shared = readFileSync(join(root, "../src/elk/types.ts"), "utf8")
    .replace(/^\/\/.*\n+/, "")
    .replace(/^(?=.)/gm, "  ")
    .replace(/^ {2}export /gm, "  ");
  return `declare class ELK {
  constructor(args?: ELK.ELKConstructorArguments);
  static default: typeof ELK;
  /** Without a worker the graph itself is filled in and given back; with one, a copy is. */
  layout<T extends ELK.ElkNode>(graph: T, args?: ELK.ElkLayoutArguments): Promise<T>;
  /** At once, in this thread, once the engine is loaded. Not there on \`elk-api\`. */
  layoutSync<T extends ELK.ElkNode>(graph: T, args?: ELK.ElkLayoutArguments): T;
  knownLayoutAlgorithms(): Promise<ELK.ElkLayoutAlgorithmDescription[]>;
  knownLayoutOptions(): Promise<ELK.ElkLayoutOptionDescription[]>;
  knownLayoutCategories(): Promise<ELK.ElkLayoutCategoryDescription[]>;
  /** Ends the worker; what is pending is rejected. Never throws. */
  terminateWorker(): void;
}

type Instance = ELK;

declare namespace ELK {
  /** The type of an instance, as elkjs names it. */
  type ELK = Instance;

${shared}}

export = ELK;
`;
}

// The examples of API.md, run: what stands behind `// →` is what the expression before it gives.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const page = readFileSync(at("../API.md"), "utf8");
const BUILT = at("../dist/node.js");

type Run = (spandrel: unknown, assist: unknown, same: (is: unknown, wanted: unknown) => void) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Run;

/** A block's code with its imports taken out (they are arguments) and its claims made checks. */
function runnable(block: string): Run {
  const lines = block.split("\n").map((line) => {
    const imported = /^import \{ (.+) \} from "spandrel\/assist";$/.exec(line);
    if (imported) return `const { ${imported[1]} } = assist;`;
    if (line.startsWith("import ") || line.startsWith("await init()")) return "";
    const claim = /^(.+?);? \/\/ → (.+)$/.exec(line);
    return claim ? `same(${claim[1]}, ${claim[2]});` : line;
  });
  return new AsyncFunction("spandrel", "assist", "same", lines.join("\n"));
}

const blocks = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");

describe.skipIf(!existsSync(BUILT))("API.md", () => {
  let spandrel: Record<string, unknown> & { default: () => Promise<void>; Document: { prototype: object } };
  let assist: Record<string, unknown>;
  beforeAll(async () => {
    spandrel = await import(BUILT);
    assist = await import(at("../dist/assist.js"));
    await spandrel.default();
  });

  it.each(blocks.map((block, index) => [index, block] as const))("example %i", async (_, block) => {
    let claims = 0;
    await runnable(block)(spandrel, assist, (is, wanted) => {
      claims++;
      expect(is).toEqual(wanted);
    });
    expect(claims).toBe(block.split("// →").length - 1);
  });

  it("shows every function", () => {
    const entries = { ...assist, ...spandrel };
    const functions = Object.keys(entries).filter((name) => typeof entries[name] === "function");
    const methods = Object.getOwnPropertyNames(spandrel.Document.prototype).filter((name) => name !== "constructor");
    const called = (name: string) => new RegExp(`\\b${name}\\b`).test(blocks.join("\n"));
    const unshown = [...functions, ...methods].filter((name) => !["default", "Document"].includes(name) && !called(name));
    expect(unshown).toEqual([]);
  });
});

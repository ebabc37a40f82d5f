// Every drawing of the corpus is the same to the byte in WebAssembly as natively: the fingerprints are those that
// tests/tests/same_everywhere.rs made.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const tests = resolve(import.meta.dirname, "../../tests");
const built = resolve(import.meta.dirname, "../dist/node.js");

interface Built {
  default(): Promise<void>;
  render(source: string, options?: object): string;
  layout(graph: object): object;
}

function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

describe.skipIf(!existsSync(built))("drawings of the built package", () => {
  const snapshot = readFileSync(join(tests, "tests/snapshots/same_everywhere__drawings.snap"), "utf8");
  const native = new Map([...snapshot.matchAll(/^(\S+\.(?:d2|json)) ([0-9a-f]{16})$/gm)].map(([, name, print]) => [name, print]));
  const read = (folder: string, name: string) => readFileSync(join(tests, "corpus", folder, name), "utf8");

  test("are those drawn natively", async () => {
    const engine = (await import(/* @vite-ignore */ built)) as Built;
    await engine.default();
    const drawn = new Map<string, string>();
    for (const name of readdirSync(join(tests, "corpus/real")).filter((n) => n.endsWith(".d2"))) {
      drawn.set(name, fingerprint(engine.render(read("real", name))));
    }
    for (const name of readdirSync(join(tests, "corpus/elk")).filter((n) => n.endsWith(".json"))) {
      drawn.set(name, fingerprint(JSON.stringify(engine.layout(JSON.parse(read("elk", name))))));
    }
    expect(drawn.size).toBeGreaterThan(45);
    expect(Object.fromEntries(drawn)).toEqual(Object.fromEntries(native));
  });
});

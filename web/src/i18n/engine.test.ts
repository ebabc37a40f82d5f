import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { inWords, keyOf, setSentences } from "./engine";
import german from "./engine.de.json";

afterEach(() => setSentences({}));

test("names and numbers go where the language wants them", () => {
  setSentences({ "the key {} has {} characters": "{1} Zeichen hat der Schlüssel {0}" });
  expect(inWords("the key `a b` has 41 characters")).toBe("41 Zeichen hat der Schlüssel `a b`");
  expect(inWords("something else about `a`")).toBe("something else about `a`");
});

test("every translation has the names and numbers of its sentence", () => {
  for (const [key, text] of Object.entries(german)) {
    const holes = [...text.matchAll(/\{(\d)\}/g)].map(([, n]) => Number(n)).sort();
    expect(new Set(holes), key).toEqual(new Set(Array.from({ length: key.split("{}").length - 1 }, (_, n) => n)));
  }
});

/** Sentences with a word of their own in them, which no key can stand for. */
const OPEN = [/^a \w+ is as wide as it is high/, /^the Markdown does not become a page/, /is no place for a/, /takes (a|one|`)/, /^files that import each other/];

test("what the engine says of the corpus of mistakes is there in German", () => {
  const goldens = join(import.meta.dirname, "../../../tests/corpus/lang/goldens");
  const said = readdirSync(goldens).flatMap((file) =>
    [...readFileSync(join(goldens, file), "utf8").matchAll(/^(?:error|warning|hint) \S+ [A-Z]\d{3}: (.*?)(?: \((?:[^()]|\([^()]*\))*\))?$/gm)].map(([, sentence]) => sentence as string),
  );
  expect(said.length).toBeGreaterThan(80);
  const missing = said.filter((sentence) => !(keyOf(sentence) in german) && !OPEN.some((pattern) => pattern.test(sentence)));
  expect(missing).toEqual([]);
});

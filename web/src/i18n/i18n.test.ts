import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import canvasDe from "./canvas.de.json";
import canvasEn from "./canvas.en.json";
import de from "./de.json";
import en from "./en.json";

type Strings = { [key: string]: string | Strings };

const flat = (strings: Strings, prefix = ""): [string, string][] =>
  Object.entries(strings).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );

const english = new Map(flat({ ...en, ...canvasEn }));
const german = new Map(flat({ ...de, ...canvasDe }));
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string).sort();

test("every string is there in both languages, with the same holes", () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, text] of english) expect(holes(german.get(key) ?? ""), key).toEqual(holes(text));
});

test("every string that the code asks for by name exists", () => {
  const root = join(import.meta.dirname, "..");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const asked = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/\bt\(\s*"([\w.]+)"/g)].map(([, key]) => ({ file, key: key as string })),
  );
  expect(asked.length).toBeGreaterThan(100);
  const there = (key: string): boolean => english.has(key) || english.has(`${key}_other`);
  expect(asked.filter(({ key }) => !there(key))).toEqual([]);
});

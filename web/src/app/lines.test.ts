import { expect, test } from "vitest";
import { lineDiff } from "./lines";

const show = (a: string, b: string): string =>
  lineDiff(a, b)
    .map(({ kind, text }) => ({ same: " ", added: "+", removed: "-" })[kind] + text)
    .join("\n");

test("lines that stay, go and come", () => {
  expect(show("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n")).toBe(" a\n-b\n+x\n c\n d\n+e");
  expect(show("", "a\n")).toBe("+a");
  expect(show("a", "")).toBe("-a");
  expect(show("a\nb", "a\nb")).toBe(" a\n b");
});

test("what is kept and what comes is the new text, what is kept and what goes the old, with no more changes than needed", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let run = 0; run < 300; run++) {
    const text = (): string => Array.from({ length: 1 + random(12) }, () => "abcd"[random(4)]).join("\n");
    const [a, b] = [text(), text()];
    const lines = lineDiff(a, b);
    const side = (kind: string): string => lines.filter((line) => line.kind !== kind).map((line) => line.text).join("\n");
    expect(side("added")).toBe(a);
    expect(side("removed")).toBe(b);
    expect(lines.filter(({ kind }) => kind === "same").length, `${a} | ${b}`).toBe(longest(a.split("\n"), b.split("\n")));
  }
});

/** The length of the longest common subsequence, by the book. */
function longest(a: string[], b: string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, j) => next.push(left === right ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number)));
    row = next;
  }
  return row[b.length] as number;
}

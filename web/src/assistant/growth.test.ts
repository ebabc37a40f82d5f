import type { Diagram } from "spandrel";
import { expect, test } from "vitest";
import { Growth, type GrowthEngine } from "./growth";

/** An engine whose diagrams are the lines of the text, and which repairs by closing what is open. */
function engine(): GrowthEngine & { freed: boolean } {
  const fake = {
    freed: false,
    repair: async (text: string) => ({ source: text.endsWith("\n") ? text : `${text}\n`, ok: true, changes: [], diagnostics: [] }),
    open() {
      let source = "";
      return {
        setSource: async (text: string) => {
          source = text;
        },
        diagram: async () => ({ nodes: source.split("\n").filter(Boolean).map((id) => ({ id })), edges: [] }) as unknown as Diagram,
        drawing: async () => null,
        free: () => {
          fake.freed = true;
        },
      };
    },
  };
  return fake;
}

const LONG = Array.from({ length: 60 }, (_, at) => `node number ${at}\n`).join("");

test("a text that comes at once is drawn in a few steps of whole lines, each more than the last, to the end", async () => {
  const shown: string[] = [];
  const growth = new Growth(engine(), null, (text) => shown.push(text));
  growth.add(LONG);
  await growth.drawn(10_000);
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.length).toBeLessThan(15);
  shown.forEach((text, at) => {
    expect(LONG.startsWith(text) && text.endsWith("\n")).toBe(true);
    expect(text.length).toBeGreaterThan(shown[at - 1]?.length ?? 0);
  });
  expect(shown.at(-1)).toBe(LONG);
});

test("pieces that come while a drawing is made are drawn together", async () => {
  const shown: string[][] = [];
  const growth = new Growth(engine(), null, (_, diagram) => shown.push(diagram.nodes.map(({ id }) => id)));
  growth.add("a\n");
  growth.add("b\n");
  growth.add("c");
  await growth.drawn(10_000);
  expect(shown).toEqual([["a"], ["a", "b", "c"]]);
});

test("a corrected attempt begins anew, and nothing is shown after the end", async () => {
  const fake = engine();
  const shown: string[] = [];
  const growth = new Growth(fake, null, (text) => shown.push(text));
  growth.add("wrong\n");
  await growth.drawn(10_000);
  growth.reset();
  growth.add("right\n");
  await growth.drawn(10_000);
  growth.end();
  growth.add("late\n");
  await growth.drawn(10_000);
  expect(shown).toEqual(["wrong\n", "right\n"]);
  expect(fake.freed).toBe(true);
});

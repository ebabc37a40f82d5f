import type { Diagram } from "spandrel";
import { expect, test } from "vitest";
import { Growth, type GrowthEngine } from "./growth";

/** An engine whose diagrams are the lines of the text, and which repairs by closing what is open. */
function engine(): GrowthEngine & { freed: boolean; sources: string[] } {
  const fake = {
    freed: false,
    sources: [] as string[],
    repair: async (text: string) => ({ source: text.endsWith("\n") ? text : `${text}\n`, ok: true, changes: [], diagnostics: [] }),
    open() {
      let source = "";
      return {
        setSource: async (text: string) => {
          source = text;
          fake.sources.push(text);
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

test("pieces that come while a drawing is made are drawn together, and the last state is drawn", async () => {
  const fake = engine();
  const shown: [string, string[]][] = [];
  const growth = new Growth(fake, null, (text, diagram) => shown.push([text, diagram.nodes.map(({ id }) => id)]));
  const first = growth.add("a\n");
  void growth.add("b\n");
  void growth.add("c");
  await first;
  expect(shown).toEqual([
    ["a\n", ["a"]],
    ["a\nb\nc", ["a", "b", "c"]],
  ]);
});

test("a corrected attempt begins anew, and nothing is shown after the end", async () => {
  const fake = engine();
  const shown: string[] = [];
  const growth = new Growth(fake, null, (text) => shown.push(text));
  await growth.add("wrong\n");
  growth.reset();
  await growth.add("right\n");
  expect(shown).toEqual(["wrong\n", "right\n"]);
  growth.end();
  await growth.add("late\n");
  expect(shown).toEqual(["wrong\n", "right\n"]);
  expect(fake.freed).toBe(true);
});

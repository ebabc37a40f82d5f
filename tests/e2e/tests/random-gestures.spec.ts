// Random gestures by keyboard and pointer on real diagrams: after each the text means what the gesture should have made
// of it, and undo brings back the exact bytes. The expectation is the same model as in the test in Node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import init, { compile } from "../../../pkg/dist/node.js";
import * as model from "../../../web/src/canvas/property/model.js";
import { randomFrom } from "../../../web/src/canvas/property/random.js";
import { expect, type Studio, test } from "../fixtures.js";

const CORPUS = join(import.meta.dirname, "../../corpus/real");
const SOURCES = ["chat.d2", "cqrs.d2", "three_tier.d2", "rag.d2", "serverless.d2"];
const EACH = 10;

/** Does the gesture on `id`, and says what it should do to the graph, given what came of it. */
interface Move {
  fits?(graph: model.Graph, id: string): boolean;
  act(studio: Studio, id: string, other: string): Promise<void>;
  expect(before: model.Graph, id: string, other: string, now: model.Graph): void;
}

const isContainer = (graph: model.Graph, id: string): boolean => [...graph.objects.values()].some((object) => object.parent === id);
/** The last part of an id, which is the label of what was never named. */
const nameOf = (id: string): string => id.slice((model.containerOf(id) ?? "").length + (model.containerOf(id) === null ? 0 : 1));
const press = (key: string) => async (studio: Studio) => studio.page.keyboard.press(key);

/** The places that a pin has are the canvas's affair: whatever they are, nothing else may change. */
function pinned(before: model.Graph, id: string, now: model.Graph): void {
  const { left, top } = now.objects.get(id)?.attrs ?? {};
  expect([left, top].every((n) => typeof n === "string" && /^\d+$/.test(n)), `${id} is pinned`).toBe(true);
  Object.assign(before.objects.get(id)?.attrs ?? {}, { left, top });
}

/** What is there now and was not before, outermost first. */
const made = (before: model.Graph, now: model.Graph): string[] =>
  [...now.objects.keys()].filter((id) => !before.objects.has(id)).sort((a, b) => a.split(".").length - b.split(".").length);

const MOVES: Record<string, Move> = {
  rename: {
    async act(studio) {
      await studio.page.keyboard.press("F2");
      await studio.page.keyboard.type("Renamed: by hand");
      await studio.page.keyboard.press("Enter");
    },
    expect: (before, id) => Object.assign(before.objects.get(id) as object, { label: "Renamed: by hand" }),
  },
  delete: { act: press("Delete"), expect: (before, id) => model.remove(before, id) },
  pin: {
    fits: (graph, id) => !("left" in (graph.objects.get(id)?.attrs ?? {})),
    act: press("p"),
    expect: (before, id, _other, now) => pinned(before, id, now),
  },
  drag: {
    fits: (graph, id) => !isContainer(graph, id),
    act: (studio, id) => studio.drag(id, 14, 18),
    expect: (before, id, _other, now) => pinned(before, id, now),
  },
  duplicate: {
    act: press("ControlOrMeta+d"),
    expect: (before, id, _other, now) => model.copy(before, id, made(before, now)[0] as string, 32),
  },
  group: {
    async act(studio) {
      await studio.page.keyboard.press("ControlOrMeta+g");
      await expect(studio.canvas.locator("textarea")).toBeFocused();
      await studio.page.keyboard.press("Escape");
    },
    expect(before, id, _other, now) {
      const key = made(before, now)[0] as string;
      model.create(before, key, nameOf(key));
      delete before.objects.get(id)?.attrs["left"];
      delete before.objects.get(id)?.attrs["top"];
      model.reroot(before, id, `${key}.${nameOf(id)}`);
    },
  },
  ungroup: { fits: isContainer, act: press("ControlOrMeta+Shift+g"), expect: (before, id) => model.dissolve(before, id) },
  create: {
    async act(studio) {
      await studio.page.keyboard.press("n");
      await expect(studio.canvas.locator("textarea")).toBeFocused();
      await studio.page.keyboard.press("Escape");
    },
    expect(before, _id, _other, now) {
      const key = made(before, now)[0] as string;
      model.create(before, key, nameOf(key));
    },
  },
  connect: {
    fits: (graph, id) => !isContainer(graph, id),
    async act(studio, _id, other) {
      await studio.page.keyboard.press("c");
      await studio.page.locator(`[data-command=${JSON.stringify(`connect ${other}`)}]`).click();
    },
    expect: (before, id, other) => model.connect(before, id, other),
  },
};

test("fifty random gestures on real diagrams", async ({ page, studio, watch }) => {
  // Chromium styles what is typed over a selection of coloured text by itself, which the content policy forbids it.
  watch.allow("style-src");

  test.setTimeout(600_000);
  await init();
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  let done = 0;
  for (const [round, name] of SOURCES.entries()) {
    const random = randomFrom(20261127 + round);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    await page.getByRole("tab", { name: "Source" }).click();
    await studio.write(readFileSync(join(CORPUS, name), "utf8"));
    await page.getByRole("tab", { name: "List" }).click();
    const tree = page.getByRole("tree");
    const count = async (text: string): Promise<void> => expect(studio.nodes).toHaveCount(compile(text).graph.objects.length);
    await count(await studio.text());
    for (let step = 0; step < EACH; step++) {
      const text = await studio.text();
      const before = model.graphOf(compile(text).graph);
      const names = Object.keys(MOVES).filter((move) => [...before.objects.keys()].some((id) => MOVES[move]?.fits?.(before, id) ?? true));
      const move = pick(names);
      const { fits, act, expect: expected } = MOVES[move] as Move;
      const id = pick([...before.objects.keys()].filter((candidate) => fits?.(before, candidate) ?? true));
      const other = pick([...before.objects.keys()].filter((candidate) => candidate !== id && !isContainer(before, candidate)));
      const where = `${name}: ${move} ${id} ${move === "connect" ? other : ""}`;
      await tree.locator(`[data-row=${JSON.stringify(id)}] span`).nth(2).click();
      await expect(studio.node(id), where).toHaveClass(/selected/);
      await page.waitForTimeout(300);
      await act(studio, id, other);
      await expect.poll(() => studio.text(), { message: where }).not.toBe(text);
      const after = await studio.text();
      const { graph, diagnostics } = compile(after);
      expect(diagnostics.filter((d) => d.severity === "error"), `${where}\n${after}`).toEqual([]);
      const now = model.graphOf(graph);
      expected(before, id, other, now);
      expect(model.canonical(now), `${where}\n--- before\n${text}\n--- after\n${after}`).toBe(model.canonical(before));
      await count(after);
      await studio.canvas.getByRole("button", { name: "Undo", exact: true }).click();
      await expect.poll(() => studio.text(), { message: `undo of ${where}` }).toBe(text);
      await studio.canvas.getByRole("button", { name: "Redo", exact: true }).click();
      await expect.poll(() => studio.text(), { message: `redo of ${where}` }).toBe(after);
      await count(after);
      done++;
    }
  }
  expect(done).toBe(SOURCES.length * EACH);
});

import { expect, test } from "vitest";
import { applyPatch, mergeById, mergeDiagram } from "../src/react/merge.js";
import type { Diagram } from "../src/types.js";

const node = (id: string, x: number, label = id) => ({
  id,
  type: "rectangle",
  position: { x, y: 0 },
  width: 100,
  height: 40,
  data: { label, nodeType: "default", validated: true, source: "engine" },
});
const diagram = (nodes: ReturnType<typeof node>[]): Diagram => ({
  nodes,
  edges: [],
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  board: "",
  boards: [],
  diagnostics: [],
  stale: false,
});

test("what did not change is the very same object, and so is its data where it only moved", () => {
  const before = diagram([node("a", 0), node("b", 10)]);
  const after = mergeDiagram(before, diagram([node("a", 0), node("b", 20)]));
  expect(after.nodes[0]).toBe(before.nodes[0]);
  expect(after.nodes[1]).not.toBe(before.nodes[1]);
  expect(after.nodes[1]?.position.x).toBe(20);
  expect(after.nodes[1]?.data).toBe(before.nodes[1]?.data);
});

test("the list itself is the same where nothing changed", () => {
  const before = [node("a", 0), node("b", 10)];
  expect(mergeById(before, [node("a", 0), node("b", 10)])).toBe(before);
  expect(mergeById(before, [node("b", 10), node("a", 0)])).not.toBe(before);
});

test("selection and measurements of React Flow survive, and do not count as a change", () => {
  const selected = { ...node("a", 0), selected: true, measured: { width: 100, height: 40 } };
  expect(mergeById<ReturnType<typeof node>>([selected], [node("a", 0)])[0]).toBe(selected);
  const moved = mergeById<ReturnType<typeof node>>([selected], [node("a", 5)])[0];
  expect(moved).toMatchObject({ selected: true, position: { x: 5 } });
});

test("a node that was being dragged is replaced even if its place is the old one", () => {
  const dragged = { ...node("a", 0), dragging: true };
  expect(mergeById<ReturnType<typeof node>>([dragged], [node("a", 0)])[0]).not.toBe(dragged);
});

test("what is gone is gone, what is new comes as it is", () => {
  const fresh = node("c", 1);
  const merged = mergeById([node("a", 0), node("b", 0)], [node("a", 0), fresh]);
  expect(merged.map((n) => n.id)).toEqual(["a", "c"]);
  expect(merged[1]).toBe(fresh);
});

const nothing = { added: [], changed: [], removed: [] };
const about = { board: "", boards: [], diagnostics: [], stale: false };

test("a patch leaves what it does not name the very same object, in the order it says", () => {
  const before = diagram([node("a", 0), node("b", 10), node("c", 20)]);
  const patch = { ...about, nodes: { added: [node("d", 30)], changed: [node("b", 15)], removed: ["a"], order: ["d", "c", "b"] }, edges: nothing };
  const after = applyPatch(before, patch);
  expect(after.nodes.map(({ id, position }) => [id, position.x])).toEqual([["d", 30], ["c", 20], ["b", 15]]);
  expect(after.nodes[1]).toBe(before.nodes[2]);
  expect(after.bounds).toBe(before.bounds);
  expect(applyPatch(before, { ...about, nodes: nothing, edges: nothing }).nodes).toBe(before.nodes);
});

test("the first patch is everything", () => {
  const all = { ...about, nodes: { ...nothing, added: [node("a", 0)] }, edges: nothing, bounds: { x: 0, y: 0, width: 5, height: 5 } };
  expect(applyPatch(undefined, all)).toEqual({ ...about, nodes: [node("a", 0)], edges: [], bounds: all.bounds });
});

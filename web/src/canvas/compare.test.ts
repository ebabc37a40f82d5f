import type { DiagramEdge, DiagramNode } from "spandrel";
import { expect, test } from "vitest";
import { compare, idAfter } from "./compare";

const node = (id: string, label = id, x = 0): DiagramNode => ({
  id,
  type: "rectangle",
  position: { x, y: 0 },
  width: 1,
  height: 1,
  data: { label, nodeType: "default", validated: true, source: "engine" },
});
const edge = (id: string, label = ""): DiagramEdge => ({ id, source: "a", target: "b", type: "spandrel", label, data: { sections: [] } });

test("what came, went and changed; a place is no change", () => {
  const before = { nodes: [node("a"), node("b"), node("c")], edges: [edge("e"), edge("f")] };
  const after = { nodes: [node("a", "A"), node("b", "b", 99), node("d")], edges: [edge("e", "HTTPS")] };
  expect(compare(before, after)).toEqual({ added: ["d"], removed: ["c", "f"], changed: ["a", "e"], moved: [], was: [] });
});

test("from nothing, everything is new", () => {
  expect(compare(undefined, { nodes: [node("a")], edges: [] })).toEqual({ added: ["a"], removed: [], changed: [], moved: [], was: [] });
});

test("what somebody put elsewhere has moved", () => {
  const pinned = (id: string, x: number): DiagramNode => ({ ...node(id, id, x), data: { ...node(id).data, pinned: true } });
  const before = { nodes: [node("a"), pinned("b", 1), pinned("c", 1), node("d")], edges: [] };
  const after = { nodes: [pinned("a", 0), pinned("b", 9), pinned("c", 1), node("d", "d", 50)], edges: [] };
  expect(compare(before, after)).toEqual({ added: [], removed: [], changed: [], moved: ["a", "b"], was: ["a", "b"] });
});

test("what is in another container has moved, with its connections and what is inside", () => {
  const moves = [{ from: "a", to: "box.a" }];
  const before = { nodes: [node("box"), node("a"), node("a.x"), node("b")], edges: [edge("(a.x -> b)[0]")] };
  const after = { nodes: [node("box"), node("box.a", "a"), node("box.a.x", "a.x"), node("b")], edges: [edge("(box.a.x -> b)[0]")] };
  expect(compare(before, after, moves)).toEqual({ added: [], removed: [], changed: [], moved: ["box.a"], was: ["a"] });
  expect(idAfter("(a -> ab)[1]", moves)).toBe("(box.a -> ab)[1]");
});

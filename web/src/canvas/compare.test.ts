import type { DiagramEdge, DiagramNode } from "spandrel";
import { expect, test } from "vitest";
import { compare } from "./compare";

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
  expect(compare(before, after)).toEqual({ added: ["d"], removed: ["c", "f"], changed: ["a", "e"] });
});

test("from nothing, everything is new", () => {
  expect(compare(undefined, { nodes: [node("a")], edges: [] })).toEqual({ added: ["a"], removed: [], changed: [] });
});

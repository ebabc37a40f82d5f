import type { Diagram, DiagramNode } from "spandrel";
import { expect, test } from "vitest";
import { connectOp, deleteOps, freshName, pinOps, renameOp } from "./gestures";

const node = (id: string, x: number, y: number, more: Partial<DiagramNode> & { pinned?: boolean } = {}): DiagramNode => {
  const { pinned, ...rest } = more;
  const data = { label: id, nodeType: "default", validated: true, source: "engine", pinned: pinned ?? false };
  return { id, type: "rectangle", position: { x, y }, width: 100, height: 50, data, ...rest };
};
const edge = (source: string, target: string, index = 0) => ({
  id: `(${source} -> ${target})[${index}]`,
  source,
  target,
  type: "spandrel",
  data: { sections: [] },
});
const diagram = (nodes: DiagramNode[], edges: ReturnType<typeof edge>[] = []): Diagram => ({
  nodes,
  edges,
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  board: "",
  boards: [],
  diagnostics: [],
  stale: false,
});

test("a drag pins in whole pixels", () => {
  const drawn = diagram([node("a", 10, 10), node("b", 200, 10)]);
  expect(pinOps(drawn, [{ id: "a", position: { x: 33.4, y: 70.6 } }])).toEqual([
    { op: "pin", key: "a", left: 33, top: 71 },
  ]);
});

test("what did not move is not pinned", () => {
  const drawn = diagram([node("a", 10, 10), node("a.b", 20, 40, { parentId: "a" })]);
  const moved = [
    { id: "a", position: { x: 50, y: 10 } },
    { id: "a.b", position: { x: 20, y: 40 } },
  ];
  expect(pinOps(drawn, moved).map((op) => "key" in op && op.key)).toEqual(["a"]);
});

test("inside a container nothing goes beyond the corner", () => {
  const drawn = diagram([node("a", 0, 0), node("a.b", 20, 40, { parentId: "a" })]);
  expect(pinOps(drawn, [{ id: "a.b", position: { x: -30, y: 60 } }])).toEqual([
    { op: "pin", key: "a.b", left: 0, top: 60 },
  ]);
});

test("above the origin of the board, all pins of the top level shift", () => {
  const drawn = diagram([
    node("a", 10, 10),
    node("b", 200, 10, { pinned: true }),
    node("c", 300, 10),
    node("b.d", 5, 5, { parentId: "b", pinned: true }),
  ]);
  expect(pinOps(drawn, [{ id: "a", position: { x: -40, y: 20 } }])).toEqual([
    { op: "pin", key: "a", left: 0, top: 20 },
    { op: "pin", key: "b", left: 240, top: 10 },
  ]);
});

test("deleting a container takes its children and their edges with it, named once", () => {
  const drawn = diagram(
    [node("a", 0, 0), node("a.b", 0, 0, { parentId: "a" }), node("c", 0, 0)],
    [edge("a.b", "c"), edge("c", "c", 0), edge("c", "c", 1)],
  );
  const ids = ["a", "a.b", "(a.b -> c)[0]", "(c -> c)[0]", "(c -> c)[1]"];
  expect(deleteOps(drawn, ids)).toEqual([
    { op: "delete", key: "(c -> c)[1]" },
    { op: "delete", key: "(c -> c)[0]" },
    { op: "delete", key: "a", with_children: true },
  ]);
});

test("connecting, renaming, naming", () => {
  expect(connectOp("a.b", "c")).toEqual({ op: "create", key: "a.b -> c" });
  expect(renameOp("a", "  Gateway ")).toEqual({ op: "set", key: "a", value: "Gateway" });
  expect(renameOp("a", " ")).toEqual({ op: "set", key: "a" });
  const drawn = diagram([node("Cylinder", 0, 0), node("stored data", 0, 0)]);
  expect(freshName(drawn, "cylinder")).toBe("cylinder 2");
  expect(freshName(drawn, "stored_data", "x")).toBe("x.stored data");
});

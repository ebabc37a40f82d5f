import type { Diagram, DiagramEdge, DiagramNode } from "spandrel";
import { beforeEach, expect, test } from "vitest";
import { applyViewTo, type Page } from "./apply-view";
import { snap } from "./drag";
import { flowsOf } from "./flows";
import { ALL, shown } from "./shown";
import { PLAIN, useView } from "./view";
import { zonesOf } from "./zones";

const node = (id: string, nodeType: string, parentId?: string, label = id): DiagramNode => ({
  id,
  type: "rectangle",
  position: { x: 10, y: 20 },
  width: 400,
  height: 200,
  ...(parentId === undefined ? {} : { parentId }),
  data: { label, nodeType, validated: true, source: "engine" },
});
const edge = (source: string, target: string, label = ""): DiagramEdge => ({
  id: `(${source} -> ${target})[0]`,
  source,
  target,
  type: "spandrel",
  label,
  data: { sections: [{ start: { x: 0, y: 0 }, bends: [], end: { x: 1, y: 1 } }] },
});
const drawn: Diagram = {
  nodes: [
    node("web", "client", undefined, "Web app"),
    node("net", "group", undefined, "Private network"),
    node("net.api", "process", "net", "API"),
    node("net.db", "database", "net", "Orders"),
    node("pay", "external", undefined, "Payments"),
  ],
  edges: [edge("web", "net.api", "HTTPS"), edge("net.api", "net.db", "SQL"), edge("web", "net.db"), edge("net.api", "pay", "HTTPS")],
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  board: "",
  boards: [{ path: "", name: "", kind: "root" }, { path: "layers.inside", name: "inside", kind: "layer" }],
  diagnostics: [],
  stale: false,
};
const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id);

test("nothing hidden is the drawing itself", () => {
  expect(shown(drawn, ALL)).toBe(drawn);
});

test("a folded container hides what is inside, and its connections end at it", () => {
  const { nodes, edges } = shown(drawn, { ...ALL, collapsed: ["net"] });
  expect(ids(nodes)).toEqual(["web", "net", "pay"]);
  expect(nodes[0]).toBe(drawn.nodes[0]);
  expect(nodes[1]?.data["collapsed"]).toBe(2);
  // Two connections from the same side become one that says so; the one within is gone.
  expect(edges.map((e) => [e.source, e.target, e.label])).toEqual([["web", "net", "×2"], ["net", "pay", "HTTPS"]]);
  expect(drawn.edges[0]?.label).toBe("HTTPS");
});

test("a hidden kind takes its connections along, containers stay", () => {
  const { nodes, edges } = shown(drawn, { ...ALL, hiddenKinds: ["database", "group"] });
  expect(ids(nodes)).toEqual(["web", "net", "net.api", "pay"]);
  expect(edges).toHaveLength(2);
});

test("a hidden container takes everything inside along; only shows a part with what is around it", () => {
  expect(ids(shown(drawn, { ...ALL, hiddenIds: ["net"] }).nodes)).toEqual(["web", "pay"]);
  expect(ids(shown(drawn, { ...ALL, only: ["net.db"] }).nodes)).toEqual(["net", "net.db"]);
});

test("zones are the containers that are named so, else what the kind says", () => {
  const { zones, of, crossing } = zonesOf(drawn);
  expect(zones.map((zone) => zone.label ?? zone.id)).toEqual(["Private network", "outside"]);
  expect(of.get("net.db")).toBe("net");
  expect(of.get("pay")).toBe("outside");
  expect(crossing).toEqual(new Set(["(web -> net.api)[0]", "(web -> net.db)[0]", "(net.api -> pay)[0]"]));
  const byClass = zonesOf(drawn, new Map([["net.db", ["trust-zone-core"]]]));
  expect(byClass.of.get("net.db")).toBe("net.db");
  expect(byClass.crossing.has("(net.api -> net.db)[0]")).toBe(true);
});

test("flows are the labels, the most frequent first and the unnamed last", () => {
  expect(flowsOf(drawn.edges).map(({ label, edges, colour }) => [label, edges.length, colour])).toEqual([
    ["HTTPS", 2, 0],
    ["SQL", 1, 1],
    ["", 1, -1],
  ]);
});

test("a box near a line of another lies on it, and the line is as long as both", () => {
  const other = { x: 100, y: 100, width: 80, height: 40 };
  const { dx, dy, guides } = snap({ x: 103, y: 300, width: 60, height: 40 }, [other], 5);
  expect([dx, dy]).toEqual([-3, 0]);
  expect(guides).toContainEqual({ axis: "x", at: 100, from: 100, to: 340 });
  expect(snap({ x: 500, y: 500, width: 10, height: 10 }, [other], 5)).toEqual({ dx: 0, dy: 0, guides: [] });
});

let done: string[];
const page: Page = {
  diagram: drawn,
  focus: (ids) => done.push(`focus ${ids.join(" ")}`),
  zoom: (how) => done.push(`zoom ${how}`),
  theme: (dark) => done.push(dark ? "dark" : "light"),
  board: (path) => done.push(`board ${path}`),
  panel: (name, open) => done.push(`${name} ${open}`),
};
const apply = (action: string, target?: string): boolean => applyViewTo(page, { action, ...(target === undefined ? {} : { target }) });

beforeEach(() => {
  done = [];
  useView.setState(PLAIN, true);
});

test("perspectives and boards by name", () => {
  for (const [target, kind] of [["data_flow", "flow"], ["trust_zones", "zones"], ["architecture", "architecture"]] as const) {
    expect(apply("switch", target)).toBe(true);
    expect(useView.getState().kind).toBe(kind);
  }
  expect(apply("switch", "layers.inside")).toBe(true);
  expect(done).toEqual(["board layers.inside"]);
  expect(apply("switch", "layers.elsewhere")).toBe(false);
});

test("parts and kinds are hidden and shown, several at once", () => {
  expect(apply("hide", "net.api,pay")).toBe(true);
  expect(useView.getState().hiddenIds).toEqual(["net.api", "pay"]);
  apply("show", "pay");
  expect(useView.getState().hiddenIds).toEqual(["net.api"]);
  apply("reset");
  expect(useView.getState().hiddenIds).toEqual([]);
  expect(apply("hide", "database,client")).toBe(true);
  expect(useView.getState().hiddenKinds).toEqual(["database", "client"]);
  expect(apply("hide", "teapot")).toBe(false);
  apply("only", "database");
  expect(useView.getState().only).toEqual(["net.db"]);
});

test("folding, pointing out, zooming, themes and panels", () => {
  apply("collapse", "net");
  expect(useView.getState().collapsed).toEqual(["net"]);
  apply("expand");
  expect(useView.getState().collapsed).toEqual([]);
  expect(apply("collapse", "web")).toBe(false);
  apply("highlight", "net.api");
  expect(useView.getState().highlighted).toEqual(["net.api"]);
  apply("focus", "net.db");
  apply("zoom", "out");
  apply("theme", "dark");
  apply("hide", "editor");
  apply("hide", "panel");
  apply("hide", "labels");
  expect(done).toEqual(["focus net.db", "zoom out", "dark", "editor false", "inspector false"]);
  expect(useView.getState().labels).toBe(false);
  expect(apply("frobnicate", "quux")).toBe(false);
});

import { describe, expect, test } from "vitest";
import { ELK } from "../src/elk/api.js";
import { project, writeBack } from "../src/elk/graph.js";
import { type ElkEngine, InThreadWorker } from "../src/elk/in-thread.js";

/** An engine that puts children beside each other; enough to see what is copied and what is written. */
const engine: ElkEngine = {
  layout(graphJson, optionsJson) {
    const graph = JSON.parse(graphJson);
    if (graph.id === "bad") throw new Error("org.eclipse.elk.graph.json.JsonImportException: Every element must have an id.");
    graph.children?.forEach((child: { x: number; y: number }, at: number) => Object.assign(child, { x: at * 100, y: 0 }));
    for (const edge of graph.edges ?? []) {
      Object.assign(edge, { container: graph.id, sections: [{ id: `${edge.id}_s0`, startPoint: { x: 0, y: 0 }, endPoint: { x: 1, y: 1 } }] });
    }
    return JSON.stringify({ ...graph, width: 200, height: 50, options: JSON.parse(optionsJson) });
  },
  known: (what) => JSON.stringify([{ id: what }]),
};
const make = () => new ELK({ workerFactory: () => new InThreadWorker(async () => engine) });

describe("the graph", () => {
  test("results go into the caller's own objects, everything else stays", async () => {
    const data = { self: null as unknown, f: () => 1 };
    data.self = data; // not JSON: only the engine's members are read
    const child = { id: "a", width: 10, height: 10, data };
    const graph = { id: "root", children: [null, child, { id: "b" }], edges: [{ id: "e", sources: ["a"], targets: ["b"], style: {} }], position: 7 };
    const result = await make().layout(graph as never);
    expect(result).toBe(graph);
    expect(child).toMatchObject({ x: 0, y: 0 });
    expect(graph.children[2]).toMatchObject({ x: 100 });
    expect(graph.edges[0]).toMatchObject({ container: "root", style: {} });
    expect(graph).toMatchObject({ width: 200, height: 50, position: 7 });
    expect(Object.keys(child).sort()).toEqual(["data", "height", "id", "width", "x", "y"]);
  });

  test("options may be numbers or missing, ids stay what they are", () => {
    const { plain } = project({ id: 2, layoutOptions: { "elk.spacing.nodeNode": 80, a: undefined, b: null, c: true }, children: null });
    expect(plain).toEqual({ id: 2, layoutOptions: { "elk.spacing.nodeNode": "80", c: true } });
  });

  test("an edge that is not routed any more loses its old route", () => {
    const edge = { id: "e", sources: ["a"], targets: ["b"], sections: [{}] };
    const { target } = project({ id: "r", edges: [edge] });
    writeBack(target, { id: "r", edges: [{ id: "e" }] });
    expect(edge).toEqual({ id: "e", sources: ["a"], targets: ["b"] });
  });
});

describe("the class", () => {
  test("works at once, several calls in flight, each with its own answer", async () => {
    const elk = make();
    const graphs = [1, 2, 3].map((n) => ({ id: `g${n}` }));
    expect(await Promise.all(graphs.map((graph) => elk.layout(graph)))).toEqual(graphs);
  });

  test("errors are Errors with elkjs's words", async () => {
    const elk = make();
    await expect(elk.layout({ id: "bad" })).rejects.toThrow("JsonImportException: Every element must have an id.");
    await expect(elk.layout(undefined as never)).rejects.toThrow("Missing mandatory parameter 'graph'.");
  });

  test("logging and times only where asked for, an old log goes", async () => {
    const elk = make();
    const graph: { id: string; logging?: { executionTime?: number } } = { id: "r" };
    await elk.layout(graph, { logging: true });
    expect(graph.logging).toEqual({ name: "Recursive Graph Layout", children: [{ name: "Layered layout" }] });
    await elk.layout(graph, { measureExecutionTime: true });
    expect(graph.logging?.executionTime).toBeGreaterThanOrEqual(0);
    expect(graph.logging?.executionTime).toBeLessThan(5);
    await elk.layout(graph);
    expect(graph).not.toHaveProperty("logging");
  });

  test("what is known", async () => {
    expect(await make().knownLayoutOptions()).toEqual([{ id: "options" }]);
    expect(await make().knownLayoutCategories()).toEqual([{ id: "categories" }]);
  });

  test("the constructor's refusals", () => {
    expect(() => new ELK()).toThrow("Cannot construct an ELK without both 'workerUrl' and 'workerFactory'.");
    expect(() => new ELK({ workerFactory: () => ({}) })).toThrow(TypeError);
  });

  test("terminating rejects what is pending and never throws", async () => {
    const elk = make();
    const pending = elk.layout({ id: "r" });
    elk.terminateWorker();
    elk.terminateWorker();
    await expect(pending).rejects.toThrow("terminated");
    await expect(elk.layout({ id: "r" })).rejects.toThrow("terminated");
  });

  test("an aborted layout rejects at once", async () => {
    const controller = new AbortController();
    const pending = make().layout({ id: "r" }, { signal: controller.signal });
    controller.abort();
    await expect(pending).rejects.toThrow();
  });
});

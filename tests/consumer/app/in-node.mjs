// The same tarball in Node: no browser, no fetch, no flags.
import assert from "node:assert/strict";
import init, { compile, diagram, edit, format, layout, open, render, version } from "spandrel";
import ELK, { ELK as Named } from "spandrel/elk";

assert.throws(() => version(), /not loaded/);
await Promise.all([init(), init()]);
assert.match(version(), /^\d+\.\d+\.\d+/);

const source = "a: Alpha\nb: Beta\na -> b: calls\n";
const { graph, diagnostics } = compile(source);
assert.deepEqual(graph.objects.map((object) => object.id), ["a", "b"]);
assert.deepEqual(diagnostics, []);

const drawn = diagram(source);
assert.equal(drawn.nodes.length, 2);
assert.equal(drawn.edges[0].data.sections.length, 1);
assert.ok(drawn.nodes.every((node) => node.width > 0 && Number.isFinite(node.position.x)));

assert.ok(compile("a: {").diagnostics.length > 0, "bad D2 is told, not thrown");
assert.equal(format("a   ->   b"), "a -> b\n");
assert.match(render(source, { format: "svg" }), /^<svg|^<\?xml/);

const changed = edit(source, { op: "set", key: "a", value: "Omega" });
assert.equal(changed.source, source.replace("Alpha", "Omega"));

const document = open(source);
document.replace({ start: 3, end: 8 }, "😀");
assert.equal(document.source, "a: 😀\nb: Beta\na -> b: calls\n");
assert.equal(document.diagram().nodes[0].data.label, "😀");
assert.equal(document.idAt(0), "a");
document.free();
assert.throws(() => document.source, /freed/);

const graphOf = () => ({
  id: "root",
  layoutOptions: { "elk.algorithm": "layered" },
  children: [
    { id: "n1", width: 30, height: 30 },
    { id: "n2", width: 30, height: 30 },
  ],
  edges: [{ id: "e1", sources: ["n1"], targets: ["n2"] }],
});
const copy = layout(graphOf());
assert.ok(copy.children[1].x > copy.children[0].x);
assert.equal(ELK, Named);
const own = graphOf();
assert.equal(await new ELK().layout(own), own);
assert.deepEqual([own.children[1].x, own.children[1].y], [copy.children[1].x, copy.children[1].y]);
console.log("in Node: fine");

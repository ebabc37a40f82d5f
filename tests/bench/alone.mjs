// One engine in a process of its own, for layout.mjs: prints how long it took to load, to the first layout and the
// tenth, and the most memory the process held after a large graph (dagre: a flat one, it takes no containers).

import { createRequire } from "node:module";
import { clusters, dag } from "./graphs.mjs";

const require = createRequire(import.meta.url);
const small = dag(20, 3);
const start = performance.now();

/** By engine: loads it and gives what lays out a graph. */
const engines = {
  ours: async () => {
    const { default: init, layout } = await import("spandrel");
    await init();
    return layout;
  },
  "ours slim": async () => {
    const { default: ELK } = await import("spandrel-elk");
    const elk = new ELK();
    return (graph) => elk.layout(graph);
  },
  elkjs: async () => {
    const ELK = require("elkjs");
    const elk = new ELK();
    return (graph) => elk.layout(graph);
  },
  dagre: async () => {
    const dagre = require("@dagrejs/dagre");
    return (graph) => {
      const g = new dagre.graphlib.Graph({ multigraph: true });
      g.setGraph({});
      g.setDefaultEdgeLabel(() => ({}));
      for (const node of graph.children) g.setNode(node.id, { width: node.width, height: node.height });
      for (const edge of graph.edges) g.setEdge(edge.sources[0], edge.targets[0], {}, edge.id);
      dagre.layout(g);
    };
  },
  graphviz: async () => {
    const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
    const graphviz = await Graphviz.load();
    const body = (node) =>
      (node.children ?? [])
        .map((child) => (child.children?.length ? `subgraph "cluster_${child.id}" {${body(child)}}` : `"${child.id}" [width=${child.width / 72}, height=${child.height / 72}];`))
        .join("\n");
    const links = (graph) => graph.edges.map((edge) => `"${edge.sources[0]}" -> "${edge.targets[0]}";`).join("\n");
    return (graph) => graphviz.layout(`digraph { node [shape=box, fixedsize=true, label=""] ${body(graph)} ${links(graph)} }`, "json0", "dot");
  },
};

const engine = process.argv[2];
const layOut = await engines[engine]();
const load = performance.now() - start;
const copy = (graph) => JSON.parse(JSON.stringify(graph));
await layOut(copy(small));
const first = performance.now() - start;
for (let k = 0; k < 8; k++) await layOut(copy(small));
const before = performance.now();
await layOut(copy(small));
const tenth = performance.now() - before;
await layOut(engine === "dagre" ? dag(300, 7) : clusters(1000, 7));
console.log(JSON.stringify({ load, first, tenth, peak: process.resourceUsage().maxRSS / 1000 }));

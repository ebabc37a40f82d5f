// How peers are called, so that every benchmark calls them alike.

import dagre from "@dagrejs/dagre";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import elkWorker from "elkjs/lib/elk-worker.min.js";

const copy = (graph) => JSON.parse(JSON.stringify(graph));

/** Options with which elkjs 0.12 dies on many nested graphs. */
const MODEL_ORDER = /(considerModelOrder\.strategy|cycleBreaking\.strategy)$/;

/** The graph without what asks for model order, anywhere in it. */
function withoutModelOrder(graph) {
  return JSON.parse(JSON.stringify(graph), (key, value) => (MODEL_ORDER.test(key) ? undefined : value));
}

/** elkjs's drawing of a copy of the graph. Where it crashes, that of the graph without model order, and
 *  `crashed` is called, so that the graph still compares. */
export async function layOutWithElk(elk, graph, crashed = () => {}) {
  try {
    return await elk.layout(copy(graph));
  } catch {
    crashed();
    return elk.layout(withoutModelOrder(graph));
  }
}

/** elkjs below its promise API: the timers of that are not held against it. */
export function bareElk() {
  const worker = new elkWorker.Worker();
  let answer;
  worker.onmessage = (message) => (answer = message.data);
  const send = (message) => {
    answer = undefined;
    worker.dispatcher.saveDispatch({ data: message });
    if (answer?.error) throw new Error(String(answer.error.message ?? answer.error));
    return answer?.data;
  };
  send({ cmd: "register", id: 0, algorithms: ["layered"] });
  return {
    layout: (graph) => send({ cmd: "layout", id: 1, graph, layoutOptions: {}, options: { logging: false, measureExecutionTime: false } }),
  };
}

const isFlat = (graph) => graph.children.every((child) => !child.children);
const hasPorts = (graph) => graph.children.some((child) => child.ports?.length);

/** dagre takes flat graphs without ports; `null` for others. What it is given is made before the clock starts. */
export function forDagre(graph) {
  if (!isFlat(graph) || hasPorts(graph)) return null;
  const g = new dagre.graphlib.Graph({ multigraph: true });
  g.setGraph({ rankdir: graph.layoutOptions["elk.direction"] === "DOWN" ? "TB" : "LR" });
  g.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.children) g.setNode(node.id, { width: node.width, height: node.height });
  for (const edge of graph.edges) g.setEdge(edge.sources[0], edge.targets[0], {}, edge.id);
  return () => dagre.layout(g);
}

let graphviz;

/** Graphviz's dot takes everything but ports and edges that end at containers; `null` for others. */
export async function forGraphviz(graph) {
  graphviz ??= await Graphviz.load();
  const leaves = new Set();
  const lines = [];
  let ported = false;
  const walk = (node) => {
    for (const child of node.children ?? []) {
      ported ||= Boolean(child.ports?.length);
      if (child.children?.length) {
        lines.push(`subgraph "cluster_${child.id}" { margin=16`);
        walk(child);
        lines.push("}");
      } else {
        leaves.add(child.id);
        lines.push(`"${child.id}" [width=${child.width / 72}, height=${child.height / 72}]`);
      }
    }
  };
  walk(graph);
  for (const edge of graph.edges) {
    if (!leaves.has(edge.sources[0]) || !leaves.has(edge.targets[0])) return null;
    lines.push(`"${edge.sources[0]}" -> "${edge.targets[0]}"`);
  }
  if (ported) return null;
  const direction = graph.layoutOptions["elk.direction"] === "DOWN" ? "TB" : "LR";
  const dot = `digraph { rankdir=${direction}; splines=polyline; node [shape=box, fixedsize=true, label=""]\n${lines.join("\n")}\n}`;
  return () => graphviz.layout(dot, "json0", "dot");
}

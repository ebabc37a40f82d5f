// How peers are called, so that every benchmark calls them alike.

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

// What a drawing is worth: crossings, bends, edge length, area. Takes laid-out ELK JSON.

/** Every edge as a list of absolute points, every node as an absolute rectangle. */
export function flatten(graph) {
  const origin = new Map();
  const nodes = [];
  const edges = [];
  const open = [[graph, 0, 0, null]];
  while (open.length > 0) {
    const [node, dx, dy, parent] = open.pop();
    const x = dx + (node.x ?? 0);
    const y = dy + (node.y ?? 0);
    origin.set(node.id, { x, y });
    if (parent !== null) {
      nodes.push({ id: node.id, parent, x, y, width: node.width, height: node.height, leaf: !node.children?.length });
    }
    for (const edge of node.edges ?? []) edges.push([edge, node.id]);
    for (const child of node.children ?? []) open.push([child, x, y, node.id]);
  }
  const routes = [];
  for (const [edge, declared] of edges) {
    const base = origin.get(edge.container ?? declared) ?? { x: 0, y: 0 };
    for (const section of edge.sections ?? []) {
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      routes.push({ id: edge.id, source: edge.sources[0], target: edge.targets[0], points: points.map((p) => ({ x: p.x + base.x, y: p.y + base.y })) });
    }
  }
  return { nodes, routes, width: graph.width, height: graph.height };
}

const segments = (route) => route.points.slice(1).map((b, i) => [route.points[i], b]);

/** Whether two segments cross properly (sharing an end or overlapping does not count). */
function cross([a, b], [c, d]) {
  const side = (p, q, r) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

export function measure(graph) {
  const { nodes, routes, width, height } = flatten(graph);
  let crossings = 0;
  let bends = 0;
  let length = 0;
  const all = routes.flatMap((route, index) => segments(route).map((s) => [index, s]));
  for (let i = 0; i < all.length; i++) {
    for (let k = i + 1; k < all.length; k++) {
      if (all[i][0] !== all[k][0] && cross(all[i][1], all[k][1])) crossings++;
    }
  }
  for (const route of routes) {
    bends += Math.max(0, route.points.length - 2);
    for (const [a, b] of segments(route)) length += Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  }
  const leaves = nodes.filter((node) => node.leaf);
  let overlaps = 0;
  for (let i = 0; i < leaves.length; i++) {
    for (let k = i + 1; k < leaves.length; k++) {
      const [a, b] = [leaves[i], leaves[k]];
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) overlaps++;
    }
  }
  let through = 0;
  for (const route of routes) {
    for (const node of leaves) {
      if (node.id === route.source || node.id === route.target) continue;
      const inside = segments(route).some(
        ([a, b]) =>
          Math.max(a.x, b.x) > node.x + 0.5 && Math.min(a.x, b.x) < node.x + node.width - 0.5 &&
          Math.max(a.y, b.y) > node.y + 0.5 && Math.min(a.y, b.y) < node.y + node.height - 0.5,
      );
      if (inside) through++;
    }
  }
  return { crossings, bends, length, area: width * height, invalid: overlaps + through };
}

/** Geometric mean; zeros count as one, so that a tie of nothing with nothing is 1. */
export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / Math.max(1, ratios.length));
}

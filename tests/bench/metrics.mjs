// What a drawing is worth. Takes laid-out ELK JSON; lengths are CSS pixels.
//
// Faults make a drawing invalid: `overlaps` of nodes that do not hold one another, children `outside` of their
// container, edges `through` nodes that are neither their ends nor hold one, `ends` off the border of their node
// (off their port, where they have one), `unrouted` edges, `slanted` segments where right angles were asked for,
// and numbers that are `missing`. Blemishes do not: `titles` that edges run over, edge labels `onNodes`, `onLabels`
// and under foreign edges (`underEdges`), `labelDistance` from an edge to its label (the mean), `slack` (the share of a
// container's area that is neither the bounding box of its children nor padding, the mean), `touching` (pixels that
// unrelated edges run on top of each other). Costs: `crossings`, `bends`, `length`, `area`.

const SLOP = 0.5;

/** Every edge as lists of absolute points, every node and label as an absolute rectangle. */
export function flatten(graph) {
  const nodes = [];
  const byId = new Map();
  const ports = new Map();
  const declared = [];
  let missing = 0;
  const number = (value, needed) => {
    if (Number.isFinite(value)) return value;
    if (needed || value !== undefined) missing++;
    return 0;
  };
  const labelsOf = (list, x, y) =>
    (list ?? [])
      .filter((label) => label.width > 0 && label.height > 0)
      .map((label) => ({ x: x + number(label.x), y: y + number(label.y), width: label.width, height: label.height, label }));
  const open = [[graph, null]];
  while (open.length > 0) {
    const [json, parent] = open.pop();
    const placed = parent !== null;
    const node = {
      json,
      parent,
      depth: placed ? parent.depth + 1 : 0,
      x: number(json.x, placed) + (parent?.x ?? 0),
      y: number(json.y, placed) + (parent?.y ?? 0),
      width: number(json.width, true),
      height: number(json.height, true),
      leaf: !json.children?.length,
    };
    node.labels = labelsOf(json.labels, node.x, node.y);
    nodes.push(node);
    byId.set(json.id, node);
    for (const port of json.ports ?? []) {
      ports.set(port.id, { node, x: node.x + number(port.x), y: node.y + number(port.y), width: port.width ?? 0, height: port.height ?? 0 });
    }
    for (const edge of json.edges ?? []) declared.push([edge, node]);
    for (const child of json.children ?? []) open.push([child, node]);
  }
  const edges = declared.map(([json, holder]) => {
    const end = (id) => (byId.has(id) ? { node: byId.get(id), port: null } : { node: ports.get(id)?.node, port: ports.get(id) });
    const base = byId.get(json.container) ?? holder;
    const point = (p) => ({ x: number(p.x, true) + base.x, y: number(p.y, true) + base.y });
    const routes = (json.sections ?? []).map((s) => straighten([s.startPoint, ...(s.bendPoints ?? []), s.endPoint].map(point)));
    return { json, from: end(json.sources?.[0] ?? json.source), to: end(json.targets?.[0] ?? json.target), routes, labels: labelsOf(json.labels, base.x, base.y) };
  });
  return { nodes, edges, missing };
}

/** Without repeated points and points on the line between their neighbours. */
function straighten(points) {
  const kept = [];
  for (const p of points) {
    const last = kept.at(-1);
    if (kept.length > 1 && Math.abs(last.x - p.x) < 0.01 && Math.abs(last.y - p.y) < 0.01) continue;
    while (kept.length > 1) {
      const [a, b] = kept.slice(-2);
      const turn = (b.x - a.x) * (p.y - b.y) - (b.y - a.y) * (p.x - b.x);
      const onwards = (b.x - a.x) * (p.x - b.x) + (b.y - a.y) * (p.y - b.y);
      if (Math.abs(turn) > 0.01 * Math.hypot(p.x - a.x, p.y - a.y) || onwards < 0) break;
      kept.pop();
    }
    kept.push(p);
  }
  return kept;
}

const segments = (edge) => edge.routes.flatMap((points) => points.slice(1).map((b, i) => [points[i], b]));

/** Whether `outer` is `inner` or holds it. */
function holds(outer, inner) {
  for (let node = inner; node; node = node.parent) if (node === outer) return true;
  return false;
}

/** Whether two segments cross properly: meeting at an end or running along each other does not count. */
function cross([a, b], [c, d]) {
  const side = (p, q, r) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Length on which two axis-parallel segments lie on one line. */
function shared([a, b], [c, d]) {
  const along = (u, v) => {
    const flat = Math.abs(a[v] - b[v]) < SLOP && Math.abs(c[v] - d[v]) < SLOP && Math.abs(a[v] - c[v]) < SLOP;
    return flat ? Math.min(Math.max(a[u], b[u]), Math.max(c[u], d[u])) - Math.max(Math.min(a[u], b[u]), Math.min(c[u], d[u])) : 0;
  };
  return Math.max(0, along("x", "y"), along("y", "x"));
}

/** Whether a segment runs through the inside of a rectangle, a pixel of its border left out (Liang and Barsky). */
function through([a, b], r) {
  let [enter, leave] = [0, 1];
  const sides = [[a.x - b.x, a.x - r.x - 1], [b.x - a.x, r.x + r.width - 1 - a.x], [a.y - b.y, a.y - r.y - 1], [b.y - a.y, r.y + r.height - 1 - a.y]];
  for (const [step, room] of sides) {
    if (step === 0 && room <= 0) return false;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  return (leave - enter) * Math.hypot(b.x - a.x, b.y - a.y) > 1e-6;
}

const overlap = (a, b) =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > SLOP && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > SLOP;

const outsideBy = (p, r) => Math.hypot(Math.max(r.x - p.x, 0, p.x - r.x - r.width), Math.max(r.y - p.y, 0, p.y - r.y - r.height));

function offBorder(p, r) {
  const away = outsideBy(p, r);
  return away > 0 ? away : Math.min(p.x - r.x, r.x + r.width - p.x, p.y - r.y, r.y + r.height - p.y);
}

/** Distance from a segment to a rectangle, 0 where it touches. */
function distance([a, b], r) {
  const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y)));
  let least = Infinity;
  for (let i = 0; i <= steps; i++) {
    least = Math.min(least, outsideBy({ x: a.x + ((b.x - a.x) * i) / steps, y: a.y + ((b.y - a.y) * i) / steps }, r));
  }
  return least;
}

/** The option with this id, whatever prefix it is written with. */
function option(json, id) {
  const bag = { ...json.properties, ...json.layoutOptions };
  return bag[`org.eclipse.elk.${id}`] ?? bag[`elk.${id}`] ?? bag[id];
}

function padding(json) {
  const text = option(json, "padding");
  const side = (name) => Number(/-?[\d.]+/.exec(text.split(name)[1] ?? "")?.[0] ?? 0);
  return text ? { x: side("left") + side("right"), y: side("top") + side("bottom") } : { x: 24, y: 24 };
}

export const FAULTS = ["overlaps", "outside", "through", "ends", "unrouted", "slanted", "missing"];
export const BLEMISHES = ["titles", "onNodes", "onLabels", "underEdges", "labelDistance", "slack", "touching"];
export const COSTS = ["crossings", "bends", "length", "area"];

export function measure(graph) {
  const { nodes, edges, missing } = flatten(graph);
  const m = Object.fromEntries([...FAULTS, ...BLEMISHES, ...COSTS].map((name) => [name, 0]));
  m.missing = missing;
  m.area = graph.width * graph.height;
  const inner = nodes.slice(1);

  for (const [i, a] of inner.entries()) {
    if (outsideBy(a, a.parent) > SLOP || outsideBy({ x: a.x + a.width, y: a.y + a.height }, a.parent) > SLOP) m.outside++;
    for (const b of inner.slice(i + 1)) if (overlap(a, b) && !holds(a, b) && !holds(b, a)) m.overlaps++;
  }
  const containers = inner.filter((node) => !node.leaf && node.width * node.height > 0);
  for (const node of containers) {
    const children = inner.filter((child) => child.parent === node);
    const extent = (axis, size) => Math.max(...children.map((c) => c[axis] + c[size])) - Math.min(...children.map((c) => c[axis]));
    const pad = padding(node.json);
    const used = Math.min(node.width, extent("x", "width") + pad.x) * Math.min(node.height, extent("y", "height") + pad.y);
    m.slack += (1 - used / (node.width * node.height)) / containers.length;
  }

  const routing = option(graph, "edgeRouting") ?? "ORTHOGONAL";
  const algorithm = option(graph, "algorithm") ?? "layered";
  const square = routing === "ORTHOGONAL" && /layered$/.test(algorithm);
  const all = [];
  for (const edge of edges) {
    if (edge.routes.length === 0) m.unrouted++;
    for (const points of edge.routes) {
      m.bends += Math.max(0, points.length - 2);
      for (const [end, p] of [[edge.from, points[0]], [edge.to, points.at(-1)]]) {
        if (!((end.port ? outsideBy(p, end.port) : offBorder(p, end.node)) <= 1)) m.ends++;
      }
    }
    for (const s of segments(edge)) {
      const [dx, dy] = [Math.abs(s[0].x - s[1].x), Math.abs(s[0].y - s[1].y)];
      m.length += Math.hypot(dx, dy);
      if (square && dx > SLOP && dy > SLOP) m.slanted++;
      all.push({ edge, s });
    }
    const passed = inner.filter((node) => !holds(node, edge.from.node) && !holds(node, edge.to.node) && segments(edge).some((s) => through(s, node)));
    // A container and what it holds are one obstacle.
    m.through += passed.filter((node) => !passed.includes(node.parent)).length;
  }
  const related = (a, b) => [a.from, a.to].some((p) => [b.from, b.to].some((q) => p.node === q.node));
  for (const [i, a] of all.entries()) {
    for (let k = i + 1; k < all.length; k++) {
      const b = all[k];
      if (a.edge === b.edge) continue;
      if (cross(a.s, b.s)) m.crossings++;
      else if (!related(a.edge, b.edge)) m.touching += shared(a.s, b.s);
    }
  }

  const titles = containers.flatMap((node) => node.labels.map((label) => [node, label]));
  for (const edge of edges) {
    const own = segments(edge);
    m.titles += titles.filter(([, title]) => own.some((s) => through(s, title))).length;
  }
  const labels = edges.flatMap((edge) => edge.labels.map((label) => [edge, label]));
  for (const [i, [edge, label]] of labels.entries()) {
    m.onNodes += inner.filter((node) => !holds(node, edge.from.node) && !holds(node, edge.to.node) && overlap(node, label)).length;
    for (const end of new Set([edge.from.node, edge.to.node])) if (end?.leaf && overlap(end, label)) m.onNodes++;
    m.onLabels += labels.slice(i + 1).filter(([, other]) => overlap(label, other)).length;
    m.onLabels += titles.filter(([, title]) => overlap(label, title)).length;
    for (const other of edges) if (other !== edge && segments(other).some((s) => through(s, label))) m.underEdges++;
    const away = Math.min(...segments(edge).map((s) => distance(s, label)));
    if (Number.isFinite(away)) m.labelDistance += away / labels.length;
  }
  m.invalid = FAULTS.reduce((sum, name) => sum + m[name], 0);
  return m;
}

/** Geometric mean. */
export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / Math.max(1, ratios.length));
}

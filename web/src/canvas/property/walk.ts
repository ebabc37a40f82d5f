// Random gestures, each with what it is expected to do. The gestures are the canvas's own functions.
import type { CanonicalObject, Diagram, DiagramNode } from "spandrel";
import type { Gesture } from "../../engine/gesture";
import { duplicate } from "../duplicate";
import { boxes } from "../geometry";
import { connectOp, deleteOps, freshName, pinOps, renameOp } from "../gestures";
import { create, directionOp, dropInto, group, IMAGE, nameOf, reconnectOp, reshape, ungroup } from "../structure";
import * as model from "./model";
import type { Random } from "./random";

export interface Step {
  name: string;
  gesture: Gesture;
  /** Changes the graph as the gesture should; runs after it, so that keys it chose are known. */
  expect(graph: model.Graph): void;
  /** What is deleted; comments inside that may go. */
  deletes: readonly string[];
}

interface Scene {
  diagram: Diagram;
  graph: model.Graph;
  random: Random;
}

const ops = (...list: Parameters<Parameters<Gesture>[0]>[0][]): Gesture => async (edit) => {
  for (const op of list) await edit(op);
};

/** One gesture that can be made here; `undefined` where the dice fell on one that cannot. */
export function anyStep(scene: Scene): Step | undefined {
  const makers = [pinned, unpinned, renamed, renamedEdge, created, connected, reconnected, deleted, deletedEdge, dissolved, dropped, grouped, copied, shaped, filled, iconed, directed];
  return (makers[Math.floor(scene.random() * makers.length)] as (scene: Scene) => Step | undefined)(scene);
}

function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** In a sequence diagram the order and the place of things have a meaning of their own; its inside is left alone. */
function inSequence({ graph }: Scene, id: string): boolean {
  for (let at: string | null = id; at !== null; at = model.containerOf(at)) if (graph.objects.get(at)?.shape === "sequence_diagram") return true;
  return false;
}

function free(scene: Scene): DiagramNode[] {
  return scene.diagram.nodes.filter((node) => scene.graph.objects.has(node.id) && !inSequence(scene, node.id));
}

const words = ["Gateway", "Orders", "Billing: eu", "größer", "a -> b", "12", "true", "Mail # 1", "two words", "semi; colon"];
const attrs = (graph: model.Graph, id: string): CanonicalObject["attrs"] => (graph.objects.get(id) as CanonicalObject).attrs;

function pinned(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene));
  if (!node) return undefined;
  const position = { x: node.position.x + Math.round(scene.random() * 200 - 60), y: node.position.y + Math.round(scene.random() * 200 - 60) };
  const list = pinOps(scene.diagram, [{ id: node.id, position }]);
  return {
    name: `pin ${node.id}`,
    gesture: ops(...list),
    deletes: [],
    expect: (graph) => {
      for (const op of list) if (op.op === "pin") Object.assign(attrs(graph, op.key), { left: String(op.left), top: String(op.top) });
    },
  };
}

function unpinned(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene).filter((n) => n.data.pinned));
  if (!node) return undefined;
  return {
    name: `unpin ${node.id}`,
    gesture: ops({ op: "unpin", key: node.id }),
    deletes: [],
    expect: (graph) => {
      delete attrs(graph, node.id)["left"];
      delete attrs(graph, node.id)["top"];
    },
  };
}

function renamed(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene).filter((n) => !scene.graph.objects.get(n.id)?.["language"]));
  const label = pick(scene.random, words);
  if (!node || label === undefined) return undefined;
  return {
    name: `rename ${node.id} to ${label}`,
    gesture: ops(renameOp(node.id, label)),
    deletes: [],
    expect: (graph) => {
      (graph.objects.get(node.id) as CanonicalObject).label = label;
    },
  };
}

/** The edge of the graph that an edge of the drawing is. */
function edgeOf(scene: Scene, graph: model.Graph, id: string) {
  const drawn = scene.diagram.edges.find((edge) => edge.id === id);
  const index = Number(/\[(\d+)\]$/.exec(id)?.[1] ?? -1);
  const arrows = /(<->|<-|->|--)/.exec(id.replaceAll(/"[^"]*"/g, ""))?.[1] ?? "->";
  return graph.edges.find(
    (edge) =>
      edge.src === drawn?.source && edge.dst === drawn.target && edge.index === index && edge.src_arrow === arrows.startsWith("<") && edge.dst_arrow === arrows.endsWith(">"),
  );
}

function anyEdge(scene: Scene) {
  const list = scene.diagram.edges.filter((edge) => !inSequence(scene, edge.source) && !inSequence(scene, edge.target) && edgeOf(scene, scene.graph, edge.id));
  return pick(scene.random, list);
}

function renamedEdge(scene: Scene): Step | undefined {
  const edge = anyEdge(scene);
  const label = pick(scene.random, words);
  if (!edge || label === undefined || edgeOf(scene, scene.graph, edge.id)?.["language"]) return undefined;
  return {
    name: `label ${edge.id} ${label}`,
    gesture: ops(renameOp(edge.id, label)),
    deletes: [],
    expect: (graph) => {
      const found = edgeOf(scene, graph, edge.id);
      if (found) found.label = label;
    },
  };
}

function created(scene: Scene): Step | undefined {
  const containers = free(scene).filter((node) => node.type === "container");
  const parent = scene.random() < 0.5 ? undefined : pick(scene.random, containers)?.id;
  const shape = pick(scene.random, ["rectangle", "cylinder", "queue", "cloud"]) as string;
  const key = freshName(scene.diagram, shape, parent);
  return {
    name: `create ${key}`,
    gesture: create({ key, shape }),
    deletes: [],
    expect: (graph) => void model.create(graph, key, key.slice(parent === undefined ? 0 : parent.length + 1), shape),
  };
}

function connected(scene: Scene): Step | undefined {
  const [a, b] = [pick(scene.random, free(scene)), pick(scene.random, free(scene))];
  if (!a || !b || model.isInside(a.id, b.id) || model.isInside(b.id, a.id)) return undefined;
  return { name: `connect ${a.id} ${b.id}`, gesture: ops(connectOp(a.id, b.id)), deletes: [], expect: (graph) => model.connect(graph, a.id, b.id) };
}

function reconnected(scene: Scene): Step | undefined {
  const edge = anyEdge(scene);
  const to = pick(scene.random, free(scene));
  const end = scene.random() < 0.5 ? "source" : "target";
  if (!edge || !to || edge[end] === to.id) return undefined;
  const other = end === "source" ? edge.target : edge.source;
  // From a table to a row of its own is nothing that D2 draws.
  if (to.id === other && to.type === "sql_table") return undefined;
  if (model.isInside(to.id, other) || model.isInside(other, to.id)) return undefined;
  return {
    name: `reconnect ${end} of ${edge.id} to ${to.id}`,
    gesture: ops(reconnectOp(edge.id, end, to.id)),
    deletes: [],
    expect: (graph) => {
      const found = edgeOf(scene, graph, edge.id);
      if (!found) return;
      found[end === "source" ? "src" : "dst"] = to.id;
      delete found[end === "source" ? "src_column" : "dst_column"];
    },
  };
}

function deleted(scene: Scene): Step | undefined {
  const some = [pick(scene.random, free(scene)), ...(scene.random() < 0.3 ? [pick(scene.random, free(scene))] : [])].filter((node) => node !== undefined);
  if (some.length === 0) return undefined;
  const ids = some.map((node) => node.id);
  return {
    name: `delete ${ids.join(" and ")}`,
    gesture: ops(...deleteOps(scene.diagram, ids)),
    deletes: ids,
    expect: (graph) => ids.forEach((id) => model.remove(graph, id)),
  };
}

function deletedEdge(scene: Scene): Step | undefined {
  const edge = anyEdge(scene);
  if (!edge) return undefined;
  return {
    name: `delete ${edge.id}`,
    gesture: ops(...deleteOps(scene.diagram, [edge.id])),
    deletes: [edge.id],
    expect: (graph) => {
      const found = edgeOf(scene, graph, edge.id);
      graph.edges = graph.edges.filter((other) => other !== found);
    },
  };
}

/** Whether something of this name would collide with what is in `parent`. */
function taken({ graph }: Scene, parent: string | null, name: string): boolean {
  const wanted = (parent === null ? name : `${parent}.${name}`).toLowerCase();
  return [...graph.objects.keys()].some((id) => id.toLowerCase() === wanted);
}

/** Whether something inside `id` has the name of something around it: a known weakness of the engine's move. */
function hasNamesake({ graph }: Scene, id: string): boolean {
  const around = id.toLowerCase().split(".");
  return [...graph.objects.keys()].some((other) => model.isInside(other, id) && other.slice(id.length + 1).toLowerCase().split(".").some((name) => around.includes(name)));
}

function dissolved(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene).filter((n) => n.type === "container"));
  if (!node) return undefined;
  const children = scene.diagram.nodes.filter((n) => n.parentId === node.id);
  if (children.some((child) => taken(scene, model.containerOf(node.id), nameOf(child)))) return undefined;
  return { name: `ungroup ${node.id}`, gesture: ungroup(scene.diagram, [node.id]), deletes: [], expect: (graph) => model.dissolve(graph, node.id) };
}

function dropped(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene));
  const into = scene.random() < 0.4 ? undefined : pick(scene.random, free(scene).filter((n) => n.type === "container"));
  if (!node || into?.id === node.parentId || into?.id === node.id || (into && model.isInside(into.id, node.id))) return undefined;
  if (taken(scene, into?.id ?? null, nameOf(node)) || hasNamesake(scene, node.id)) return undefined;
  const keys: string[] = [];
  const position = { x: node.position.x + 40, y: node.position.y + 30 };
  const from = boxes(scene.diagram.nodes);
  const corner = (into && from.get(into.id)) ?? { x: 0, y: 0 };
  const outer = (node.parentId === undefined ? undefined : from.get(node.parentId)) ?? { x: 0, y: 0 };
  const [left, top] = [outer.x + position.x - corner.x, outer.y + position.y - corner.y].map((n) => String(Math.max(0, Math.round(n)))) as [string, string];
  return {
    name: `drop ${node.id} into ${into?.id ?? "the board"}`,
    gesture: dropInto(scene.diagram, [{ id: node.id, position }], into?.id, keys),
    deletes: [],
    expect: (graph) => {
      const to = into ? `${into.id}.${nameOf(node)}` : nameOf(node);
      model.reroot(graph, node.id, to);
      const now = attrs(graph, to);
      delete now["left"];
      delete now["top"];
      // A grid has places of its own.
      const target = into && graph.objects.get(into.id);
      const grid = target && ("grid-rows" in target.attrs || "grid-columns" in target.attrs);
      const board = !into && ("grid-rows" in graph.root || "grid-columns" in graph.root);
      if (!grid && !board && !("near" in now)) Object.assign(now, { left, top });
    },
  };
}

function grouped(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene));
  if (!node) return undefined;
  const made = group(scene.diagram, [node.id]);
  if (!made || hasNamesake(scene, node.id)) return undefined;
  return {
    name: `group ${node.id}`,
    gesture: made.gesture,
    deletes: [],
    expect: (graph) => {
      model.create(graph, made.key, made.key.slice(node.parentId === undefined ? 0 : node.parentId.length + 1));
      delete attrs(graph, node.id)["left"];
      delete attrs(graph, node.id)["top"];
      model.reroot(graph, node.id, `${made.key}.${nameOf(node)}`);
    },
  };
}

function copied(scene: Scene): Step | undefined {
  const node = pick(scene.random, free(scene));
  if (!node) return undefined;
  let keys: string[] = [];
  return {
    name: `duplicate ${node.id}`,
    gesture: duplicate([node.id], (made) => (keys = made)),
    deletes: [],
    expect: (graph) => model.copy(graph, node.id, keys[0] as string, 32),
  };
}

function shaped(scene: Scene): Step | undefined {
  const plain = free(scene).filter((n) => n.type !== "container" && ["rectangle", "cylinder", "queue", "cloud", "hexagon"].includes(n.type));
  const node = pick(scene.random, plain);
  const shape = pick(scene.random, ["rectangle", "hexagon", "cylinder", "queue", "person", "image"]) as string;
  if (!node) return undefined;
  return {
    name: `shape ${node.id} ${shape}`,
    gesture: reshape([node], shape),
    deletes: [],
    expect: (graph) => {
      if (shape === "image") attrs(graph, node.id)["icon"] ??= node.data.iconifyId || IMAGE;
      (graph.objects.get(node.id) as CanonicalObject).shape = shape;
    },
  };
}

function attribute(scene: Scene, name: string, value: string): Step | undefined {
  const node = pick(scene.random, free(scene));
  if (!node) return undefined;
  return {
    name: `${name} of ${node.id}`,
    gesture: ops({ op: "set", key: `${node.id}.${name}`, value }),
    deletes: [],
    expect: (graph) => {
      attrs(graph, node.id)[name] = value;
    },
  };
}

const filled = (scene: Scene): Step | undefined => attribute(scene, "style.fill", pick(scene.random, ["#dbeafe", "red", "#ffedd5"]) as string);
const iconed = (scene: Scene): Step | undefined => attribute(scene, "icon", "mdi:database");

function directed(scene: Scene): Step | undefined {
  const container = scene.random() < 0.5 ? undefined : pick(scene.random, free(scene).filter((node) => node.type === "container"));
  const direction = pick(scene.random, ["right", "down", "left", "up"]) as string;
  return {
    name: `direction of ${container?.id ?? "the board"}`,
    gesture: ops(directionOp(container?.id, direction)),
    deletes: [],
    expect: (graph) => {
      (container ? attrs(graph, container.id) : graph.root)["direction"] = direction;
    },
  };
}

// Gestures that change what lies where: into and out of containers, ungroup, group, new shapes.
import type { CanonicalBoard, Diagram, DiagramNode, EditOp } from "spandrel";
import type { Edit, Gesture } from "../engine/gesture";
import { Refused } from "../engine/session";
import { boxes } from "./geometry";
import { connectOp, freshName, type Moved } from "./gestures";

export interface Point {
  x: number;
  y: number;
}

/** The last part of an id, spelled as a key. */
export function nameOf(node: Pick<DiagramNode, "id" | "parentId">): string {
  return node.parentId === undefined ? node.id : node.id.slice(node.parentId.length + 1);
}

/** Edits that may be refused without ending the gesture, such as a pin where D2 allows no place. */
async function attempt(edit: Edit, op: EditOp): Promise<boolean> {
  try {
    await edit(op);
    return true;
  } catch {
    return false;
  }
}

/** A node that goes into another container, and where its corner is to stand: from the new container's corner. */
export interface Reparented {
  node: DiagramNode;
  at?: Point;
}

/** Everything moved goes into `parent` (to the top level where there is none), children and connections with it. */
export function reparent(moved: readonly Reparented[], parent: string | undefined, keys: string[] = []): Gesture {
  return async (edit, graph) => {
    keys.length = 0;
    const before = rowsOf(await graph());
    for (const { node, at } of moved) {
      const wanted = parent === undefined ? nameOf(node) : `${parent}.${nameOf(node)}`;
      // A place counts from the container's corner, so the old one means nothing any more.
      if (node.data.pinned) await edit({ op: "unpin", key: node.id });
      const { key = wanted } = await edit({ op: "move", key: node.id, new_key: wanted, include_descendants: true });
      keys.push(key);
      if (at) await attempt(edit, pin(key, at));
    }
    // A row stands where it is first mentioned. Where connections are written before the new place of their table,
    // its rows would stand in the order of the connections.
    if (before.length > 0 && before.join("\n") !== rowsOf(await graph()).join("\n")) {
      throw new Refused("the rows of a table would change their order: its connections are written before that place");
    }
  };
}

/** The rows of every table, in an order that does not depend on where the tables are. */
function rowsOf(board: CanonicalBoard): string[] {
  return board.objects.flatMap((object) => (object["columns"] ? [JSON.stringify(object["columns"])] : [])).sort();
}

/**
 * What was dragged goes into another container and is pinned where it was let go; `keys` takes the ids it has there.
 * Left of or above the board's origin everything pinned at the top level moves over, as with a plain drag.
 */
export function dropInto(diagram: Diagram, moved: readonly Moved[], parent: string | undefined, keys: string[] = []): Gesture {
  const nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
  const places = boxes(diagram.nodes);
  const corner = (parent === undefined ? undefined : places.get(parent)) ?? { x: 0, y: 0 };
  const going = moved.flatMap(({ id, position }): { node: DiagramNode; at: Point }[] => {
    const node = nodes.get(id);
    if (!node) return [];
    const outer = (node.parentId === undefined ? undefined : places.get(node.parentId)) ?? { x: 0, y: 0 };
    return [{ node, at: { x: outer.x + position.x - corner.x, y: outer.y + position.y - corner.y } }];
  });
  const over = (axis: "x" | "y"): number => (parent === undefined ? Math.max(0, ...going.map(({ at }) => -Math.round(at[axis]))) : 0);
  const [shiftX, shiftY] = [over("x"), over("y")];
  const shifted = going.map(({ node, at }) => ({ node, at: { x: at.x + shiftX, y: at.y + shiftY } }));
  const gone = new Set(going.map(({ node }) => node.id));
  const pinned = diagram.nodes.filter((node) => node.data.pinned && node.parentId === undefined && !gone.has(node.id));
  return async (edit, graph) => {
    await reparent(shifted, parent, keys)(edit, graph);
    if (shiftX === 0 && shiftY === 0) return;
    for (const { id, position } of pinned) await edit(pin(id, { x: position.x + shiftX, y: position.y + shiftY }));
  };
}

/** Containers that dissolve: what is inside moves up one level. From the inside out, so that ids stay true. */
export function ungroup(diagram: Diagram, ids: readonly string[]): Gesture {
  const chosen = new Set(ids);
  const containers = diagram.nodes.filter((node) => chosen.has(node.id) && isContainer(diagram, node.id)).reverse();
  return async (edit) => {
    for (const { id } of containers) await edit({ op: "delete", key: id, with_children: false });
  };
}

/** What is selected, put into a new container where it was. All of it has to share a container. */
export function group(diagram: Diagram, ids: readonly string[], name = "group"): { gesture: Gesture; key: string } | undefined {
  const chosen = new Set(ids);
  const nodes = diagram.nodes.filter((node) => chosen.has(node.id));
  const parent = nodes[0]?.parentId;
  if (nodes.length === 0 || nodes.some((node) => node.parentId !== parent)) return undefined;
  const key = freshName(diagram, name, parent);
  const moves = nodes.map((node) => ({ node }));
  return {
    key,
    gesture: async (edit, graph) => {
      await edit({ op: "create", key });
      await reparent(moves, key)(edit, graph);
    },
  };
}

/** What an image shows before somebody has chosen. */
export const IMAGE = "mdi:image-multiple";

export interface NewShape {
  key: string;
  /** The D2 shape; a plain rectangle where absent. */
  shape?: string;
  /** A name of the bundled set. */
  icon?: string;
  /** Where its corner is to stand, from its container's corner; left to the layout where absent. */
  at?: Point;
  /** What it is connected from. */
  from?: string;
}

/** A new shape. */
export function create({ key, shape, icon, at, from }: NewShape): Gesture {
  return async (edit) => {
    const made = (await edit({ op: "create", key })).key ?? key;
    // An image is its icon: without one there is no such shape.
    if (icon !== undefined) await edit({ op: "set", key: `${made}.icon`, value: icon });
    if (shape !== undefined && shape !== "rectangle") await edit(shapeOp(made, shape));
    if (at) await attempt(edit, pin(made, at));
    if (from !== undefined) await edit(connectOp(from, made));
  };
}

/** Another shape. D2 needs a value for it, and a rectangle is one. */
export const shapeOp = (id: string, shape: string): EditOp => ({ op: "set", key: `${id}.shape`, value: shape });

/** Another shape for several; what becomes an image and has no icon of its own gets the one that it is drawn with. */
export function reshape(nodes: readonly DiagramNode[], shape: string): Gesture {
  return async (edit, graph) => {
    const objects = shape === "image" ? (await graph()).objects : [];
    for (const { id, data } of nodes) {
      const own = objects.find((object) => object.id === id)?.attrs["icon"];
      if (shape === "image" && own === undefined) await edit({ op: "set", key: `${id}.icon`, value: data.iconifyId || IMAGE });
      await edit(shapeOp(id, shape));
    }
  };
}

/** Where connections flow, in a container or on the board. */
export function directionOp(container: string | undefined, direction: string): EditOp {
  const key = container === undefined ? "direction" : `${container}.direction`;
  return { op: "set", key, value: direction };
}

/** A connection that begins or ends elsewhere. */
export function reconnectOp(edge: string, end: "source" | "target", to: string): EditOp {
  return end === "source" ? { op: "reconnect", key: edge, new_src: to } : { op: "reconnect", key: edge, new_dst: to };
}

const pin = (key: string, { x, y }: Point): EditOp => ({
  op: "pin",
  key,
  left: Math.max(0, Math.round(x)),
  top: Math.max(0, Math.round(y)),
});

/** Whether anything lies inside. */
export const isContainer = (diagram: Diagram, id: string): boolean => diagram.nodes.some((node) => node.parentId === id);

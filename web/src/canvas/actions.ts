// What can be done with what is selected, whichever way it is asked for: by pointer, key, menu or the command palette.
import type { Diagram, DiagramEdge, DiagramNode, EditOp } from "spandrel";
import { studio } from "../app/studio";
import { i18n } from "../i18n";
import { notify, useStudio } from "../state/store";
import { duplicate } from "./duplicate";
import { connectOp, deleteOps, freshName } from "./gestures";
import { create, directionOp, group, isContainer, type Point, reparent, reshape, ungroup } from "./structure";
import { toggleCollapsed, useView } from "./view";

export interface Selection {
  diagram: Diagram;
  nodes: DiagramNode[];
  edges: DiagramEdge[];
}

/** What is selected in the drawing of this moment; `undefined` while nothing can be changed. */
export function selection(ids?: readonly string[]): Selection | undefined {
  const { diagram, selected, viewing, proposal } = useStudio.getState();
  if (!diagram || viewing || proposal) return undefined;
  const chosen = new Set(ids ?? selected);
  return {
    diagram,
    nodes: diagram.nodes.filter((node) => chosen.has(node.id)),
    edges: diagram.edges.filter((edge) => chosen.has(edge.id)),
  };
}

const select = (selected: string[]): void => useStudio.setState({ selected });

/** What `add` makes. */
export interface Preset {
  /** The key, and so the first label. */
  name: string;
  shape: string;
  icon?: string;
}

/** A new shape in the container that is selected, or beside what is; then asks for its name. */
export async function add({ name, shape, icon }: Preset, place?: { parent: string | undefined; at: Point }): Promise<void> {
  const now = selection();
  if (!now) return;
  const [only] = now.nodes;
  const parent = place ? place.parent : only && isContainer(now.diagram, only.id) ? only.id : only?.parentId;
  const key = freshName(now.diagram, name, parent);
  const made = await studio.run(create({ key, shape, ...(icon === undefined ? {} : { icon }), ...(place ? { at: place.at } : {}) }));
  if (made) useStudio.setState({ selected: [key], renaming: { id: key, kind: "node" } });
}

/** A new shape inside `parent`, whatever is selected. */
export function addInto(parent: string, preset: Preset): Promise<void> {
  const { diagram } = useStudio.getState();
  const key = freshName(diagram, preset.name, parent);
  return studio.run(create({ key, shape: preset.shape })).then((made) => {
    if (made) useStudio.setState({ selected: [key], renaming: { id: key, kind: "node" } });
  });
}

export function rename(id = useStudio.getState().selected[0]): void {
  if (id === undefined) return;
  const kind = useStudio.getState().diagram?.edges.some((edge) => edge.id === id) ? "edge" : "node";
  useStudio.setState({ renaming: { id, kind } });
}

export async function remove(ids?: readonly string[]): Promise<void> {
  const now = selection(ids);
  if (!now || now.nodes.length + now.edges.length === 0) return;
  await studio.perform(...deleteOps(now.diagram, ids ?? useStudio.getState().selected));
}

export async function copySelected(): Promise<void> {
  const now = selection();
  if (!now || now.nodes.length === 0) return;
  let made: string[] = [];
  const done = await studio.run(duplicate(now.nodes.map((node) => node.id), (keys) => (made = keys)));
  if (done) select(made);
}

export async function groupSelected(): Promise<void> {
  const now = selection();
  if (!now || now.nodes.length === 0) return;
  const made = group(now.diagram, now.nodes.map((node) => node.id));
  if (!made) return notify("info", i18n.t("gesture.groupApart"));
  if (await studio.run(made.gesture)) useStudio.setState({ selected: [made.key], renaming: { id: made.key, kind: "node" } });
}

export async function ungroupSelected(): Promise<void> {
  const now = selection();
  if (now) await studio.run(ungroup(now.diagram, now.nodes.map((node) => node.id)));
}

/** Pins everything selected where it stands, or lets go of it where all of it is pinned already. */
export async function togglePin(): Promise<void> {
  const now = selection();
  if (!now || now.nodes.length === 0) return;
  const loose = now.nodes.filter((node) => !node.data.pinned);
  const ops: EditOp[] =
    loose.length > 0
      ? loose.map(({ id, position }) => ({ op: "pin", key: id, left: Math.max(0, Math.round(position.x)), top: Math.max(0, Math.round(position.y)) }))
      : now.nodes.map(({ id }) => ({ op: "unpin", key: id }));
  await studio.perform(...ops);
}

/** Folds the selected containers, or opens them where all are folded. */
export function toggleFold(): void {
  const now = selection();
  const containers = now?.nodes.filter((node) => isContainer(now.diagram, node.id)) ?? [];
  const { collapsed } = useView.getState();
  const open = containers.filter((node) => !collapsed.includes(node.id));
  for (const { id } of open.length > 0 ? open : containers) toggleCollapsed(id, open.length > 0);
}

export async function connect(from: readonly string[], to: string): Promise<void> {
  const ops = from.filter((id) => id !== to).map((id) => connectOp(id, to));
  if (ops.length > 0) await studio.perform(...ops);
}

/** Puts everything selected into `parent`; to the top level where there is none. */
export async function moveInto(parent: string | undefined): Promise<void> {
  const now = selection();
  if (!now) return;
  const keys: string[] = [];
  const moved = now.nodes.filter((node) => node.parentId !== parent && node.id !== parent).map((node) => ({ node }));
  if (moved.length > 0 && (await studio.run(reparent(moved, parent, keys)))) select(keys);
}

export async function setShape(shape: string): Promise<void> {
  const now = selection();
  if (now) await studio.run(reshape(now.nodes, shape));
}

/** Sets an attribute of everything selected; an empty value takes it away. */
export async function setAttribute(name: string, value: string): Promise<void> {
  const now = selection();
  if (!now) return;
  const ops = [...now.nodes, ...now.edges].map(({ id }): EditOp => {
    const key = `${id}.${name}`;
    return value === "" ? { op: "set", key } : { op: "set", key, value };
  });
  await studio.perform(...ops);
}

export async function setDirection(direction: string): Promise<void> {
  const now = selection();
  const container = now?.nodes.length === 1 && isContainer(now.diagram, (now.nodes[0] as DiagramNode).id) ? now.nodes[0]?.id : undefined;
  if (now) await studio.perform(directionOp(container, direction));
}

export function selectAll(): void {
  const { diagram } = useStudio.getState();
  if (diagram) select(diagram.nodes.filter((node) => node.parentId === undefined).map((node) => node.id));
}

/** Shows and selects one item. */
export function goTo(id: string): void {
  useStudio.setState({ selected: [id], focus: id });
}

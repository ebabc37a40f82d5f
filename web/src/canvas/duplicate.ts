// A copy of shapes: made like the first, then given whatever it still lacks. What classes and globs bring is not
// written twice, because what is compared is what the text means.
import type { CanonicalBoard, CanonicalEdge, CanonicalObject } from "spandrel";
import type { Edit, Gesture } from "../engine/gesture";

/** How far a copy of a pinned shape stands from it. */
const ASIDE = 32;

/** Copies shapes with what is inside them and the connections within; `done` is told the keys of the copies. */
export function duplicate(ids: readonly string[], done: (keys: string[]) => void = () => {}): Gesture {
  return async (edit, graph) => {
    const before = await graph();
    const made: string[] = [];
    for (const id of ids.filter((id) => !ids.some((other) => isInside(id, other)))) {
      const original = before.objects.find((object) => object.id === id);
      if (!original) continue;
      made.push(await copy(original, before, edit, graph));
    }
    done(made);
  };
}

const isInside = (id: string, container: string): boolean => id.startsWith(`${container}.`);

async function copy(original: CanonicalObject, board: CanonicalBoard, edit: Edit, graph: () => Promise<CanonicalBoard>): Promise<string> {
  const names = new Map<string, string>();
  const inside = board.objects.filter((object) => object.id === original.id || isInside(object.id, original.id));
  for (const object of inside) {
    const container = object.parent === null ? undefined : names.get(object.parent);
    const wanted = container === undefined ? object.id : `${container}${object.id.slice((object.parent as string).length)}`;
    const key = (await edit({ op: "create", key: wanted })).key ?? wanted;
    names.set(object.id, key);
    await rows(object, key, edit);
    await classes(object.attrs, key, edit);
    await complete(object, key, edit, graph, object === original);
  }
  for (const edge of board.edges) {
    const [src, dst] = [names.get(edge.src), names.get(edge.dst)];
    if (src !== undefined && dst !== undefined) await copyEdge(edge, src, dst, inside, edit);
  }
  return names.get(original.id) as string;
}

/** The columns of a table and the members of a class are keys of their own. */
async function rows(object: CanonicalObject, key: string, edit: Edit): Promise<void> {
  const columns = (object["columns"] ?? []) as { name: string; type: string; constraint?: string[] }[];
  const members = [
    ...((object["fields"] ?? []) as { name: string; type: string; visibility: string }[]),
    ...((object["methods"] ?? []) as { name: string; return: string; visibility: string }[]).map((method) => ({ ...method, type: method.return })),
  ];
  if (columns.length + members.length > 0) await edit({ op: "set", key: `${key}.shape`, value: object.shape });
  for (const { name, type, constraint } of columns) {
    const row = `${key}.${quoted(name)}`;
    await edit(type === "" ? { op: "create", key: row } : { op: "set", key: row, value: type });
    if (constraint?.length) await edit({ op: "set", key: `${row}.constraint`, value: listed(constraint) });
  }
  const signs: Record<string, string> = { private: "-", protected: "#" };
  for (const { name, type, visibility } of members) {
    const row = `${key}.${quoted(`${signs[visibility] ?? ""}${name}`)}`;
    await edit(type === "" || (type === "void" && name.includes("(")) ? { op: "create", key: row } : { op: "set", key: row, value: type });
  }
}

/** A name as a key. */
export const quoted = (name: string): string => (/^[\w][\w ]*$/.test(name) ? name : `"${name.replaceAll('"', '\\"')}"`);

/** One value as it is, several as a list. */
const listed = (values: readonly string[]): string => (values.length === 1 ? (values[0] as string) : `[${values.join("; ")}]`);

async function classes(attrs: CanonicalObject["attrs"], key: string, edit: Edit): Promise<void> {
  const names = attrs["class"];
  if (Array.isArray(names) && names.length > 0) await edit({ op: "set", key: `${key}.class`, value: listed(names) });
}

/** Sets what the copy does not have yet. */
async function complete(
  object: CanonicalObject,
  key: string,
  edit: Edit,
  graph: () => Promise<CanonicalBoard>,
  isTop: boolean,
): Promise<void> {
  const now = (await graph()).objects.find((candidate) => candidate.id.toLowerCase() === key.toLowerCase());
  if (!now) return;
  const tag = object["language"] as string | undefined;
  if (now.label !== object.label) {
    await edit({ op: "set", key, value: object.label, ...(tag === undefined ? {} : { tag: short(tag) }) });
  }
  if (now.shape !== object.shape && tag === undefined) await edit({ op: "set", key: `${key}.shape`, value: object.shape });
  for (const [name, value] of Object.entries(object.attrs)) {
    if (name === "class" || typeof value !== "string" || now.attrs[name] === value) continue;
    const aside = isTop && (name === "left" || name === "top");
    await edit({ op: "set", key: `${key}.${name}`, value: aside ? String(Number(value) + ASIDE) : value });
  }
}

/** The tags that D2 makes long. */
const short = (language: string): string => ({ markdown: "md" })[language] ?? language;

async function copyEdge(edge: CanonicalEdge, src: string, dst: string, inside: readonly CanonicalObject[], edit: Edit): Promise<void> {
  const row = (end: string, column: unknown): string => {
    const columns = inside.find((object) => object.id === end)?.["columns"] as { name: string }[] | undefined;
    const name = typeof column === "number" ? columns?.[column]?.name : undefined;
    return name === undefined ? "" : `.${quoted(name)}`;
  };
  const arrow = `${edge.src_arrow ? "<" : ""}-${edge.dst_arrow ? ">" : edge.src_arrow ? "" : "-"}`;
  const wanted = `${src}${row(edge.src, edge["src_column"])} ${arrow} ${dst}${row(edge.dst, edge["dst_column"])}`;
  const { key } = await edit({ op: "create", key: wanted });
  if (key === undefined) return;
  if (edge.label !== "") await edit({ op: "set", key, value: edge.label });
  await classes(edge.attrs, key, edit);
  for (const [name, value] of Object.entries(edge.attrs)) {
    if (typeof value === "string") await edit({ op: "set", key: `${key}.${name}`, value });
  }
  for (const end of ["src", "dst"] as const) {
    const head = edge[`${end}_arrowhead`] as { label?: string; shape?: string; attrs?: Record<string, unknown> } | undefined;
    const at = `${key}.${end === "src" ? "source" : "target"}-arrowhead`;
    if (head?.label) await edit({ op: "set", key: at, value: head.label });
    if (head?.shape) await edit({ op: "set", key: `${at}.shape`, value: head.shape });
    for (const [name, value] of Object.entries(head?.attrs ?? {})) {
      if (typeof value === "string") await edit({ op: "set", key: `${at}.${name}`, value });
    }
  }
}

import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Diagram, DiagramEdge, DiagramNode } from "spandrel";
import { useStudio } from "../state/store";
import { Icon } from "../ui/Icon";
import { goTo } from "./actions";
import { isTyping, onCanvasKey } from "./keys";

interface Row {
  id: string;
  level: number;
  label: string;
  /** What it is, in the words of its place and connections. */
  about: string;
  kind: string;
  open: boolean | undefined;
  parent: string | undefined;
  position: number;
  siblings: number;
}

/** The canvas as a tree of text: the same things, the same selection, the same keys. */
export function Outline() {
  const { t } = useTranslation();
  const diagram = useStudio((state) => state.viewing?.diagram ?? state.proposal?.diagram ?? state.diagram);
  const selected = useStudio((state) => state.selected);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => (diagram ? rowsOf(diagram, closed, t) : []), [diagram, closed, t]);
  const current = rows.find((row) => row.id === at)?.id ?? rows.find((row) => selected.includes(row.id))?.id ?? rows[0]?.id;

  const moveTo = (row: Row | undefined): void => {
    if (!row) return;
    setAt(row.id);
    tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus();
  };
  const setOpen = (id: string, open: boolean): void => {
    const next = new Set(closed);
    if (open) next.delete(id);
    else next.add(id);
    setClosed(next);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isTyping(event.target)) return;
    const index = rows.findIndex((row) => row.id === current);
    const row = rows[index];
    const step = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (step !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      moveTo(rows[Math.max(0, Math.min(rows.length - 1, step))]);
    } else if (event.key === "ArrowRight" && row) {
      event.preventDefault();
      if (row.open === false) setOpen(row.id, true);
      else if (row.open) moveTo(rows[index + 1]);
    } else if (event.key === "ArrowLeft" && row) {
      event.preventDefault();
      if (row.open) setOpen(row.id, false);
      else moveTo(rows.find((candidate) => candidate.id === row.parent));
    } else if ((event.key === "Enter" || event.key === " ") && row) {
      event.preventDefault();
      choose(row.id, event.shiftKey || event.ctrlKey || event.metaKey);
    } else if (onCanvasKey(event, current)) {
      event.preventDefault();
    }
  };

  const choose = (id: string, more: boolean): void => {
    setAt(id);
    const chosen = useStudio.getState().selected;
    if (more) useStudio.setState({ selected: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id] });
    else goTo(id);
  };

  if (rows.length === 0) return <p className="p-5 text-[13px] text-muted">{t("canvas.empty")}</p>;
  return (
    <div ref={tree} role="tree" aria-label={t("outline.label")} aria-multiselectable="true" className="min-h-0 flex-1 overflow-y-auto p-2" onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <div
          key={row.id}
          data-row={row.id}
          role="treeitem"
          aria-level={row.level}
          aria-posinset={row.position}
          aria-setsize={row.siblings}
          aria-expanded={row.open}
          aria-selected={selected.includes(row.id)}
          tabIndex={row.id === current ? 0 : -1}
          className="flex min-h-8 cursor-pointer items-center gap-1.5 rounded-md py-1 pr-2 text-[13px] hover:bg-hover aria-selected:bg-accent-soft"
          style={{ paddingLeft: 4 + (row.level - 1) * 16 }}
          onClick={(event) => choose(row.id, event.shiftKey || event.ctrlKey || event.metaKey)}
          onFocus={() => setAt(row.id)}
        >
          <span
            className="flex size-5 shrink-0 items-center justify-center text-muted"
            onClick={(event) => {
              if (row.open === undefined) return;
              event.stopPropagation();
              setOpen(row.id, !row.open);
            }}
          >
            {row.open !== undefined && <Icon name={row.open ? "mdi:chevron-down" : "mdi:chevron-right"} size={16} />}
          </span>
          <span className="min-w-0">
            <span className="block truncate">{row.label}</span>
            <span className="sr-only">, </span>
            <span className="block truncate text-xs text-muted">{row.about}</span>
          </span>
        </div>
      ))}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

/** Containers with what is inside them, each with the connections that leave it. */
function rowsOf(diagram: Diagram, closed: ReadonlySet<string>, t: Translate): Row[] {
  const children = new Map<string | undefined, DiagramNode[]>();
  for (const node of diagram.nodes) children.set(node.parentId, [...(children.get(node.parentId) ?? []), node]);
  const leaving = new Map<string, DiagramEdge[]>();
  for (const edge of diagram.edges) leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge]);
  const names = new Map(diagram.nodes.map((node) => [node.id, node.data.label.split("\n")[0] || node.id]));
  const rows: Row[] = [];
  const visit = (parent: string | undefined, level: number): void => {
    const siblings = [...(children.get(parent) ?? [])].sort((a, b) => a.position.y - b.position.y || a.position.x - b.position.x);
    const own = parent === undefined ? [] : (leaving.get(parent) ?? []);
    const count = siblings.length + own.length;
    siblings.forEach((node, index) => {
      const inner = (children.get(node.id)?.length ?? 0) + (leaving.get(node.id)?.length ?? 0);
      const open = inner === 0 ? undefined : !closed.has(node.id);
      const kind = node.data.nodeType;
      const about = [t(`kinds.${kind}`, { defaultValue: kind }), ...(node.data.pinned ? [t("outline.pinned")] : [])].join(" · ");
      rows.push({ id: node.id, level, label: names.get(node.id) as string, about, kind, open, parent, position: index + 1, siblings: count });
      if (open) visit(node.id, level + 1);
    });
    own.forEach((edge, index) => {
      const label = `→ ${names.get(edge.target) ?? edge.target}`;
      const about = edge.label?.split("\n")[0] || t("outline.connection");
      rows.push({ id: edge.id, level, label, about, kind: "edge", open: undefined, parent, position: siblings.length + index + 1, siblings: count });
    });
  };
  visit(undefined, 1);
  return rows;
}

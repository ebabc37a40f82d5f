// The canvas's commands for the command palette; some ask a second question.
import type { Command } from "../app/commands";
import { studio } from "../app/studio";
import { i18n } from "../i18n";
import { useStudio } from "../state/store";
import {
  add,
  connect,
  copySelected,
  goTo,
  groupSelected,
  moveInto,
  remove,
  rename,
  selection,
  setDirection,
  setShape,
  toggleFold,
  togglePin,
  ungroupSelected,
} from "./actions";
import { PRESETS, SHAPES } from "./presets";
import { isContainer } from "./structure";
import { containersOf, kindsOf, showAll, toggleKind, useView, VIEW_KINDS } from "./view";

const t = i18n.t.bind(i18n);

const nameOf = (id: string): string => {
  const { diagram } = useStudio.getState();
  const node = diagram?.nodes.find((candidate) => candidate.id === id);
  return node?.data.label.split("\n")[0] || id;
};

/** A second question of the palette, asked by a key as well. */
export const questions = {
  /** To what is the selection connected. */
  connect(): Command[] {
    const from = selection()?.nodes.map((node) => node.id) ?? [];
    const others = useStudio.getState().diagram?.nodes.filter((node) => !from.includes(node.id)) ?? [];
    return others.map(({ id }) => ({
      id: `connect ${id}`,
      label: t("gesture.connectTo", { name: nameOf(id) }),
      icon: "mdi:arrow-right",
      run: () => void connect(from, id),
    }));
  },
  /** Into what does the selection go. */
  move(): Command[] {
    const now = selection();
    const chosen = now?.nodes.map((node) => node.id) ?? [];
    const inside = (id: string): boolean => chosen.some((own) => id === own || id.startsWith(`${own}.`));
    const others = now?.diagram.nodes.filter((node) => !inside(node.id)) ?? [];
    const containers = containersOf(now?.diagram);
    others.sort((a, b) => Number(containers.includes(b.id)) - Number(containers.includes(a.id)));
    return [
      { id: "move top", label: t("gesture.moveToTop"), icon: "mdi:arrow-up", run: () => void moveInto(undefined) },
      ...others.map(({ id }) => ({
        id: `move ${id}`,
        label: t("gesture.moveInto", { name: nameOf(id) }),
        icon: "mdi:arrow-collapse-down",
        run: () => void moveInto(id),
      })),
    ];
  },
};

/** The commands that make sense at this moment. */
export function canvasCommands(): Command[] {
  const now = selection();
  const some = now && now.nodes.length > 0;
  const one = some && now.nodes.length === 1 ? now.nodes[0] : undefined;
  const container = now?.nodes.some((node) => isContainer(now.diagram, node.id)) ?? false;
  const view = useView.getState();
  const { diagram } = useStudio.getState();
  return [
    ...(now
      ? [{ id: "add", label: t("gesture.add"), icon: "mdi:plus-box-outline", keys: "N", choose: addCommands }]
      : []),
    ...(some
      ? [
          { id: "rename", label: t("canvas.rename"), icon: "mdi:pencil-outline", keys: "F2", run: () => rename() },
          { id: "connect", label: t("gesture.connect"), icon: "mdi:arrow-right", keys: "C", choose: questions.connect },
          { id: "move", label: t("gesture.move"), icon: "mdi:arrow-collapse-down", keys: "M", choose: questions.move },
          { id: "duplicate", label: t("canvas.duplicate"), icon: "mdi:content-duplicate", keys: "Ctrl+D", run: () => void copySelected() },
          { id: "group", label: t("gesture.group"), icon: "mdi:group", keys: "Ctrl+G", run: () => void groupSelected() },
          {
            id: "pin",
            label: t(one?.data.pinned ? "canvas.unpin" : "canvas.pin"),
            icon: one?.data.pinned ? "mdi:pin-off-outline" : "mdi:pin-outline",
            keys: "P",
            run: () => void togglePin(),
          },
          { id: "shape", label: t("gesture.shape"), icon: "mdi:shape-outline", choose: shapeCommands },
          { id: "delete", label: t("canvas.delete"), icon: "mdi:trash-can-outline", keys: "Del", run: () => void remove() },
        ]
      : []),
    ...(container
      ? [
          { id: "ungroup", label: t("gesture.ungroup"), icon: "mdi:ungroup", keys: "Ctrl+Shift+G", run: () => void ungroupSelected() },
          { id: "fold", label: t("gesture.fold"), icon: "mdi:unfold-less-horizontal", keys: "X", run: () => toggleFold() },
        ]
      : []),
    ...(now ? [{ id: "direction", label: t("gesture.direction"), icon: "mdi:directions", choose: directionCommands }] : []),
    ...VIEW_KINDS.map((kind) => ({
      id: `view ${kind}`,
      label: t("view.to", { name: t(`view.${kind}`) }),
      icon: "mdi:eye-outline",
      run: () => useView.setState({ kind }),
    })),
    ...kindsOf(diagram).map(({ kind }) => {
      const hidden = view.hiddenKinds.includes(kind);
      return {
        id: `kind ${kind}`,
        label: t(hidden ? "view.showKind" : "view.hideKind", { name: t(`kinds.${kind}`) }),
        icon: hidden ? "mdi:eye-outline" : "mdi:eye-off-outline",
        run: () => toggleKind(kind),
      };
    }),
    { id: "view all", label: t("view.showAll"), icon: "mdi:eye-outline", run: showAll },
    {
      id: "outline",
      label: t("outline.open"),
      icon: "mdi:format-list-bulleted",
      run: () => useStudio.setState((state) => ({ editorOpen: true, left: state.left === "list" ? "source" : "list" })),
    },
    { id: "declaration", label: t("canvas.showPlace"), icon: "mdi:code-tags", run: () => showDeclaration() },
    ...(diagram?.nodes ?? []).map(({ id }) => ({
      id: `go ${id}`,
      label: t("palette.go", { name: nameOf(id) }),
      icon: "mdi:crosshairs-gps",
      run: () => goTo(id),
    })),
  ];
}

function showDeclaration(): void {
  const [id] = useStudio.getState().selected;
  if (id === undefined) return;
  useStudio.setState({ editorOpen: true, left: "source" });
  void studio.reveal(id);
}

function addCommands(): Command[] {
  return PRESETS.map((preset) => ({
    id: `add ${preset.name}`,
    label: t("gesture.addOne", { name: t(`presets.${preset.name}`) }),
    icon: preset.tool,
    run: () => void add(preset),
  }));
}

function shapeCommands(): Command[] {
  return SHAPES.map((shape) => ({
    id: `shape ${shape}`,
    label: t("gesture.makeShape", { name: t(`shapes.${shape}`) }),
    icon: "mdi:shape-outline",
    run: () => void setShape(shape),
  }));
}

const ARROWS = { right: "mdi:arrow-right", down: "mdi:arrow-down", left: "mdi:arrow-left", up: "mdi:arrow-up" } as const;

function directionCommands(): Command[] {
  return (Object.keys(ARROWS) as (keyof typeof ARROWS)[]).map((direction) => ({
    id: `direction ${direction}`,
    label: t("gesture.flow", { direction: t(`directions.${direction}`) }),
    icon: ARROWS[direction],
    run: () => void setDirection(direction),
  }));
}

import { NodeToolbar, Position } from "@xyflow/react";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { copySelected, groupSelected, remove, rename, setAttribute, setShape, toggleFold, togglePin, ungroupSelected } from "./actions";
import { IconPicker } from "./IconPicker";
import { Popover } from "../ui/Popover";
import { SHAPES } from "./presets";
import { isContainer } from "./structure";
import { useView } from "./view";

/** Fills that go with either theme; the last takes the fill away. */
const FILLS = ["#dbeafe", "#ede9fe", "#ffedd5", "#ffe4e6", "#ccfbf1", "#fef3c7", "#ecfccb", "#e2e8f0", "#cffafe", "#fae8ff", ""] as const;

/** What can be done with the nodes that are selected, above them. */
export function SelectionBar() {
  const diagram = useStudio((state) => state.diagram);
  const selected = useStudio((state) => state.selected);
  const renaming = useStudio((state) => state.renaming !== null);
  // Then the banner says what is wrong, where the bar would be under it; and a broken text takes no gestures.
  const broken = useStudio((state) => state.broken);
  const collapsed = useView((state) => state.collapsed);
  const nodes = useMemo(() => diagram?.nodes.filter((node) => selected.includes(node.id)) ?? [], [diagram, selected]);
  const [first] = nodes;
  if (!diagram || !first || renaming || broken) return null;
  const container = nodes.some((node) => isContainer(diagram, node.id));
  const pinned = nodes.every((node) => node.data.pinned);
  const folded = nodes.some((node) => collapsed.includes(node.id));
  return (
    <NodeToolbar nodeId={nodes.map((node) => node.id)} isVisible position={Position.Top} offset={12}>
      <Tools first={first.id} shape={first.data.shape} one={nodes.length === 1} container={container} pinned={pinned} folded={folded} />
    </NodeToolbar>
  );
}

interface ToolsProps {
  first: string;
  shape: string | undefined;
  one: boolean;
  container: boolean;
  pinned: boolean;
  folded: boolean;
}

/** The bar itself: while one types only its place changes. */
const Tools = memo(function Tools({ first, shape, one, container, pinned, folded }: ToolsProps) {
  const { t } = useTranslation();
  return (
    <div role="toolbar" aria-label={t("canvas.selection")} className="flex rounded-lg border border-hairline bg-surface p-0.5 shadow-pop">
      {one && <IconButton icon="mdi:pencil-outline" label={`${t("canvas.rename")} (F2)`} tip="above" onClick={() => rename(first)} />}
      <ShapeMenu current={shape} />
      <FillMenu />
      <IconMenu />
      <IconButton
        icon={pinned ? "mdi:pin-off-outline" : "mdi:pin-outline"}
        label={`${t(pinned ? "canvas.unpin" : "canvas.pin")} (P)`}
        tip="above"
        onClick={() => void togglePin()}
      />
      <IconButton icon="mdi:content-duplicate" label={`${t("canvas.duplicate")} (Ctrl+D)`} tip="above" onClick={() => void copySelected()} />
      {container ? (
        <>
          <IconButton
            icon={folded ? "mdi:unfold-more-horizontal" : "mdi:unfold-less-horizontal"}
            label={`${t(folded ? "gesture.unfold" : "gesture.fold")} (X)`}
            tip="above"
            onClick={() => toggleFold()}
          />
          <IconButton icon="mdi:ungroup" label={t("gesture.ungroup")} tip="above" onClick={() => void ungroupSelected()} />
        </>
      ) : (
        <IconButton icon="mdi:group" label={`${t("gesture.group")} (Ctrl+G)`} tip="above" onClick={() => void groupSelected()} />
      )}
      {one && <IconButton icon="mdi:code-tags" label={t("canvas.showPlace")} tip="above" onClick={() => void studio.reveal(first)} />}
      <IconButton icon="mdi:trash-can-outline" label={`${t("canvas.delete")} (Del)`} tip="above" onClick={() => void remove()} />
    </div>
  );
});

function ShapeMenu({ current }: { current: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Popover
      label={t("gesture.shape")}
      button={(props) => <IconButton icon="mdi:shape-outline" label={t("gesture.shape")} tip="above" {...props} />}
    >
      {(close) => (
        <div className="grid w-72 grid-cols-2 gap-0.5">
          {SHAPES.map((shape) => (
            <button
              key={shape}
              type="button"
              aria-pressed={shape === current}
              className="h-8 truncate rounded-md px-2 text-left text-[13px] hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:font-semibold"
              onClick={() => {
                close();
                void setShape(shape);
              }}
            >
              {t(`shapes.${shape}`)}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

function FillMenu() {
  const { t } = useTranslation();
  return (
    <Popover
      label={t("gesture.fill")}
      button={(props) => <IconButton icon="mdi:palette-outline" label={t("gesture.fill")} tip="above" {...props} />}
    >
      {(close) => (
        <div className="grid grid-cols-6 gap-1.5 p-1">
          {FILLS.map((fill) => (
            <button
              key={fill}
              type="button"
              aria-label={fill === "" ? t("gesture.noFill") : t("gesture.fillWith", { colour: fill })}
              className="size-7 rounded-md border border-line text-muted hover:border-accent"
              style={{ background: fill || "transparent" }}
              onClick={() => {
                close();
                void setAttribute("style.fill", fill);
              }}
            >
              {fill === "" && "×"}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

function IconMenu() {
  const { t } = useTranslation();
  return (
    <Popover
      label={t("gesture.icon")}
      button={(props) => <IconButton icon="mdi:emoticon-outline" label={t("gesture.icon")} tip="above" {...props} />}
    >
      {(close) => (
        <IconPicker
          onPick={(name) => {
            close();
            void setAttribute("icon", name);
          }}
        />
      )}
    </Popover>
  );
}

import { useReactFlow } from "@xyflow/react";
import type { PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Popover } from "../ui/Popover";
import { add } from "./actions";
import { boxes, containerAt } from "./geometry";
import { PRESETS } from "./presets";

/** Pixels after which a press is a drag. */
const FAR = 6;

/** Shapes to put on the canvas: by a click, or dragged to where they are to stand. */
export function ShapePalette({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const flow = useReactFlow();

  // Pointer events rather than HTML dragging: they work by touch, and the picture under the pointer is ours.
  const onPointerDown = (event: PointerEvent, preset: (typeof PRESETS)[number], close: () => void): void => {
    const from = { x: event.clientX, y: event.clientY };
    let ghost: HTMLElement | undefined;
    const move = (e: globalThis.PointerEvent): void => {
      if (!ghost && Math.hypot(e.clientX - from.x, e.clientY - from.y) > FAR) {
        ghost = document.createElement("div");
        ghost.className = "pointer-events-none fixed z-50 rounded-md border-2 border-dashed border-accent bg-accent/10";
        ghost.style.width = "120px";
        ghost.style.height = "48px";
        document.body.append(ghost);
        close();
      }
      if (ghost) ghost.style.transform = `translate(${e.clientX - 60}px, ${e.clientY - 24}px)`;
      if (ghost) Object.assign(ghost.style, { left: "0", top: "0" });
    };
    const end = (e: globalThis.PointerEvent): void => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      ghost?.remove();
      if (!ghost || e.type === "pointercancel") return;
      const over = document.elementFromPoint(e.clientX, e.clientY)?.closest(".react-flow");
      const { diagram } = useStudio.getState();
      if (!over || !diagram) return;
      const zoom = flow.getZoom();
      const point = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY });
      const parent = containerAt(diagram, point, new Set());
      const corner = parent ? boxes(diagram.nodes).get(parent.id) : undefined;
      const at = { x: point.x - 60 / zoom - (corner?.x ?? 0), y: point.y - 24 / zoom - (corner?.y ?? 0) };
      void add(preset, { parent: parent?.id, at });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  };

  return (
    <Popover
      label={t("gesture.palette")}
      side="above"
      button={(props) => <IconButton icon="mdi:plus-box-outline" label={t("canvas.add")} tip="above" disabled={disabled} {...props} />}
    >
      {(close) => (
        <div className="w-72">
          <p className="px-1 pb-2 text-xs text-muted">{t("gesture.paletteHint")}</p>
          <div className="grid grid-cols-3 gap-1">
            {PRESETS.map((preset) => (
              <button
                key={preset.name}
                type="button"
                className="flex h-16 cursor-grab touch-none flex-col items-center justify-center gap-1 rounded-md text-xs hover:bg-hover"
                onPointerDown={(event) => onPointerDown(event, preset, close)}
                onClick={() => {
                  close();
                  void add(preset);
                }}
              >
                <Icon name={preset.tool} size={22} />
                {t(`presets.${preset.name}`)}
              </button>
            ))}
          </div>
        </div>
      )}
    </Popover>
  );
}

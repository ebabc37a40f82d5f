import { useReactFlow } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";
import { Menu } from "../ui/Menu";
import { setDirection } from "./actions";
import { FIT, glide } from "./viewport";
import { ShapePalette } from "./ShapePalette";
import { ViewMenu } from "./ViewMenu";

const ARROWS = { right: "mdi:arrow-right", down: "mdi:arrow-down", left: "mdi:arrow-left", up: "mdi:arrow-up" } as const;

/** Zoom, fit, tidy, new: at the canvas's lower edge. */
export const CanvasTools = memo(function CanvasTools() {
  const { t } = useTranslation();
  const flow = useReactFlow();
  const readOnly = useStudio((state) => state.viewing !== null || state.proposal !== null);
  const busy = useStudio((state) => state.busy);
  const fit = (): void => void flow.fitView({ ...FIT, duration: glide() });
  return (
    <div
      role="toolbar"
      aria-label={t("canvas.tools")}
      className="absolute bottom-3 left-3 z-10 flex items-center gap-0.5 rounded-lg border border-hairline bg-surface p-0.5"
    >
      <ShapePalette disabled={readOnly} />
      <span className="mx-0.5 h-4 w-px bg-hairline" />
      <IconButton icon="mdi:undo" label={t("bar.undo")} tip="above" disabled={readOnly} onClick={() => studio.undo()} />
      <IconButton icon="mdi:redo" label={t("bar.redo")} tip="above" disabled={readOnly} onClick={() => studio.redo()} />
      <span className="mx-0.5 h-4 w-px bg-hairline" />
      <IconButton icon="mdi:minus" label={t("canvas.zoomOut")} tip="above" onClick={() => void flow.zoomOut({ duration: glide() })} />
      <IconButton icon="mdi:plus" label={t("canvas.zoomIn")} tip="above" onClick={() => void flow.zoomIn({ duration: glide() })} />
      <IconButton icon="mdi:fit-to-screen-outline" label={t("canvas.fit")} tip="above" onClick={fit} />
      <IconButton
        icon="mdi:auto-fix"
        label={t("canvas.tidy")}
        tip="above"
        disabled={readOnly}
        onClick={() => void studio.tidy().then(() => setTimeout(fit, 30))}
      />
      <Menu
        label={t("gesture.direction")}
        button={(props) => <IconButton icon="mdi:directions" label={t("gesture.direction")} tip="above" disabled={readOnly} {...props} />}
        items={(["right", "down", "left", "up"] as const).map((direction) => ({
          label: t("gesture.flow", { direction: t(`directions.${direction}`) }),
          icon: ARROWS[direction],
          run: () => void setDirection(direction),
        }))}
      />
      <ViewMenu />
      <span
        role="status"
        className={`ml-1 size-1.5 rounded-full bg-accent transition-opacity delay-300 duration-150 ${busy ? "mr-2 opacity-100" : "w-0 opacity-0"}`}
        aria-label={busy ? t("canvas.drawing") : undefined}
      />
    </div>
  );
});

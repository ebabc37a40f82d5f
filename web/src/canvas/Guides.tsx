import { useStore, ViewportPortal } from "@xyflow/react";
import type { Guide } from "./drag";
import type { Box } from "./geometry";

/** While something is dragged: the lines it lies on, and the container that would take it. */
export function Guides({ guides, target }: { guides: readonly Guide[]; target: Box | undefined }) {
  const zoom = useStore((state) => state.transform[2]);
  if (guides.length === 0 && !target) return null;
  const thin = 1 / zoom;
  return (
    <ViewportPortal>
      {target && (
        <div
          data-testid="drop-target"
          className="pointer-events-none absolute z-10 rounded-xl border-accent bg-accent/5"
          style={{ transform: `translate(${target.x}px, ${target.y}px)`, width: target.width, height: target.height, borderWidth: 2 / zoom, borderStyle: "dashed" }}
        />
      )}
      {guides.map(({ axis, at, from, to }, index) => (
        <div
          key={index}
          data-testid="guide"
          className="pointer-events-none absolute z-20 bg-accent"
          style={
            axis === "x"
              ? { transform: `translate(${at - thin / 2}px, ${from}px)`, width: thin, height: to - from }
              : { transform: `translate(${from}px, ${at - thin / 2}px)`, width: to - from, height: thin }
          }
        />
      ))}
    </ViewportPortal>
  );
}

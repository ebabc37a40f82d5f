// What the canvas shows: a version that is looked at, two that are compared, a proposal, or the draft as this viewer wants to see it.
import { useEffect, useMemo, useState } from "react";
import type { Diagram } from "spandrel";
import { useShallow } from "zustand/react/shallow";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { type FlowGroup, flowsOf } from "./flows";
import { type CanvasEdge, type CanvasNode, type Marks, marksOf, NO_MARKS } from "./nodes";
import { shown } from "./shown";
import { useView, type ViewState } from "./view";
import { type Zones, zonesOf } from "./zones";

export interface Shown {
  /** All of the drawing. */
  diagram: Diagram | undefined;
  /** The part of it that is seen. */
  seen: Pick<Diagram, "nodes" | "edges"> | undefined;
  marks: Marks;
  readOnly: boolean;
  flows: FlowGroup[] | undefined;
  zones: Zones | undefined;
  /** The class names that the view gives to an item. */
  look(item: CanvasNode | CanvasEdge): string;
}

/** What of a view decides what is shown and how. */
const parts = ({ kind, collapsed, hiddenKinds, hiddenIds, only, highlighted }: ViewState) => ({
  kind,
  collapsed,
  hiddenKinds,
  hiddenIds,
  only,
  highlighted,
});

export function useShown(): Shown {
  const diagram = useStudio(
    (state) => state.viewing?.diagram ?? state.comparing?.diagram ?? state.proposal?.diagram ?? state.diagram,
  );
  const review = useStudio((state) => (state.viewing ? null : (state.comparing ?? state.proposal)));
  const readOnly = useStudio((state) => state.viewing !== null || state.comparing !== null || state.proposal !== null);
  const { kind, collapsed, hiddenKinds, hiddenIds, only, highlighted } = useView(useShallow(parts));
  const marks = useMemo(() => (review ? marksOf(review.before, review.changes) : NO_MARKS), [review]);
  const seen = useMemo(
    // A change is shown whole: one cannot judge what is folded away.
    () => diagram && (review ? diagram : shown(diagram, { collapsed, hiddenKinds, hiddenIds, only })),
    [diagram, review, collapsed, hiddenKinds, hiddenIds, only],
  );
  const flows = useMemo(() => (seen && kind === "flow" ? flowsOf(seen.edges) : undefined), [seen, kind]);
  const classes = useClasses(kind === "zones" && !readOnly, diagram);
  const zones = useMemo(() => (seen && kind === "zones" ? zonesOf(seen, classes) : undefined), [seen, kind, classes]);
  const look = useMemo(() => looks(flows, zones, seen, highlighted), [flows, zones, seen, highlighted]);
  return { diagram, seen, marks, readOnly, flows, zones, look };
}

/** The D2 classes of every object: a class can name a zone. Asked for only where they matter. */
function useClasses(wanted: boolean, diagram: Diagram | undefined): ReadonlyMap<string, readonly string[]> {
  const [classes, setClasses] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void studio.session.graph().then((board) => {
      if (!current || !board) return;
      const found = board.objects.flatMap(({ id, attrs }): [string, readonly string[]][] => {
        const names = attrs["class"];
        return Array.isArray(names) ? [[id, names]] : [];
      });
      setClasses(new Map(found));
    });
    return () => {
      current = false;
    };
  }, [wanted, diagram]);
  return classes;
}

function looks(
  flows: readonly FlowGroup[] | undefined,
  zones: Zones | undefined,
  seen: Pick<Diagram, "nodes" | "edges"> | undefined,
  highlighted: readonly string[],
): Shown["look"] {
  const names = new Map<string, string>();
  const add = (id: string, name: string): void => void names.set(id, names.has(id) ? `${names.get(id)} ${name}` : name);
  for (const { edges, colour } of flows ?? []) for (const id of edges) add(id, colour < 0 ? "flow" : `flow colour-${colour}`);
  if (zones) {
    const colours = new Map(zones.zones.map((zone) => [zone.id, zone.colour]));
    for (const [id, zone] of zones.of) add(id, `zone colour-${colours.get(zone)}`);
    for (const id of zones.crossing) add(id, "crossing");
  }
  if (highlighted.length > 0 && seen) {
    const bright = brightOf(seen, new Set(highlighted));
    for (const item of [...seen.nodes, ...seen.edges]) if (!bright.has(item.id)) add(item.id, "pale");
  }
  return (item) => names.get(item.id) ?? "";
}

/** What stays bright: what is pointed out, the ends of its connections, connections between it, containers around it. */
function brightOf({ nodes, edges }: Pick<Diagram, "nodes" | "edges">, chosen: ReadonlySet<string>): Set<string> {
  const bright = new Set(chosen);
  for (const edge of edges) {
    if (chosen.has(edge.id)) bright.add(edge.source).add(edge.target);
    else if (chosen.has(edge.source) && chosen.has(edge.target)) bright.add(edge.id);
  }
  for (const node of [...nodes].reverse()) if (bright.has(node.id) && node.parentId !== undefined) bright.add(node.parentId);
  return bright;
}

// What the canvas shows: a version that is looked at, two that are compared, a proposal, or the draft.
import { useMemo } from "react";
import type { Diagram } from "spandrel";
import { useStudio } from "../state/store";
import { type Marks, marksOf, NO_MARKS } from "./nodes";

export interface Shown {
  diagram: Diagram | undefined;
  marks: Marks;
  readOnly: boolean;
}

export function useShown(): Shown {
  const diagram = useStudio(
    (state) => state.viewing?.diagram ?? state.comparing?.diagram ?? state.proposal?.diagram ?? state.diagram,
  );
  const review = useStudio((state) => (state.viewing ? null : (state.comparing ?? state.proposal)));
  const readOnly = useStudio((state) => state.viewing !== null || state.comparing !== null || state.proposal !== null);
  const marks = useMemo(() => (review ? marksOf(review.before, review.changes) : NO_MARKS), [review]);
  return { diagram, marks, readOnly };
}

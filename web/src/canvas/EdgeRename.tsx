import { useReactFlow } from "@xyflow/react";
import { useStudio } from "../state/store";
import { LabelEditor } from "./LabelEditor";

/** The field for a connection's label, where the label stands. */
export function EdgeRename({ id }: { id: string }) {
  const edge = useStudio((state) => state.diagram?.edges.find((candidate) => candidate.id === id));
  const flow = useReactFlow();
  if (!edge) return null;
  const middle = edge.data.labelPosition ?? edge.data.sections[0]?.start ?? { x: 0, y: 0 };
  const { x, y } = flow.flowToScreenPosition(middle);
  return (
    <div className="fixed z-20 w-44 -translate-x-1/2 -translate-y-1/2" style={{ left: x, top: y }}>
      <LabelEditor id={id} label={edge.label ?? ""} />
    </div>
  );
}

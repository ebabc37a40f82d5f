import { NodeToolbar, Position } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { IconButton } from "../ui/Button";

/** What can be done with the one node that is selected, above it. */
export function SelectionBar({ onDelete }: { onDelete(ids: readonly string[]): void }) {
  const { t } = useTranslation();
  const id = useStudio((state) => (state.selected.length === 1 && !state.renaming ? state.selected[0] : undefined));
  const node = useStudio((state) => state.diagram?.nodes.find((candidate) => candidate.id === id));
  if (!id || !node) return null;
  const { x, y } = node.position;
  return (
    <NodeToolbar nodeId={id} isVisible position={Position.Top} offset={10}>
      <div role="toolbar" aria-label={t("canvas.selection")} className="flex rounded-lg border border-hairline bg-surface p-0.5 shadow-pop">
        <IconButton
          icon="mdi:pencil-outline"
          label={t("canvas.rename")}
          tip="above"
          onClick={() => useStudio.setState({ renaming: { id, kind: "node" } })}
        />
        {node.data.pinned ? (
          <IconButton
            icon="mdi:pin-off-outline"
            label={t("canvas.unpin")}
            tip="above"
            onClick={() => void studio.perform({ op: "unpin", key: id })}
          />
        ) : (
          <IconButton
            icon="mdi:pin-outline"
            label={t("canvas.pin")}
            tip="above"
            onClick={() =>
              void studio.perform({ op: "pin", key: id, left: Math.max(0, Math.round(x)), top: Math.max(0, Math.round(y)) })
            }
          />
        )}
        <IconButton icon="mdi:code-tags" label={t("canvas.showPlace")} tip="above" onClick={() => void studio.reveal(id)} />
        <IconButton icon="mdi:trash-can-outline" label={t("canvas.delete")} tip="above" onClick={() => onDelete([id])} />
      </div>
    </NodeToolbar>
  );
}

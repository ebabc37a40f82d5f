import { useTranslation } from "react-i18next";
import type { Comparison } from "../canvas/compare";
import { useStudio } from "../state/store";
import { Icon } from "../ui/Icon";
import type { Piece, PieceKind } from "./pieces";
import { endsOf } from "./pieces";
import { choose } from "./proposal";

const SIGNS: Record<PieceKind, { icon: string; tone: string }> = {
  added: { icon: "mdi:plus-circle-outline", tone: "text-added" },
  removed: { icon: "mdi:minus-circle-outline", tone: "text-removed" },
  changed: { icon: "mdi:pencil-circle-outline", tone: "text-changed" },
  moved: { icon: "mdi:arrow-all", tone: "text-moved" },
};

const ORDER: readonly PieceKind[] = ["added", "changed", "moved", "removed"];

/** How a person calls a thing: by its label, a connection by its two ends. */
function useNames(): (key: string) => string {
  const { t } = useTranslation();
  const comparing = useStudio((state) => state.comparing);
  const proposal = useStudio((state) => state.proposal);
  const labels = new Map<string, string>();
  for (const diagram of comparing ? [comparing.before, comparing.diagram] : [proposal?.before, proposal?.all]) {
    for (const node of diagram?.nodes ?? []) labels.set(node.id, node.data.label.replaceAll("\n", " ") || node.id);
  }
  const one = (id: string): string => labels.get(id) ?? id.slice(id.lastIndexOf(".") + 1);
  return (key) => {
    if (key === "") return t("compare.whole");
    const ends = endsOf(key);
    return ends ? `${one(ends[0])} → ${one(ends[1])}` : one(key);
  };
}

function Sign({ kind }: { kind: PieceKind }) {
  const { t } = useTranslation();
  const { icon, tone } = SIGNS[kind];
  return (
    <span className={`mt-px ${tone}`}>
      <Icon name={icon} size={16} />
      <span className="sr-only">{t(`compare.${kind}`)}: </span>
    </span>
  );
}

/** The pieces of a proposal, each to be taken or left. */
export function Pieces({ pieces, refused }: { pieces: readonly Piece[]; refused: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const name = useNames();
  const sorted = [...pieces].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return (
    <fieldset className="mt-2 rounded-lg border border-hairline">
      <legend className="ml-2 px-1 text-xs text-muted">{t("compare.pieces")}</legend>
      <ul aria-label={t("compare.pieces")} className="max-h-56 overflow-y-auto p-1">
        {sorted.map((piece) => (
          <li key={piece.key}>
            <label className="flex min-h-7 cursor-pointer items-start gap-2 rounded-md px-2 py-1 text-[13px] hover:bg-hover">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-(--accent)"
                checked={!refused.has(piece.key)}
                onChange={(event) => void choose(piece.key, event.target.checked)}
              />
              <Sign kind={piece.kind} />
              <span className={`min-w-0 break-words ${refused.has(piece.key) ? "text-muted line-through" : ""}`}>{name(piece.key)}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** What a comparison found, as a list that leads to the places. */
export function ChangeList({ changes }: { changes: Comparison }) {
  const { t } = useTranslation();
  const name = useNames();
  const all = ORDER.flatMap((kind) => changes[kind].map((id) => ({ kind, id })));
  if (all.length === 0) return <p className="p-3 text-[13px] text-muted">{t("compare.none")}</p>;
  return (
    <ul aria-label={t("compare.changes")} className="p-1">
      {all.map(({ kind, id }) => (
        <li key={`${kind} ${id}`}>
          <button
            type="button"
            className="flex w-full items-start gap-2 rounded-md px-2 py-1 text-left text-[13px] hover:bg-hover"
            onClick={() => useStudio.setState({ focus: endsOf(id)?.[0] ?? id })}
          >
            <Sign kind={kind} />
            <span className="min-w-0 break-words">{name(id)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

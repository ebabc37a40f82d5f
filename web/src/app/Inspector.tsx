import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DiagramEdge, DiagramNode, NodeStyle } from "spandrel";
import { renameOp } from "../canvas/gestures";
import { SHAPES } from "../canvas/presets";
import { reshape } from "../canvas/structure";
import { useStudio } from "../state/store";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { studio } from "./studio";

/** What is selected, and what can be changed about it; each change is one edit of the text. */
export function Inspector() {
  const { t } = useTranslation();
  const selected = useStudio((state) => state.selected);
  const id = selected[0];
  const node = useStudio((state) => state.diagram?.nodes.find((candidate) => candidate.id === id));
  const edge = useStudio((state) => state.diagram?.edges.find((candidate) => candidate.id === id));
  if (selected.length > 1) return <p className="p-5 text-[13px] text-muted">{t("inspector.many", { count: selected.length })}</p>;
  if (node) return <NodeForm key={node.id} node={node} />;
  if (edge) return <EdgeForm key={edge.id} edge={edge} />;
  return <p className="p-5 text-[13px] text-muted">{t("inspector.none")}</p>;
}

/** Sets an attribute, or takes it away. */
function set(id: string, attribute: string, value: string): void {
  const key = `${id}.${attribute}`;
  void studio.perform(value === "" ? { op: "set", key } : { op: "set", key, value });
}

function NodeForm({ node }: { node: DiagramNode }) {
  const { t } = useTranslation();
  const { data, id } = node;
  const edges = useStudio((state) => state.diagram?.edges);
  const nodes = useStudio((state) => state.diagram?.nodes);
  const name = (of: string): string => nodes?.find((n) => n.id === of)?.data.label.split("\n")[0] || of;
  const connections = edges?.filter((edge) => edge.source === id || edge.target === id) ?? [];
  return (
    <Sheet id={id} title={data.label.split("\n")[0] || id}>
      <TextField label={t("inspector.label")} value={data.label} onSave={(label) => void studio.perform(renameOp(id, label))} />
      <Field label={t("inspector.shape")}>
        {(field) => (
          <select id={field} className={CONTROL} value={data.shape} onChange={(event) => void studio.run(reshape([node], event.target.value))}>
            {[...new Set([...SHAPES, data.shape ?? "rectangle"])].map((shape) => (
              <option key={shape} value={shape}>
                {t(`shapes.${shape}`, { defaultValue: shape })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Colours id={id} style={data.style} />
      <p className="flex items-center gap-1.5 text-xs text-muted">
        <Icon name={data.pinned ? "mdi:pin-outline" : "mdi:auto-fix"} size={14} />
        {data.pinned
          ? t("inspector.pinned", { left: Math.round(node.position.x), top: Math.round(node.position.y) })
          : t("inspector.auto")}
      </p>
      {connections.length > 0 && (
        <section>
          <h3 className="mb-1 text-xs font-semibold text-muted">{t("inspector.connections")}</h3>
          <ul>
            {connections.map((edge) => {
              const out = edge.source === id;
              return (
                <li key={edge.id}>
                  <button
                    type="button"
                    className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-[13px] hover:bg-hover"
                    onClick={() => useStudio.setState({ selected: [out ? edge.target : edge.source] })}
                  >
                    <Icon name={out ? "mdi:arrow-right" : "mdi:arrow-left"} size={14} />
                    <span className="truncate">{out ? t("inspector.to", { name: name(edge.target) }) : t("inspector.from", { name: name(edge.source) })}</span>
                    {edge.label && <span className="ml-auto truncate text-xs text-muted">{edge.label}</span>}
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </Sheet>
  );
}

function EdgeForm({ edge }: { edge: DiagramEdge }) {
  const { t } = useTranslation();
  const style = edge.data.style;
  return (
    <Sheet id={edge.id} title={edge.ariaLabel ?? edge.id}>
      <TextField label={t("inspector.label")} value={edge.label ?? ""} onSave={(label) => void studio.perform(renameOp(edge.id, label))} />
      <ColourField label={t("inspector.stroke")} value={style?.stroke} onChange={(value) => set(edge.id, "style.stroke", value)} />
      <NumberField label={t("inspector.width")} value={style?.strokeWidth} max={15} onSave={(value) => set(edge.id, "style.stroke-width", value)} />
      <NumberField label={t("inspector.dash")} value={style?.strokeDash} max={10} onSave={(value) => set(edge.id, "style.stroke-dash", value)} />
    </Sheet>
  );
}

function Sheet({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="flex h-full flex-col gap-4 overflow-y-auto p-4">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="truncate font-semibold">{title}</h2>
          <p className="truncate font-mono text-xs text-muted">{id}</p>
        </div>
        <IconButton icon="mdi:code-tags" label={t("inspector.showText")} tip="left" onClick={() => void studio.reveal(id)} />
      </div>
      {children}
    </div>
  );
}

function Colours({ id, style }: { id: string; style: NodeStyle | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <ColourField label={t("inspector.fill")} value={style?.fill} onChange={(value) => set(id, "style.fill", value)} />
      <ColourField label={t("inspector.stroke")} value={style?.stroke} onChange={(value) => set(id, "style.stroke", value)} />
      <ColourField label={t("inspector.fontColor")} value={style?.fontColor} onChange={(value) => set(id, "style.font-color", value)} />
    </>
  );
}

const CONTROL = "h-8 min-w-0 flex-1 rounded-md border border-line bg-surface px-2 text-[13px] text-ink";

function Field({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className="flex items-center gap-3">
      <label htmlFor={id} className="w-20 shrink-0 text-[13px] text-muted">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** Keeps what is typed until Enter or until one leaves it; the text's own value wins when it changes. */
function useDraft(value: string, onSave: (value: string) => void) {
  const [draft, setDraft] = useState<{ of: string; text: string } | undefined>();
  const text = draft && draft.of === value ? draft.text : value;
  return {
    value: text,
    onChange: (event: FormEvent<HTMLInputElement | HTMLTextAreaElement>) => setDraft({ of: value, text: event.currentTarget.value }),
    onBlur: () => {
      if (text !== value) onSave(text);
    },
  };
}

function TextField({ label, value, onSave }: { label: string; value: string; onSave(value: string): void }) {
  const draft = useDraft(value, onSave);
  return (
    <Field label={label}>
      {(id) => (
        <input id={id} className={CONTROL} {...draft} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
      )}
    </Field>
  );
}

function NumberField({ label, value, max, onSave }: { label: string; value: number | undefined; max: number; onSave(value: string): void }) {
  const draft = useDraft(value === undefined ? "" : String(value), onSave);
  return (
    <Field label={label}>
      {(id) => (
        <input id={id} type="number" min={0} max={max} className={CONTROL} {...draft} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
      )}
    </Field>
  );
}

function ColourField({ label, value, onChange }: { label: string; value: string | undefined; onChange(value: string): void }) {
  const { t } = useTranslation();
  const draft = useDraft(value ?? "", onChange);
  const hex = /^#[0-9a-f]{6}$/i.test(value ?? "") ? (value as string) : "#ffffff";
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            type="color"
            aria-label={label}
            className="size-8 shrink-0 cursor-pointer rounded-md border border-line bg-surface p-0.5"
            value={hex}
            onChange={(event) => onChange(event.target.value)}
          />
          <input id={id} className={`${CONTROL} w-0`} placeholder={t("inspector.default")} {...draft} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
          {value && (
            <Button kind="quiet" className="px-2" aria-label={`${t("inspector.clear")}: ${label}`} onClick={() => onChange("")}>
              <Icon name="mdi:close" size={16} />
            </Button>
          )}
        </>
      )}
    </Field>
  );
}

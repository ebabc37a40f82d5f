// A change that waits for a yes or a no: what it does to the diagram, piece by piece.
import type { Diagram, Diff, EditOp } from "spandrel";
import { studio } from "../app/studio";
import { compare, NO_CHANGES } from "../canvas/compare";
import { type Proposal, useStudio } from "../state/store";
import { chosenOps, piecesOf, toggled } from "./pieces";

const get = useStudio.getState;
const set = useStudio.setState;

/** What was found out about the open proposal: the difference its pieces are of. */
let difference: Diff | undefined;
/** Counts the choices: only the last one is drawn. */
let turn = 0;

/** What there is of a text that is still being written. */
export function growing(base: string, source: string, diagram: Diagram): void {
  const { proposal, diagram: before } = get();
  // What is not written yet is not removed.
  const changes = { ...compare(before, diagram), removed: [], changed: [], moved: [], was: [] };
  const fresh = base.trim() === "";
  set({
    proposal: {
      message: "",
      base,
      source,
      whole: source,
      growing: true,
      all: diagram,
      pieces: null,
      refused: new Set(),
      before: fresh ? undefined : before,
      diagram,
      changes: fresh ? NO_CHANGES : changes,
    },
    ...(proposal ? {} : { viewing: null, comparing: null }),
  });
}

/** The whole text is there: it can be decided on. */
export async function propose(whole: string, message: string): Promise<void> {
  const base = studio.text;
  const before = get().diagram;
  const { engine } = studio.session;
  const [diagram, diff] = [await draw(whole), await engine.diff(base, whole)];
  difference = diff;
  const proposal: Proposal = {
    message,
    base,
    source: whole,
    whole,
    growing: false,
    all: diagram,
    pieces: null,
    refused: new Set(),
    before,
    diagram,
    changes: compare(before, diagram, diff.moved),
  };
  const there = new Set([...diagram.nodes, ...diagram.edges].map(({ id }) => id));
  set(({ selected }) => ({ proposal, selected: selected.filter((id) => there.has(id)), viewing: null, comparing: null }));
  if (base.trim() !== "") void findPieces(diff, base, whole);
}

/** Pieces can be taken by themselves where all of them together are the whole change. */
async function findPieces(diff: Diff, base: string, whole: string): Promise<void> {
  const pieces = piecesOf(diff);
  const text = pieces.length > 1 ? await applied(base, diff.ops).catch(() => undefined) : undefined;
  let complete = false;
  if (text !== undefined) {
    const rest = await studio.session.engine.diff(text, whole);
    complete = [rest.added, rest.removed, rest.changed, rest.moved].every((list) => list.length === 0);
  }
  const { proposal } = get();
  if (proposal?.whole !== whole) return;
  set({ proposal: { ...proposal, pieces: complete ? pieces : [] } });
}

/** The text after operations, one after the other; fails where one is refused. */
async function applied(source: string, ops: readonly EditOp[]): Promise<string> {
  let text = source;
  for (const op of ops) {
    const edited = await studio.session.engine.edit(text, op);
    const refusal = edited.diagnostics.find(({ severity }) => severity === "error");
    if (refusal) throw new Error(refusal.message);
    text = edited.source;
  }
  return text;
}

const draw = (source: string): Promise<Diagram> =>
  studio.session.engine.diagram(source, { previous: studio.session.drawing, board: get().board });

/** Takes or leaves a piece, with what it needs or what needs it, and shows what comes of it. */
export async function choose(key: string, take: boolean): Promise<void> {
  const { proposal } = get();
  if (!proposal?.pieces || !difference) return;
  const mine = ++turn;
  const refused = toggled(proposal.pieces, proposal.refused, key, take);
  set({ proposal: { ...proposal, refused } });
  const source = await chosen({ ...proposal, refused });
  const [diagram, diff] = [await draw(source), await studio.session.engine.diff(proposal.base, source)];
  const now = get().proposal;
  if (mine !== turn || now?.whole !== proposal.whole) return;
  set({ proposal: { ...now, source, diagram, changes: compare(now.before, diagram, diff.moved) } });
}

/** The text that comes of what is taken. */
async function chosen({ base, whole, pieces, refused }: Proposal): Promise<string> {
  if (refused.size === 0 || !pieces || !difference) return whole;
  return applied(base, chosenOps(difference, pieces, refused));
}

/** The text to become the document's: where the person has written on meanwhile, the change is made to that. */
export async function accepted(proposal: Proposal): Promise<string> {
  if (studio.text === proposal.base) return chosen(proposal);
  const { pieces, refused, whole, base } = proposal;
  const diff = difference ?? (await studio.session.engine.diff(base, whole));
  return applied(studio.text, pieces ? chosenOps(diff, pieces, refused) : diff.ops);
}

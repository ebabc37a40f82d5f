// Random gestures on the corpus, in Node, through the code that the canvas runs: the session, its gestures, the engine.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import init, { compile, type Diagram, type DocumentOptions, type EditOp, open, type StoredDrawing } from "spandrel";
import { beforeAll, expect, test } from "vitest";
import { applyEdits, PlainHost } from "../../engine/host";
import { type Engine, Refused, Session } from "../../engine/session";
import { canonical, graphOf } from "./model";
import { randomFrom } from "./random";
import { anyStep, type Step } from "./walk";

const GESTURES = 2_000;
const CORPUS = join(import.meta.dirname, "../../../../tests/corpus");
/** Per source, before the next one has its turn. */
const WALK = 12;

/** The engine in this thread, with the face of the one in the worker. */
const engine = {
  open: (source: string, options: DocumentOptions) => new LocalDocument(source, options),
  compile: async (source: string) => compile(source),
} as unknown as Engine;

class LocalDocument {
  #document: ReturnType<typeof open>;
  source: string;

  constructor(source: string, options: DocumentOptions) {
    this.source = source;
    this.#document = open(source, options);
  }

  async setSource(text: string): Promise<void> {
    if (text !== this.source) this.#document.replace({ start: 0, end: this.source.length }, text);
    this.source = text;
  }

  async edit(op: EditOp) {
    const edited = this.#document.edit(op);
    this.source = edited.source;
    return edited;
  }

  #patched = false;

  async patch() {
    const whole = !this.#patched;
    this.#patched = true;
    return { ...this.#document.patch(), whole };
  }

  drawing = async (): Promise<StoredDrawing> => this.#document.drawing();
  remember(): void {}
  free = (): void => this.#document.free();
}

function sources(): { name: string; text: string }[] {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d2") && !file.includes("imports"));
  return files
    .sort()
    .map((name) => ({ name, text: readFileSync(join(CORPUS, name), "utf8") }))
    .filter(({ text }) => text.length < 4_000 && isOrdinary(text));
}

/**
 * Sources that say what they mean by themselves: no errors, and no globs, whose reach over what a gesture makes is the
 * compiler's affair and not the canvas's.
 */
function isOrdinary(text: string): boolean {
  if (/[*&]/.test(text.replaceAll(/#.*$/gm, "")) || /\bsuspend\b|: null\b/.test(text)) return false;
  // Nor what has a meaning only where it stands: variables of a container, what is spread from one, ids that are
  // keywords, `_` that leads out.
  if (/\n\s+vars:|\.\.\.\$|"(label|style)"|\b_\./.test(text)) return false;
  const { graph, diagnostics } = compile(text);
  return graph.objects.length > 1 && !diagnostics.some((d) => d.severity === "error") && graph.root.shape !== "sequence_diagram";
}

/** The comments of a text, as the engine's lexer sees them. */
function comments(text: string): { text: string; from: number; to: number }[] {
  const document = open(text);
  const found = document.tokens({ start: 0, end: text.length }).filter((token) => token.kind === "comment");
  document.free();
  return found.map(({ start, end }) => ({ text: text.slice(start, end).trim(), from: start, to: end }));
}

function lostComments(before: string, after: string): { text: string; from: number; to: number }[] {
  const left = comments(after).map((comment) => comment.text);
  return comments(before).filter(({ text }) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

class Walk {
  readonly host: PlainHost;
  readonly session: Session;
  diagram: Diagram | undefined;

  constructor(text: string) {
    this.host = new PlainHost(text);
    this.session = new Session(engine, {
      drawn: (diagram) => (this.diagram = diagram),
      busy: () => {},
      placed: () => {},
      failed: (error) => {
        throw error;
      },
    });
    this.session.attach(this.host);
    this.session.open(text, null);
  }

  async redraw(): Promise<Diagram> {
    this.session.changed();
    for (let turn = 0; turn < 50 && !(this.diagram && !this.diagram.stale); turn++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.diagram as Diagram;
  }

  /** One gesture with everything that has to be true of it; false where it was refused, with the text untouched. */
  async take(step: Step, where: string): Promise<boolean> {
    const before = this.host.text();
    const graph = graphOf(compile(before).graph);
    let edited;
    try {
      edited = await this.session.run(step.gesture);
    } catch (error) {
      if (!(error instanceof Refused)) throw new Error(`${where}: ${step.name}`, { cause: error });
      expect(this.host.text(), `${where}: refused, yet changed by ${step.name}`).toBe(before);
      return false;
    }
    const after = this.host.text();
    // Bytes outside the edits are those that were there: the edits lead from one text to the other, and back.
    expect(edited.reduce((text, { edits }) => applyEdits(text, edits), before)).toBe(after);
    expect([...edited].reverse().reduce((text, { inverse }) => applyEdits(text, inverse), after)).toBe(before);
    const { graph: board, diagnostics } = compile(after);
    expect(diagnostics.filter((d) => d.severity === "error"), `${where}: after ${step.name}\n${after}`).toEqual([]);
    step.expect(graph);
    expect(canonical(graphOf(board)), `${where}: ${step.name}\n--- before\n${before}\n--- after\n${after}`).toBe(canonical(graph));
    const document = open(before);
    const gone = step.deletes.flatMap((id) => document.rangeOf(id) ?? []);
    document.free();
    const lost = lostComments(before, after).filter(({ from, to }) => !gone.some(({ start, end }) => start.offset <= from && to <= end.offset));
    expect(lost, `${where}: comments lost by ${step.name}\n--- before\n${before}\n--- after\n${after}`).toEqual([]);
    if (after !== before) {
      this.host.undo();
      expect(this.host.text(), `${where}: undo of ${step.name}`).toBe(before);
      this.host.redo();
      expect(this.host.text(), `${where}: redo of ${step.name}`).toBe(after);
    }
    return true;
  }
}

beforeAll(() => init());

test(`${GESTURES} random gestures: the text means what was meant, keeps what was not touched, and undo is exact`, { timeout: 900_000 }, async () => {
  const all = sources();
  expect(all.length).toBeGreaterThan(50);
  const seed = Number(process.env["SPANDREL_GESTURE_SEED"] ?? 20261127);
  let made = 0;
  let refused = 0;
  for (let round = 0; made < GESTURES; round++) {
    const { name, text } = all[round % all.length] as (typeof all)[number];
    const random = randomFrom(seed + round);
    const walk = new Walk(text);
    for (let step = 0; step < WALK && made < GESTURES; step++) {
      const diagram = await walk.redraw();
      const graph = graphOf(compile(walk.host.text()).graph);
      const next = anyStep({ diagram, graph, random });
      if (!next) continue;
      if (await walk.take(next, `${name}, round ${round}`)) made++;
      else refused++;
    }
  }
  // What the canvas offers is seldom refused.
  expect(refused / (made + refused)).toBeLessThan(0.1);
});

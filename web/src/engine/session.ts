// The studio's tie between the text and the engine: text changes go to the document in the worker, drawings come
// back; canvas gestures become edits of the text. Knows nothing of React.
import type { CanonicalBoard, Diagram, Edited, EditOp, RelayoutOptions, StoredDrawing, TextEdit } from "spandrel";
import { applyPatch } from "spandrel/react";
import { CutOffError, SupersededError, type WorkerDocument, type WorkerEngine } from "spandrel/worker";
import type { Gesture } from "./gesture";
import type { TextHost } from "./host";

/** What a session tells. */
export interface SessionEvents {
  /** A drawing of `text`; `diagram.stale` where the text has errors and this is an older one. */
  drawn(diagram: Diagram, text: string): void;
  /** Where things stand in the drawing of `text`: comes after `drawn`, and keeps nobody waiting. */
  placed(drawing: StoredDrawing, text: string): void;
  /** Work has begun or ended. */
  busy(busy: boolean): void;
  failed(error: Error): void;
}

/** A gesture that the engine refused; the message says why. */
export class Refused extends Error {
  override name = "Refused";
}

/** What the session needs of an engine: the real one, or a fake in tests. */
export type Engine = Pick<WorkerEngine, "open" | "compile" | "diagram" | "diff" | "classify" | "clarify" | "generate" | "format" | "checkRequest" | "render" | "edit" | "repair" | "answer" | "view">;

/** How many texts' drawings are remembered: undo shows again what was there. */
const REMEMBERED = 100;

/** How often an edit is computed again because the text changed under it. */
const ATTEMPTS = 5;

export class Session {
  readonly engine: Engine;
  #events: SessionEvents;
  #host: TextHost | undefined;
  #document: WorkerDocument | undefined;
  #drawing: StoredDrawing = null;
  /** What the document was last known to show: patches are applied to it. */
  #shown: Diagram | undefined;
  #board = "";
  #dirty = false;
  #running = false;
  #generation = 0;
  /** The drawings of earlier texts, the newest last. */
  #drawings = new Map<string, StoredDrawing>();
  /** Done once the document has drawn the text that it was opened with, where that is not the present one. */
  #primed: Promise<void> = Promise.resolve();
  /** Ends when nobody has the document. */
  #turn: Promise<void> = Promise.resolve();

  constructor(engine: Engine, events: SessionEvents) {
    this.engine = engine;
    this.#events = events;
  }

  get board(): string {
    return this.#board;
  }

  get drawing(): StoredDrawing {
    return this.#drawing;
  }

  /** The text lives here from now on. */
  attach(host: TextHost): void {
    this.#host = host;
  }

  /**
   * Opens a text, held still towards `drawing`. Where the text is broken, `good` is the last that was not: its
   * drawing is shown until the text is whole again.
   */
  open(text: string, drawing: StoredDrawing, board = "", good = text): void {
    this.#document?.free();

    this.#generation++;
    this.#drawing = drawing;
    this.#board = board;
    this.#drawings.clear();
    const document = this.engine.open(good, { board, previous: drawing });
    this.#document = document;
    this.#shown = undefined;
    this.#primed = good === text ? Promise.resolve() : this.#draw(document).then(() => undefined, () => undefined);
    this.changed();
  }

  /** Shows another board of the same text. */
  showBoard(board: string): void {
    if (board !== this.#board) this.open(this.#text(), this.#drawing, board);
  }

  /** The text has changed: draw it, the newest state only. */
  changed(): void {
    this.#dirty = true;
    if (!this.#running) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#running = true;
    this.#events.busy(true);
    try {
      while (this.#dirty) await this.#alone(() => this.#redraw());
    } finally {
      this.#running = false;
      this.#events.busy(false);
    }
  }

  async #redraw(): Promise<void> {
    this.#dirty = false;
    const text = this.#text();
    this.#recall(text);
    const document = this.#document;
    const generation = this.#generation;
    if (!document) return;
    try {
      await this.#primed;
      await document.setSource(text);
      const diagram = await this.#draw(document);
      if (generation !== this.#generation) return;
      this.#events.drawn(diagram, text);
      const drawing = await document.drawing();
      if (generation === this.#generation) this.#place(document, drawing, diagram.stale ? undefined : text);
    } catch (error) {
      if (error instanceof SupersededError || generation !== this.#generation) return;
      this.#events.failed(error as Error);
    }
  }

  /**
   * Whoever sets the document's text and then counts on it has the document alone meanwhile: between the operations
   * of a gesture its text is one that nobody else knows, and setting it back would make the next operation mean
   * something else. Never called from within `work`.
   */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Operations one after the other, as one gesture. */
  perform(...ops: EditOp[]): Promise<Edited[]> {
    return this.run(async (edit) => {
      for (const op of ops) await edit(op);
    });
  }

  /**
   * One gesture: each operation is computed on the text left by the one before, and all of them become one step
   * of the history. Where the text changes meanwhile, everything is computed again on the new text.
   */
  run(gesture: Gesture): Promise<Edited[]> {
    return this.#alone(() => this.#run(gesture));
  }

  async #run(gesture: Gesture): Promise<Edited[]> {
    const document = this.#document;
    const host = this.#host;
    if (!document || !host) throw new Refused("nothing is open");
    await this.#primed;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const text = host.text();
      await document.setSource(text);
      const done: Edited[] = [];
      const edit = async (op: EditOp): Promise<Edited> => {
        const edited = await document.edit(this.#on(op));
        const reason = edited.diagnostics.find((d) => d.severity === "error");
        if (reason) throw new Refused(reason.message);
        done.push(edited);
        return edited;
      };
      const graph = async () => boardOf((await this.engine.compile(done.at(-1)?.source ?? text)).graph, this.#board);
      try {
        await gesture(edit, graph);
      } catch (error) {
        await document.setSource(host.text());
        throw error;
      }
      if (host.text() !== text || document !== this.#document) continue;
      const steps: TextEdit[][] = done.map((edited) => edited.edits);
      host.apply(steps, { selectAfter: true });
      return done;
    }
    throw new Refused("the text kept changing");
  }

  /** What the present text means, on the board that is shown; `undefined` where the engine has no answer. */
  async graph(): Promise<CanonicalBoard | undefined> {
    try {
      return boardOf((await this.engine.compile(this.#text())).graph, this.#board);
    } catch (error) {
      if (error instanceof SupersededError) return undefined;
      throw error;
    }
  }

  /** Lays out again: around the pins, forgetting where the rest stood. */
  relayout(options: RelayoutOptions): Promise<void> {
    return this.#alone(() => this.#relayout(options));
  }

  async #relayout(options: RelayoutOptions): Promise<void> {
    const document = this.#document;
    if (!document) return;
    await this.#primed;
    const text = this.#text();
    await document.setSource(text);
    await document.relayout(options);
    const diagram = await this.#draw(document);
    const drawing = await document.drawing();
    if (document !== this.#document || this.#text() !== text) {
      this.changed();
      return;
    }
    this.#events.drawn(diagram, text);
    this.#place(document, drawing, text);
  }

  /** The document's drawing, by what changed in it. */
  async #draw(document: WorkerDocument): Promise<Diagram> {
    const { whole, ...patch } = await document.patch();
    const diagram = applyPatch(whole ? undefined : this.#shown, patch);
    if (document === this.#document) this.#shown = diagram;
    return diagram;
  }

  /** `op` on the board that is shown, where it names none; an import belongs to the whole text. */
  #on(op: EditOp): EditOp {
    return this.#board === "" || op.op === "update_import" ? op : { ...op, board: op.board ?? this.#board };
  }

  /** `text`: what the drawing is of, where that is known for certain. */
  #place(document: WorkerDocument, drawing: StoredDrawing, text: string | undefined): void {
    // What the text was changed to meanwhile is in the document already: its places are those of the newer text.
    const mine = text !== undefined && document.source === text ? text : undefined;
    if (mine !== undefined) this.#remember(mine, drawing);
    this.#drawing = drawing;
    document.remember(drawing);
    if (mine !== undefined) this.#events.placed(drawing, mine);
  }

  #remember(text: string, drawing: StoredDrawing): void {
    this.#drawings.delete(text);
    this.#drawings.set(text, drawing);
    const [oldest] = this.#drawings.keys();
    if (this.#drawings.size > REMEMBERED && oldest !== undefined) this.#drawings.delete(oldest);
  }

  /** A text that was drawn before, as after an undo, is drawn as it was then. */
  #recall(text: string): void {
    const drawing = this.#drawings.get(text);
    if (drawing === undefined || drawing === this.#drawing) return;
    this.#document?.free();
    this.#generation++;
    this.#shown = undefined;
    this.#document = this.engine.open(text, { board: this.#board, previous: drawing });
  }

  /** Where an object is declared, as offsets of the text. */
  async rangeOf(id: string): Promise<{ from: number; to: number } | null> {
    const range = await (await this.document())?.rangeOf(id);
    return range ? { from: range.start.offset, to: range.end.offset } : null;
  }

  async idAt(offset: number): Promise<string | null> {
    try {
      return (await (await this.document())?.idAt(offset)) ?? null;
    } catch (error) {
      if (error instanceof SupersededError) return null;
      throw error;
    }
  }

  /** The open document with the present text, for the editor's questions. */
  document(): Promise<WorkerDocument | undefined> {
    return this.#alone(async () => {
      await this.#primed;
      await this.#document?.setSource(this.#text());
      return this.#document;
    });
  }

  #text(): string {
    return this.#host?.text() ?? this.#document?.source ?? "";
  }
}

/** Whether an error says that a drawing was stopped because it took too long. */
export const isCutOff = (error: unknown): boolean => error instanceof CutOffError;

/** A board by its path (`layers.x.steps.1`); the root where there is none of that path. */
function boardOf(root: CanonicalBoard, path: string): CanonicalBoard {
  let board = root;
  const parts = path === "" ? [] : path.split(".");
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const kind = parts[at] as "layers" | "scenarios" | "steps";
    const found = board[kind]?.find((candidate) => candidate.name === parts[at + 1]);
    if (!found) return root;
    board = found;
  }
  return board;
}

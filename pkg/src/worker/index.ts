// The engine in a module worker: the same functions, asynchronous. Latest wins: a waiting call that a newer one
// makes pointless is dropped with `SupersededError`; one that runs too long is cut off by replacing the worker,
// and documents are opened again from the text kept here.
import type {
  Answered,
  AssistContext,
  Canonical,
  Classified,
  Compiled,
  CompileOptions,
  Completion,
  Diagnostic,
  Diagram,
  DiagramOptions,
  Diff,
  DocumentOptions,
  Edited,
  EditOp,
  Generated,
  Hover,
  OffsetRange,
  OutlineItem,
  Patch,
  Question,
  Range,
  RelayoutOptions,
  Repaired,
  RenderOptions,
  StoredDrawing,
  TextEdit,
  Token,
  ValidateOptions,
  View,
} from "../types.js";
import { WorkerQueue, type WorkerLike } from "./queue.js";
import type { Hello } from "./thread.js";

export { CutOffError, StartError, SupersededError, type WorkerLike } from "./queue.js";
export type * from "../types.js";

export interface WorkerEngineOptions {
  /** The engine's bytes: a URL, bytes or a compiled module; the `.wasm` of this package where absent. */
  wasm?: Wasm;
  /** Where the assistant's data file is; beside the package's modules where absent. */
  assist?: string | URL;
  /** Milliseconds a call may run; 10,000 where absent. */
  timeout?: number;
  /**
   * Makes the worker, for bundlers that want it done by hand; its module is `spandrel/worker-thread`. A page that wants
   * the engine to start before its own code runs makes the worker ahead and posts `{ wasm }` to it, where the bytes are.
   */
  createWorker?: () => WorkerLike | Worker;
}

export type Wasm = string | URL | BufferSource | WebAssembly.Module;

interface CallOptions {
  signal?: AbortSignal;
}

/** Starts nothing until the first call. */
export function createWorkerEngine(options: WorkerEngineOptions = {}): WorkerEngine {
  return new WorkerEngine(options);
}

function spawn(): Worker {
  if (typeof Worker === "undefined") {
    throw new Error("there are no web workers here: use the main entry, or pass createWorker");
  }
  return new Worker(new URL("./thread.js", import.meta.url), { type: "module", name: "spandrel" });
}

/** A URL is no value that can be posted. */
const hello = (wasm: Wasm | undefined): Hello => (wasm === undefined ? {} : { wasm: wasm instanceof URL ? wasm.href : wasm });

async function fetchAssist(url: string | URL = new URL("../assist.bin", import.meta.url)): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the assistant's data could not be loaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const read = <T>(value: unknown): T => (typeof value === "string" ? (JSON.parse(value) as T) : (value as T));

export class WorkerEngine {
  #queue: WorkerQueue;
  #generation = 0;
  #assistUrl: string | URL | undefined;
  #assistData: Promise<Uint8Array> | undefined;
  #assistIn = -1;

  constructor(options: WorkerEngineOptions = {}) {
    this.#assistUrl = options.assist;
    const { wasm } = options;
    this.#queue = new WorkerQueue({
      spawn: (options.createWorker ?? spawn) as () => WorkerLike,
      hello: hello(wasm),
      timeout: options.timeout ?? 10_000,
      onReplaced: () => this.#generation++,
    });
  }

  async #call<T>(method: string, args: unknown[], options?: CallOptions, key?: string): Promise<T> {
    return read(await this.#queue.call({ method, args: () => args, key, signal: options?.signal }));
  }

  async #text(method: string, args: unknown[], options?: CallOptions): Promise<string> {
    return (await this.#queue.call({ method, args: () => args, signal: options?.signal })) as string;
  }

  compile(source: string, options?: CompileOptions & CallOptions): Promise<Compiled> {
    return this.#call("compile", [source, plain(options)], options);
  }

  validate(source: string, options?: ValidateOptions & CallOptions): Promise<Diagnostic[]> {
    return this.#call("validate", [source, plain(options)], options);
  }

  canonical(
    source: string,
    options?: CompileOptions & CallOptions,
  ): Promise<Canonical> {
    return this.#call("canonical", [source, plain(options)], options);
  }

  format(source: string, options?: CallOptions): Promise<string> {
    return this.#text("format", [source], options);
  }

  edit(source: string, op: EditOp, options?: CompileOptions & CallOptions): Promise<Edited> {
    return this.#call("edit", [source, op, plain(options)], options);
  }

  diff(a: string, b: string, options?: CompileOptions & CallOptions): Promise<Diff> {
    return this.#call("diff", [a, b, plain(options)], options);
  }

  layout<G extends object>(graph: G, layoutOptions?: Record<string, unknown>, options?: CallOptions): Promise<G> {
    return this.#call("layout", [JSON.stringify(graph), JSON.stringify(layoutOptions ?? {})], options);
  }

  diagram(source: string, options?: DiagramOptions & CallOptions): Promise<Diagram> {
    return this.#call("diagram", [source, plain(options)], options);
  }

  render(source: string, options: RenderOptions & CallOptions): Promise<string> {
    return this.#text("render", [source, plain(options)], options);
  }

  repair(text: string, options?: CallOptions): Promise<Repaired> {
    return this.#call("repair", [text], options);
  }

  checkRequest(query: string, options?: Record<string, unknown>): Promise<Diagnostic[]> {
    return this.#call("checkRequest", [query, options]);
  }

  async classify(query: string, context?: AssistContext, options?: CallOptions): Promise<Classified> {
    await this.#assist();
    return this.#call("classify", [query, context], options);
  }

  async generate(query: string, context?: AssistContext, options?: CallOptions): Promise<Generated> {
    await this.#assist();
    return this.#call("generate", [query, context], options);
  }

  /** What to ask back where a request is `CLARIFY`. */
  async clarify(query: string, context?: AssistContext, options?: CallOptions): Promise<Question> {
    await this.#assist();
    return this.#call("clarify", [query, context], options);
  }

  /** An answer in words, from the open diagram and what is known of architecture. */
  async answer(query: string, context?: AssistContext, options?: CallOptions): Promise<Answered> {
    await this.#assist();
    return this.#call("answer", [query, context], options);
  }

  /** What a request to see the diagram otherwise asks the canvas to do. */
  view(query: string, context?: AssistContext, options?: CallOptions): Promise<View> {
    return this.#call("view", [query, context], options);
  }

  /** The assistant's data go to each worker once, when they are first needed. */
  async #assist(): Promise<void> {
    if (this.#assistIn === this.#generation) return;
    this.#assistData ??= fetchAssist(this.#assistUrl).catch((error: unknown) => {
      this.#assistData = undefined;
      throw error;
    });
    const data = await this.#assistData;
    const generation = this.#generation;
    await this.#queue.call({ method: "loadAssist", args: () => [data] });
    this.#assistIn = generation;
  }

  version(): Promise<string> {
    return this.#text("version", []);
  }

  /** Opens a source for editing. The document survives a replaced worker. */
  open(source: string, options?: DocumentOptions): WorkerDocument {
    return new WorkerDocument(this.#queue, () => this.#generation, source, options);
  }

  /** Ends the worker; pending calls are rejected. */
  terminate(): void {
    this.#queue.terminate();
  }
}

function plain<T extends object>(options: (T & CallOptions) | undefined): object | undefined {
  if (!options) return undefined;
  const { signal: _, ...rest } = options;
  return rest;
}

class StaleHandle extends Error {}

/** Handles are the client's choice. */
let documents = 0;

/** A document that lives in the worker. `source` is the client's own copy of the text: the one that counts. */
export class WorkerDocument {
  #queue: WorkerQueue;
  #generation: () => number;
  #options: DocumentOptions | undefined;
  #source: string;
  readonly #handle = ++documents;
  #openedIn = -1;
  /** The worker that gave the last patch. */
  #patchedIn = -1;
  #freed = false;
  /** Settles when the last edit is answered, with the text that the worker then has. */
  #changing: Promise<string> | undefined;

  constructor(queue: WorkerQueue, generation: () => number, source: string, options: DocumentOptions | undefined) {
    this.#queue = queue;
    this.#generation = generation;
    this.#source = source;
    this.#options = options;
  }

  get source(): string {
    return this.#source;
  }

  /** The drawing to stay close to should the worker have to be replaced. */
  remember(drawing: StoredDrawing): void {
    this.#options = { ...this.#options, previous: drawing };
  }

  /** Replaces a range of `source`. Never dropped, never reordered. */
  replace(range: OffsetRange, text: string): Promise<void> {
    const start = Math.max(0, Math.min(range.start, this.#source.length));
    const end = Math.max(start, Math.min(range.end, this.#source.length));
    const opened = this.#isOpen;
    this.#source = this.#source.slice(0, start) + text + this.#source.slice(end);
    if (!opened) return Promise.resolve(); // it will be opened with this text
    // Where it belongs in the worker's text is only known once the edit under way is answered.
    if (this.#changing) return this.#changing.then(() => undefined);
    return this.#send(start, end, text);
  }

  #send(start: number, end: number, text: string): Promise<void> {
    return this.#post("replace", [start, end, text], { unanswered: IGNORED }).then(
      () => undefined,
      (error: unknown) => {
        // A document that is opened again begins with the text as it is then, this change included.
        if (!(error instanceof StaleHandle)) throw error;
      },
    );
  }

  /** Makes `source` be `text` by one replacement of what differs. */
  async setSource(text: string): Promise<void> {
    const change = difference(this.#source, text);
    if (change) await this.replace({ start: change.from, end: change.to }, change.insert);
  }

  /** One after the other; where `source` is replaced meanwhile, that text counts and the edit is only an answer. */
  edit(op: EditOp): Promise<Edited> {
    return this.#change("edit", [op]);
  }

  #change(method: string, args: unknown[]): Promise<Edited> {
    let held = "";
    const run = async (known: string): Promise<Edited> => {
      this.#bring(known);
      const before = (held = this.#source);
      const edited = await this.#call<Edited>(method, args);
      held = edited.source;
      if (this.#source === before) this.#source = held;
      return edited;
    };
    const result = this.#changing ? this.#changing.then(run) : run(this.#source);
    const settled = result.then(
      () => held,
      () => held,
    );
    this.#changing = settled;
    const brought = settled.then((known) => {
      if (this.#changing !== settled) return;
      this.#changing = undefined;
      this.#bring(known);
    });
    return brought.then(() => result);
  }

  /** From the text that the worker is known to have to the one that counts. */
  #bring(known: string): void {
    const change = difference(known, this.#source);
    if (change && this.#isOpen && !this.#freed) void this.#send(change.from, change.to, change.insert);
  }

  diagnostics(): Promise<Diagnostic[]> {
    return this.#call("diagnostics", [], true);
  }

  diagram(): Promise<Diagram> {
    return this.#call("diagram", [], true);
  }

  /**
   * What changed since the last patch or diagram. `whole`: the document was opened (anew) since then, so that the
   * patch holds everything and what was drawn before is to be forgotten.
   */
  async patch(): Promise<Patch & { whole: boolean }> {
    const patch = await this.#call<Patch>("patch", []);
    const whole = this.#patchedIn !== this.#openedIn;
    this.#patchedIn = this.#openedIn;
    return { ...patch, whole };
  }

  /** The next drawing is laid out again. */
  async relayout(options: RelayoutOptions = {}): Promise<void> {
    await this.#run("relayout", [options]);
  }

  /** Draws another board from now on. */
  async setBoard(path: string): Promise<void> {
    this.#options = { ...this.#options, board: path };
    await this.#run("setBoard", [path]);
  }

  rangeOf(id: string): Promise<Range | null> {
    return this.#call("rangeOf", [id], true);
  }

  idAt(offset: number): Promise<string | null> {
    return this.#call("idAt", [offset], true);
  }

  tokens(range: OffsetRange): Promise<Token[]> {
    return this.#call("tokens", [range.start, range.end], true);
  }

  complete(offset: number): Promise<Completion[]> {
    return this.#call("complete", [offset], true);
  }

  hover(offset: number): Promise<Hover | null> {
    return this.#call("hover", [offset], true);
  }

  /** What can be folded: what spans more than one line. */
  folding(): Promise<OffsetRange[]> {
    return this.#call("folding", [], true);
  }

  definition(offset: number): Promise<Range | null> {
    return this.#call("definition", [offset], true);
  }

  /** Every mention of the object at `offset`, in order. */
  references(offset: number): Promise<OffsetRange[]> {
    return this.#call("references", [offset], true);
  }

  /** The objects of the board, containers before what is in them. */
  outline(): Promise<OutlineItem[]> {
    return this.#call("outline", [], true);
  }

  /** Like `edit`, by the place where a name stands. */
  rename(offset: number, name: string): Promise<Edited> {
    return this.#change("rename", [offset, name]);
  }

  drawing(): Promise<StoredDrawing> {
    return this.#call("drawing", [], true);
  }

  free(): void {
    if (this.#freed) return;
    if (this.#isOpen) this.#post("free", [], { unanswered: IGNORED }).catch(() => undefined);
    this.#freed = true;
  }

  get #isOpen(): boolean {
    return this.#openedIn === this.#generation();
  }

  async #call<T>(method: string, args: unknown[], latestWins = false): Promise<T> {
    return read(await this.#run(method, args, latestWins));
  }

  async #run(method: string, args: unknown[], latestWins = false): Promise<unknown> {
    for (;;) {
      if (this.#freed) throw new Error("this document was freed");
      if (!this.#isOpen) await this.#reopen();
      try {
        return await this.#post(method, args, { latestWins });
      } catch (error) {
        if (!(error instanceof StaleHandle)) throw this.#refused ?? error;
      }
    }
  }

  /** Queues a call for the worker of this moment; `StaleHandle` if that is gone when its turn comes. */
  #post(method: string, args: unknown[], how: { latestWins?: boolean; unanswered?: (error: Error) => void } = {}): Promise<unknown> {
    const generation = this.#generation();
    return this.#queue.call({
      method: `document.${method}`,
      unanswered: how.unanswered,
      args: () => {
        if (generation !== this.#generation()) throw new StaleHandle();
        return [this.#handle, ...args];
      },
      key: how.latestWins ? `document ${this.#handle} ${method}` : undefined,
    });
  }

  #opening: Promise<void> | undefined;
  /** Why the worker could not open the document. */
  #refused: Error | undefined;

  /** Opens the document in the present worker; what is asked of it goes right behind. Text that changes meanwhile is sent after it. */
  #reopen(): Promise<void> {
    this.#opening ??= (async () => {
      try {
        this.#refused = undefined;
        let source = "";
        await this.#queue.callFirst({
          method: "document.open",
          args: () => {
            source = this.#source;
            this.#openedIn = this.#generation();
            return [this.#handle, source, this.#options];
          },
          unanswered: (error) => {
            this.#refused = error;
          },
        });
        const change = difference(source, this.#source);
        if (change && this.#isOpen) {
          await this.#queue.callFirst({
            method: "document.replace",
            args: () => [this.#handle, change.from, change.to, change.insert],
            unanswered: IGNORED,
          });
        }
      } finally {
        this.#opening = undefined;
      }
    })();
    return this.#opening;
  }
}

/** What cannot fail by itself: where it does, so does the question behind it. */
const IGNORED = (): void => {};

/** The one replacement that leads from `a` to `b`, `null` where they are equal. Never splits a surrogate pair. */
export function difference(a: string, b: string): TextEdit | null {
  if (a === b) return null;
  let start = 0;
  const least = Math.min(a.length, b.length);
  while (start < least && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  if (start > 0 && isHigh(a.charCodeAt(start - 1))) start--;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  if (endA < a.length && isLow(a.charCodeAt(endA))) {
    endA++;
    endB++;
  }
  return { from: start, to: endA, insert: b.slice(start, endB) };
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

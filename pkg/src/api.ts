// The engine's functions over the loaded wasm. Nothing happens at import; `load` is called by `init`.
import * as raw from "./engine/engine.js";
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
  Token,
  ValidateOptions,
  View,
} from "./types.js";

/** Where the engine's bytes come from. */
export type InitInput = raw.InitInput;

let loading: Promise<void> | undefined;
let ready = false;

/** Instantiates the engine once; a failed attempt may be repeated. For the entry points, not for callers. */
export function load(input: () => InitInput | Promise<InitInput>): Promise<void> {
  loading ??= (async () => {
    const source = await input();
    await raw.default({ module_or_path: source });
    ready = true;
  })().catch((cause: unknown) => {
    loading = undefined;
    throw new Error("the Spandrel engine could not be loaded", { cause });
  });
  return loading;
}

function engine(): typeof raw {
  if (!ready) throw new Error("the Spandrel engine is not loaded: await init() first");
  return raw;
}

const read = <T>(json: string): T => JSON.parse(json) as T;

/** An option that is there but undefined is an option that is not there. */
export function defined<T extends object>(options: T | undefined): T | undefined {
  return options && (Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T);
}

/** Compiles a source: what it means, as far as it is whole, and what D2 itself would say about it. */
export function compile(source: string, options?: CompileOptions): Compiled {
  const [graph, diagnostics] = engine().compileParts(source, defined(options)) as [string, string];
  let decoded: Compiled["graph"] | undefined;
  return {
    // Decoded when it is asked for: whoever wants the diagnostics alone need not wait for a large graph.
    get graph() {
      return (decoded ??= read<Compiled["graph"]>(graph));
    },
    diagnostics: read(diagnostics),
  };
}

/** All that is wrong or doubtful: compile, style pack and safety. */
export function validate(source: string, options?: ValidateOptions): Diagnostic[] {
  return read(engine().validate(source, defined(options)));
}

/** The canonical form alone, or the errors D2 gives. */
export function canonical(
  source: string,
  options?: CompileOptions,
): Canonical {
  return read(engine().canonical(source, defined(options)));
}

/** D2's canonical formatting; a source with syntax errors comes back unchanged. */
export function format(source: string): string {
  return engine().format(source);
}

/** One gesture as the smallest change of the text. */
export function edit(source: string, op: EditOp, options?: CompileOptions): Edited {
  return read(engine().edit(source, defined(op), defined(options)));
}

/** How the diagram of `b` differs from that of `a`, and the edits that lead from one to the other. */
export function diff(a: string, b: string, options?: CompileOptions): Diff {
  return read(engine().diff(a, b, defined(options)));
}

/** Lays out a graph in ELK's JSON form and gives a copy with coordinates. */
export function layout<G extends object>(graph: G, options?: Record<string, unknown>): G {
  return read(engine().layout(JSON.stringify(graph), JSON.stringify(options ?? {})));
}

/** The same, as JSON texts. */
export function layoutJson(graphJson: string, optionsJson: string): string {
  return engine().layout(graphJson, optionsJson);
}

/** For elkjs's class: the same with notes on the options in `logging`. */
export function layoutLogged(graphJson: string, optionsJson: string): string {
  return engine().layoutLogged(graphJson, optionsJson);
}

/** ELK's options, algorithms or categories, as JSON text. */
export function elkKnown(what: "options" | "algorithms" | "categories"): string {
  return engine().elkKnown(what);
}

/** From text to a React Flow canvas. */
export function diagram(source: string, options?: DiagramOptions): Diagram {
  return read(engine().diagram(source, defined(options)));
}

/** The drawing in another format. */
export function render(source: string, options: RenderOptions): string {
  return engine().render(source, defined(options));
}

/** What a language model wrote, as D2. */
export function repair(text: string): Repaired {
  return read(engine().repair(text));
}

/** The limits and filters of a design request. */
export function checkRequest(query: string, options?: Record<string, unknown>): Diagnostic[] {
  return read(engine().checkRequest(query, defined(options)));
}

/** What a request asks for, decided offline. */
export function classify(query: string, context?: AssistContext): Classified {
  return read(engine().classify(query, defined(context)));
}

/** What to ask back where a request is `CLARIFY`: a question, and requests that would be understood. */
export function clarify(query: string, context?: AssistContext): Question {
  return read(engine().clarify(query, defined(context)));
}

/** A diagram for a request, made offline. */
export function generate(query: string, context?: AssistContext): Generated {
  return read(engine().generate(query, defined(context)));
}

/** An answer to a question about architecture, or about the diagram in `context.source`, found offline. */
export function answer(query: string, context?: AssistContext): Answered {
  return read(engine().answer(query, defined(context)));
}

/** What a request to see the diagram otherwise asks the canvas to do. */
export function view(query: string, context?: AssistContext): View {
  return read(engine().view(query, defined(context)));
}

/** Gives the assistant its data file; `spandrel/assist` does that on first use. */
export function loadAssistBytes(bytes: Uint8Array): void {
  engine().loadAssist(bytes);
}

/** The engine's version. */
export function version(): string {
  return engine().version();
}

/** Opens a source for editing: tree, graph and drawing are kept between calls. Call `free` when done. */
export function open(source: string, options?: DocumentOptions): Document {
  return new Document(source, options);
}

/** A source under edit. All offsets are UTF-16. */
export class Document {
  #handle: raw.DocumentHandle | undefined;

  constructor(source: string, options?: DocumentOptions) {
    this.#handle = new (engine().DocumentHandle)(source, defined(options));
  }

  get #open(): raw.DocumentHandle {
    if (!this.#handle) throw new Error("this document was freed");
    return this.#handle;
  }

  get source(): string {
    return this.#open.source();
  }

  replace(range: OffsetRange, text: string): void {
    this.#open.replace(range.start, range.end, text);
  }

  edit(op: EditOp): Edited {
    return read(this.#open.edit(defined(op)));
  }

  diagnostics(): Diagnostic[] {
    return read(this.#open.diagnostics());
  }

  diagram(): Diagram {
    return read(this.#open.diagram());
  }

  /** Draws another board from now on. */
  setBoard(path: string): void {
    this.#open.setBoard(path);
  }

  /** React Flow changes since the last call of `diagram` or `patch`. */
  patch(): Patch {
    return read(this.#open.patch());
  }

  /** The next drawing is laid out again. */
  relayout(options: RelayoutOptions = {}): void {
    this.#open.relayout(defined(options));
  }

  rangeOf(id: string): Range | null {
    return read(this.#open.rangeOf(id));
  }

  idAt(offset: number): string | null {
    return read(this.#open.idAt(offset));
  }

  tokens(range: OffsetRange): Token[] {
    return read(this.#open.tokens(range.start, range.end));
  }

  complete(offset: number): Completion[] {
    return read(this.#open.complete(offset));
  }

  hover(offset: number): Hover | null {
    return read(this.#open.hover(offset));
  }

  definition(offset: number): Range | null {
    return read(this.#open.definition(offset));
  }

  /** Every mention of the object at `offset`, in order. */
  references(offset: number): OffsetRange[] {
    return read(this.#open.references(offset));
  }

  /** The objects of the board, containers before what is in them. */
  outline(): OutlineItem[] {
    return read(this.#open.outline());
  }

  /** What an editor can fold. */
  folding(): OffsetRange[] {
    return read(this.#open.folding());
  }

  rename(offset: number, name: string): Edited {
    return read(this.#open.rename(offset, name));
  }

  /** To be stored with a version and given back as `previous`. */
  drawing(): StoredDrawing {
    return read(this.#open.drawing());
  }

  free(): void {
    this.#handle?.free();
    this.#handle = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")](): void {
    this.free();
  }
}

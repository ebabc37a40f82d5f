// A diagram that grows while its text is written: what there is of the text is drawn as soon as the last drawing is
// done, the newest state only, and what stands already stays where it is.
import type { Diagram, Repaired, StoredDrawing } from "spandrel";

/** What it needs of the engine: the real one, or a fake in tests. */
export interface GrowthEngine {
  open(source: string, options: { previous: StoredDrawing; board: string }): GrowingDocument;
  repair(text: string): Promise<Repaired>;
}

interface GrowingDocument {
  setSource(text: string): Promise<void>;
  diagram(): Promise<Diagram>;
  drawing(): Promise<StoredDrawing>;
  free(): void;
}

export class Growth {
  #engine: GrowthEngine;
  #document: GrowingDocument;
  #show: (text: string, diagram: Diagram) => void;
  #text = "";
  #dirty = false;
  #running: Promise<void> | undefined;
  #over = false;

  constructor(engine: GrowthEngine, previous: StoredDrawing, show: (text: string, diagram: Diagram) => void) {
    this.#engine = engine;
    this.#document = engine.open("", { previous, board: "" });
    this.#show = show;
  }

  get text(): string {
    return this.#text;
  }

  /** More text. Resolves once it is drawn, or a newer state is. */
  add(delta: string): Promise<void> {
    this.#text += delta;
    this.#dirty = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** A new attempt begins; what was drawn stays until there is something in its place. */
  reset(): void {
    this.#text = "";
  }

  /** Nothing is shown any more. */
  end(): void {
    this.#over = true;
    this.#document.free();
  }

  async #run(): Promise<void> {
    while (this.#dirty && !this.#over) {
      this.#dirty = false;
      const text = this.#text;
      try {
        // A text that ends in the middle of something is closed as well as can be.
        const { source } = await this.#engine.repair(text);
        await this.#document.setSource(source);
        const diagram = await this.#document.diagram();
        if (this.#over) return;
        if (diagram.nodes.length > 0) this.#show(text, diagram);
        await frame();
      } catch {
        // Half a text may be beyond repair: the next piece comes soon.
      }
    }
  }
}

/** Lets the browser paint what was drawn. */
const frame = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestAnimationFrame === "undefined" || document.hidden) setTimeout(resolve, 0);
    else requestAnimationFrame(() => resolve());
  });

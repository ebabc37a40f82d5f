// A diagram that grows while its text is written: the next of it is drawn as soon as the last drawing is done, and what
// stands already stays where it is.
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

/** What is shown next is this part of what there is to show, and at least so many characters. */
const PART = 1 / 3;
const LEAST = 80;

export class Growth {
  #engine: GrowthEngine;
  #document: GrowingDocument;
  #show: (text: string, diagram: Diagram) => void;
  #text = "";
  /** How much of the text is drawn. */
  #drawn = 0;
  #running: Promise<void> | undefined;
  #over = false;

  constructor(engine: GrowthEngine, previous: StoredDrawing, show: (text: string, diagram: Diagram) => void) {
    this.#engine = engine;
    this.#document = engine.open("", { previous, board: "" });
    this.#show = show;
  }

  /** More text. Where it comes faster than it can be drawn, it is drawn in a few steps. */
  add(delta: string): void {
    this.#text += delta;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** A new attempt begins; what was drawn stays until there is something in its place. */
  reset(): void {
    this.#text = "";
    this.#drawn = 0;
  }

  /** Resolves once all of the text is drawn, but waits no longer than that many milliseconds. */
  async drawn(atMost: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, atMost);
    });
    await Promise.race([this.#running, over]);
    clearTimeout(timer);
  }

  /** Nothing is shown any more. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#document.free();
  }

  async #run(): Promise<void> {
    while (this.#drawn < this.#text.length && !this.#over) {
      const text = this.#text.slice(0, this.#next());
      this.#drawn = text.length;
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

  /** Up to where the text is drawn next: a part of what is left, to the end of a line. */
  #next(): number {
    const left = this.#text.length - this.#drawn;
    const part = this.#drawn + Math.max(LEAST, Math.ceil(left * PART));
    const line = this.#text.indexOf("\n", part);
    return line < 0 ? this.#text.length : line + 1;
  }
}

/** Lets the browser paint what was drawn. */
const frame = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestAnimationFrame === "undefined" || document.hidden) setTimeout(resolve, 0);
    else requestAnimationFrame(() => resolve());
  });

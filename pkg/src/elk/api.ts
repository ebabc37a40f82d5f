// The class that programs written for elkjs construct.
import type {
  ELKConstructorArguments,
  ElkLayoutAlgorithmDescription,
  ElkLayoutArguments,
  ElkLayoutCategoryDescription,
  ElkLayoutOptionDescription,
  ElkNode,
  LayoutOptions,
} from "./types.js";

/** What is needed of a worker. */
export interface ElkWorker {
  postMessage(message: unknown): void;
  terminate?(): void;
  onmessage: ((event: never) => void) | null;
}

const ALGORITHMS = [
  "layered", "stress", "mrtree", "radial", "force", "disco", "sporeOverlap", "sporeCompaction", "rectpacking",
];

interface Pending {
  resolve(value: never): void;
  reject(error: Error): void;
}

/** Layout by a worker that speaks elkjs's messages. */
export class ELK {
  #defaults: LayoutOptions;
  #worker: ElkWorker;
  #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended = false;

  constructor({ defaultLayoutOptions = {}, algorithms = ALGORITHMS, workerFactory, workerUrl }: ELKConstructorArguments = {}) {
    this.#defaults = defaultLayoutOptions;
    if (workerUrl === undefined && workerFactory === undefined) {
      throw new Error("Cannot construct an ELK without both 'workerUrl' and 'workerFactory'.");
    }
    const make = workerFactory ?? ((url?: string): unknown => new Worker(url as string));
    const worker = make(workerUrl) as ElkWorker;
    if (typeof worker.postMessage !== "function") {
      throw new TypeError("Created worker does not provide the required 'postMessage' function.");
    }
    this.#worker = worker;
    worker.onmessage = (event: { data: { id: number; data?: never; error?: unknown } }) => this.#receive(event.data);
    this.#post<void>({ cmd: "register", algorithms }).catch((error: unknown) => {
      if (!this.#ended) console.error(error);
    });
  }

  /** Without a worker the graph itself is filled in and given back; with one, a copy is. */
  layout<T extends ElkNode>(graph: T, { layoutOptions = this.#defaults, logging = false, measureExecutionTime = false, signal, timeoutMs }: ElkLayoutArguments = {}): Promise<T> {
    if (!graph) return Promise.reject(new Error("Missing mandatory parameter 'graph'."));
    return this.#post({ cmd: "layout", graph, layoutOptions, options: { logging, measureExecutionTime, ...(timeoutMs === undefined ? {} : { timeoutMs }) } }, signal);
  }

  knownLayoutAlgorithms(): Promise<ElkLayoutAlgorithmDescription[]> {
    return this.#post({ cmd: "algorithms" });
  }

  knownLayoutOptions(): Promise<ElkLayoutOptionDescription[]> {
    return this.#post({ cmd: "options" });
  }

  knownLayoutCategories(): Promise<ElkLayoutCategoryDescription[]> {
    return this.#post({ cmd: "categories" });
  }

  /** Ends the worker; what is pending is rejected. Never throws. */
  terminateWorker(): void {
    this.#ended = true;
    this.#worker.terminate?.();
    const error = new Error("The worker was terminated.");
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  #post<T>(message: object, signal?: AbortSignal): Promise<T> {
    if (this.#ended) return Promise.reject(new Error("The worker was terminated."));
    if (signal?.aborted) return Promise.reject(abortError(signal));
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
      signal?.addEventListener("abort", () => this.#take(id)?.reject(abortError(signal)), { once: true });
      try {
        this.#worker.postMessage({ id, ...message });
      } catch (error) {
        this.#take(id)?.reject(error as Error);
      }
    });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #receive({ id, data, error }: { id: number; data?: never; error?: unknown }): void {
    const pending = this.#take(id);
    if (error === undefined || error === null) pending?.resolve(data as never);
    else pending?.reject(asError(error));
  }
}

/** An error that came through a message is data; callers match its message. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  const { message } = error as { message?: unknown };
  return new Error(typeof message === "string" ? message : String(error));
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("The layout was aborted.", "AbortError");
}

// One call at a time in a worker: the rest waits here, where a superseded call can be dropped for certain and
// the time of a call is its own.

/** What the queue needs of a worker. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: never) => void) | null;
}

/** A newer call of the same kind came first; the answer would have been stale. */
export class SupersededError extends Error {
  override name = "SupersededError";
}

/** The call ran too long and its worker was replaced. */
export class CutOffError extends Error {
  override name = "CutOffError";
}

/** The engine could not be started in the worker. */
export class StartError extends Error {
  override name = "StartError";
}

export interface Call {
  method: string;
  args: () => unknown[];
  /** Waiting calls with the same key are dropped when this one is made. */
  key?: string | undefined;
  /**
   * Nobody waits for its answer: the next call goes out right behind it, and the worker takes both in turn. Told where it
   * fails.
   */
  unanswered?: ((error: Error) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface Waiting extends Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Reply = { ready?: true; failed?: string; id?: number; value?: unknown; error?: { message: string } };

export interface QueueOptions {
  /** Makes a worker whose module is `thread.js`. */
  spawn: () => WorkerLike;
  /** The first message to each worker. */
  hello: unknown;
  /** Milliseconds after which a running call is cut off. */
  timeout: number;
  /** Told when a worker was replaced: nothing that was open in it is open any more. */
  onReplaced: () => void;
}

/** An option that is there but undefined is an option that is not there. */
function defined(argument: unknown): unknown {
  if (typeof argument !== "object" || argument === null || Object.getPrototypeOf(argument) !== Object.prototype) return argument;
  return Object.fromEntries(Object.entries(argument).filter(([, value]) => value !== undefined));
}

export class WorkerQueue {
  #options: QueueOptions;
  #worker: WorkerLike | undefined;
  /** Whether the engine runs; what is asked before waits in the worker. */
  #ready = false;
  #waiting: Waiting[] = [];
  #running: { id: number; call: Waiting; timer: ReturnType<typeof setTimeout> | undefined } | undefined;
  #unanswered = new Map<number, (error: Error) => void>();
  #nextId = 1;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  call(call: Call): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error("this engine was terminated"));
    if (call.signal?.aborted) return Promise.reject(abortError(call.signal));
    return new Promise((resolve, reject) => {
      if (call.key !== undefined) this.#supersede(call.key);
      const waiting: Waiting = { ...call, resolve, reject };
      this.#waiting.push(waiting);
      call.signal?.addEventListener("abort", () => this.#abort(waiting), { once: true });
      this.#pump();
    });
  }

  /** A call that goes before all that waits, such as reopening a document. */
  callFirst(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.unshift({ ...call, resolve, reject });
      this.#pump();
    });
  }

  terminate(): void {
    this.#closed = true;
    this.#drop();
    const error = new Error("this engine was terminated");
    this.#settleRunning()?.reject(error);
    for (const call of this.#waiting.splice(0)) call.reject(error);
  }

  #supersede(key: string): void {
    this.#waiting = this.#waiting.filter((call) => {
      if (call.key !== key) return true;
      call.reject(new SupersededError(`${call.method}: superseded`));
      return false;
    });
  }

  #abort(call: Waiting): void {
    const at = this.#waiting.indexOf(call);
    if (at >= 0) this.#waiting.splice(at, 1);
    // A running call is let finish: replacing the worker would cost more than its answer.
    call.reject(abortError(call.signal));
  }

  #pump(): void {
    while (!this.#running && !this.#closed && this.#waiting.length > 0) {
      if (!this.#worker) this.#start();
      this.#send(this.#waiting.shift() as Waiting);
    }
  }

  #send(call: Waiting): void {
    const id = this.#nextId++;
    try {
      this.#worker?.postMessage({ id, method: call.method, args: call.args().map(defined) });
    } catch (error) {
      call.reject(error as Error);
      return;
    }
    if (call.unanswered) {
      this.#unanswered.set(id, call.unanswered);
      call.resolve(undefined);
    } else {
      this.#running = { id, call, timer: undefined };
      this.#time();
    }
  }

  /** A call's time runs from when the engine can begin with it. */
  #time(): void {
    if (this.#ready && this.#running) this.#running.timer = setTimeout(() => this.#cutOff(), this.#options.timeout);
  }

  #start(): void {
    const worker = this.#options.spawn();
    this.#worker = worker;
    worker.onmessage = ({ data }: { data: Reply }) => {
      if (this.#worker === worker) this.#receive(data);
    };
    worker.onerror = (event: { message?: string; preventDefault?: () => void }) => {
      event.preventDefault?.();
      if (this.#worker === worker) this.#broke(event.message ?? "the worker failed");
    };
    worker.postMessage(this.#options.hello);
  }

  #receive(reply: Reply): void {
    if (reply.ready) {
      // A worker that was greeted ahead of time says it twice.
      if (!this.#ready) {
        this.#ready = true;
        this.#time();
      }
    } else if (reply.failed !== undefined) {
      this.#broke(reply.failed);
      return;
    } else {
      if (reply.id === undefined) return;
      const failed = this.#unanswered.get(reply.id);
      this.#unanswered.delete(reply.id);
      if (failed && reply.error) failed(new Error(reply.error.message));
      if (reply.id !== this.#running?.id) return;
      const call = this.#settleRunning();
      if (reply.error) call?.reject(new Error(reply.error.message));
      else call?.resolve(reply.value);
    }
    this.#pump();
  }

  #broke(message: string): void {
    const failure = this.#ready ? undefined : new StartError(`the engine could not be started in a worker: ${message}`);
    this.#drop();
    this.#settleRunning()?.reject(failure ?? new Error(message));
    // Whoever waits now is told the same; the next call tries again.
    if (failure) for (const call of this.#waiting.splice(0)) call.reject(failure);
    this.#options.onReplaced();
    this.#pump();
  }

  #cutOff(): void {
    const call = this.#settleRunning();
    this.#drop();
    this.#options.onReplaced();
    call?.reject(new CutOffError(`${call.method} took longer than ${this.#options.timeout} ms and was stopped`));
    this.#pump();
  }

  #settleRunning(): Waiting | undefined {
    const running = this.#running;
    this.#running = undefined;
    if (running) clearTimeout(running.timer);
    return running?.call;
  }

  #drop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#ready = false;
    this.#unanswered.clear();
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("The operation was aborted.", "AbortError");
}

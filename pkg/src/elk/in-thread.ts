// The engine behind a worker's face, in the same thread: it speaks elkjs's messages and fills in the caller's own
// objects, as elkjs does without a worker.
import { optionsOf, project, writeBack } from "./graph.js";

/** What is needed of a loaded engine; answers are JSON. */
export interface ElkEngine {
  layout(graphJson: string, optionsJson: string, timeoutMs?: number): string;
  known?(what: "options" | "algorithms" | "categories"): string;
}

export interface LayoutMessage {
  id?: number;
  cmd: string;
  graph?: object;
  layoutOptions?: object;
  options?: { logging?: boolean; measureExecutionTime?: boolean; timeoutMs?: number };
}

export interface Answer {
  id: number | undefined;
  data?: unknown;
  error?: unknown;
}

interface Log {
  name: string;
  executionTime?: number;
  logs?: string[];
  children?: Log[];
}

/** Lays out in place and gives the same object back. */
export function layoutInPlace(engine: ElkEngine, message: LayoutMessage, now: () => number): object {
  const { graph, layoutOptions, options = {} } = message;
  if (!graph) throw new Error("Missing mandatory parameter 'graph'.");
  const start = now();
  const { plain, target } = project(graph);
  const text = engine.layout(JSON.stringify(plain), JSON.stringify(optionsOf(layoutOptions) ?? {}), options.timeoutMs);
  const seconds = (now() - start) / 1000;
  const result = JSON.parse(text) as Record<string, unknown>;
  writeBack(target, result);
  const root = graph as { logging?: Log };
  delete root.logging;
  if (options.logging || options.measureExecutionTime) root.logging = log(result["logging"], options, seconds);
  return graph;
}

function log(warnings: unknown, options: NonNullable<LayoutMessage["options"]>, seconds: number): Log {
  const child: Log = { name: "Layered layout" };
  const root: Log = { name: "Recursive Graph Layout", children: [child] };
  const lines = Array.isArray(warnings) ? warnings.map(String) : [];
  if (options.logging && lines.length > 0) root.logs = lines;
  if (options.measureExecutionTime) root.executionTime = child.executionTime = seconds;
  return root;
}

/** Answers one message of elkjs's protocol. */
export function answer(engine: ElkEngine, message: LayoutMessage, now: () => number): Answer {
  const { id, cmd } = message;
  try {
    switch (cmd) {
      case "register":
        return { id };
      case "layout":
        return { id, data: layoutInPlace(engine, message, now) };
      case "algorithms":
      case "options":
      case "categories":
        return { id, data: JSON.parse(engine.known?.(cmd) ?? "[]") };
      default:
        return { id, error: { message: `Unknown command '${cmd}'.` } };
    }
  } catch (error) {
    return { id, error };
  }
}

/** A worker look-alike: `postMessage` in, `onmessage` out, a turn of the event loop later. */
export class InThreadWorker {
  onmessage: ((event: { data: Answer }) => void) | null = null;
  #engine: Promise<ElkEngine> | undefined;
  #load: () => Promise<ElkEngine>;
  #ended = false;

  constructor(load: () => Promise<ElkEngine>) {
    this.#load = load;
  }

  postMessage(message: LayoutMessage): void {
    setTimeout(() => {
      if (this.#ended) return;
      this.#engine ??= this.#load();
      this.#engine
        .then(
          (engine) => answer(engine, message, () => performance.now()),
          (error: unknown): Answer => {
            this.#engine = undefined;
            return { id: message.id, error };
          },
        )
        .then((data) => {
          if (!this.#ended) this.onmessage?.({ data });
        });
    }, 0);
  }

  terminate(): void {
    this.#ended = true;
  }
}

// As a worker's script it answers elkjs's messages; required elsewhere it gives a worker look-alike.
import { wasm } from "#wasm";
import { answer, InThreadWorker, type LayoutMessage } from "../../src/elk/in-thread.js";
import { decode, load } from "./load.js";

const bytes = (): Uint8Array<ArrayBuffer> => decode(wasm);

/** A worker look-alike in this thread. */
export class Worker extends InThreadWorker {
  constructor(_url?: string) {
    super(() => load(bytes));
  }
}

export { Worker as default };

interface Scope {
  document?: unknown;
  window?: unknown;
  importScripts?: unknown;
  onmessage: ((event: { data: LayoutMessage }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as Scope;
const isWorker = typeof scope.importScripts === "function" && scope.document === undefined && scope.window === undefined;

if (isWorker) {
  scope.onmessage = ({ data }) => {
    load(bytes).then(
      (engine) => scope.postMessage(portable(answer(engine, data, () => performance.now()))),
      (error: unknown) => scope.postMessage(portable({ id: data.id, error })),
    );
  };
}

/** An error keeps its words on the way through a message. */
function portable({ id, data, error }: { id: number | undefined; data?: unknown; error?: unknown }): object {
  if (error === undefined) return { id, data };
  return { id, error: { message: error instanceof Error ? error.message : String(error) } };
}

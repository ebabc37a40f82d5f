// The worker's own module. The first message says where the engine's bytes are; from then on the engine's
// message loop answers. What is asked before it runs is kept for it.
import init, { serveWorker, type InitInput } from "../engine/engine.js";

interface Scope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

/** The first message to the worker. */
export interface Hello {
  /** Absent: the `.wasm` beside the engine's module. */
  wasm?: InitInput;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = (event: MessageEvent<Hello>) => {
  const early: MessageEvent[] = [];
  scope.onmessage = (question) => early.push(question);
  const { wasm = new URL("../engine/engine_bg.wasm", import.meta.url) } = event.data;
  init({ module_or_path: wasm }).then(
    () => {
      serveWorker();
      scope.postMessage({ ready: true });
      for (const question of early) scope.onmessage?.(question);
    },
    (error: unknown) => scope.postMessage({ failed: String(error) }),
  );
};

// The worker's own module. A greeting says where the engine's bytes are; from then on the engine's message loop answers.
// What is asked before it runs is kept for it.
import init, { serveWorker, type InitInput } from "../engine/engine.js";

interface Scope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

/** The greeting. */
export interface Hello {
  /** Absent: the `.wasm` beside the engine's module. */
  wasm?: InitInput;
}

const scope = globalThis as unknown as Scope;

let starting: Promise<void> | undefined;
/** The engine's own message loop, once it runs. */
let answer: ((event: MessageEvent) => void) | null = null;
const early: MessageEvent[] = [];

scope.onmessage = receive;

/**
 * A question, or a greeting. A page may greet its worker before it has anything to ask, and the client that takes the
 * worker over greets again: the engine starts once, and each greeting is answered when it runs.
 */
function receive(event: MessageEvent<Hello | { method: string } | { cancel: number }>): void {
  if ("method" in event.data || "cancel" in event.data) {
    if (answer) answer(event);
    else early.push(event);
    return;
  }
  starting ??= start(event.data);
  starting.then(
    () => scope.postMessage({ ready: true }),
    (error: unknown) => {
      starting = undefined;
      scope.postMessage({ failed: String(error) });
    },
  );
}

async function start({ wasm = new URL("../engine/engine_bg.wasm", import.meta.url) }: Hello): Promise<void> {
  await init({ module_or_path: wasm });
  // The engine's loop puts itself in the place of this one.
  serveWorker();
  answer = scope.onmessage;
  scope.onmessage = receive;
  for (const question of early.splice(0)) answer?.(question);
}

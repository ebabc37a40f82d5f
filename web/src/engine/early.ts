// The engine, fetched and compiled while the page's own code is still on its way, and a worker that waits for it. This
// module is the first that runs, so it imports nothing but addresses.
import Thread from "spandrel/worker-thread?worker";
import engine from "spandrel/engine.wasm?url";

/** `undefined` where it could not be had: the worker then fetches it by itself, and says what is wrong. */
let compiled: Promise<WebAssembly.Module | undefined> = compile();
let waiting: Worker | undefined = new Thread({ name: "spandrel" });

function compile(): Promise<WebAssembly.Module | undefined> {
  return WebAssembly.compileStreaming(fetch(engine)).catch(() => undefined);
}

/** The worker that was made ahead; another where that is in use. */
export function thread(): Worker {
  const made = waiting ?? new Thread({ name: "spandrel" });
  waiting = undefined;
  return made;
}

/** The compiled engine, tried again where it could not be had before. */
export async function compiledEngine(): Promise<WebAssembly.Module | undefined> {
  const found = await compiled;
  if (found) return found;
  compiled = compile();
  return compiled;
}

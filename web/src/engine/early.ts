// A worker in which the engine is fetched and compiled while the page's own code is still on its way. This module is the
// first that runs, so it imports nothing but addresses.
import Thread from "spandrel/worker-thread?worker";
import engine from "spandrel/engine.wasm?url";

/** Where the engine is; of the page, which is not where the worker's own module is. */
export const engineUrl: string = new URL(engine, location.href).href;

let waiting: Worker | undefined = start();

function start(): Worker {
  const worker = new Thread({ name: "spandrel" });
  worker.postMessage({ wasm: engineUrl });
  return worker;
}

/** The worker that was made ahead; another where that is in use. */
export function thread(): Worker {
  const made = waiting ?? start();
  waiting = undefined;
  return made;
}

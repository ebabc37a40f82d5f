import { elkKnown, layoutLogged } from "../api.js";
import { ELK as Api } from "./api.js";
import { InThreadWorker } from "./in-thread.js";
import type { ELKConstructorArguments } from "./types.js";

/** The class over the engine that `init` loads: in the same thread unless a worker is given. */
export function over(init: () => Promise<void>): new (options?: ELKConstructorArguments) => Api {
  const inThread = (): InThreadWorker =>
    new InThreadWorker(async () => {
      await init();
      return { layout: layoutLogged, known: elkKnown };
    });
  return class ELK extends Api {
    constructor(options: ELKConstructorArguments = {}) {
      const own = options.workerFactory !== undefined || options.workerUrl !== undefined;
      super(own ? options : { ...options, workerFactory: inThread });
    }
  };
}

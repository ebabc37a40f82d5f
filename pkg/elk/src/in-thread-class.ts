// The class with a default: the engine in the same thread. A worker is used where one is asked for and can be had.
import { ELK as Api } from "../../src/elk/api.js";
import { InThreadWorker, layoutInPlace } from "../../src/elk/in-thread.js";
import type { ELKConstructorArguments, ElkLayoutArguments, ElkNode, LayoutOptions } from "../../src/elk/types.js";
import { load, loaded } from "./load.js";

export function withDefault(bytes: () => BufferSource): typeof ELK {
  bytesOf = bytes;
  return ELK;
}

let bytesOf: () => BufferSource = () => {
  throw new Error("there is no engine");
};

const inThread = (): InThreadWorker => new InThreadWorker(() => load(bytesOf));

/** What a program written for elkjs constructs. */
export class ELK extends Api {
  static default = ELK;
  #defaults: LayoutOptions;

  constructor(options: ELKConstructorArguments = {}) {
    super(choose(options));
    this.#defaults = options.defaultLayoutOptions ?? {};
  }

  /** Lays out at once, in this thread; the engine must have been loaded by a layout before. */
  layoutSync<T extends ElkNode>(graph: T, { layoutOptions = this.#defaults, logging = false, measureExecutionTime = false, timeoutMs }: ElkLayoutArguments = {}): T {
    const engine = loaded();
    if (!engine) throw new Error("The engine is not loaded yet: await a layout first.");
    return layoutInPlace(engine, { cmd: "layout", graph, layoutOptions, options: { logging, measureExecutionTime, ...(timeoutMs === undefined ? {} : { timeoutMs }) } }, () => performance.now()) as T;
  }
}

function choose(options: ELKConstructorArguments): ELKConstructorArguments {
  if (options.workerFactory !== undefined) return options;
  if (options.workerUrl !== undefined) {
    if (typeof Worker !== "undefined") return options;
    console.warn("A web worker was asked for but there are none here. Layouts run in this thread.");
  }
  return { ...options, workerFactory: inThread };
}

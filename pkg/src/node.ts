import { load, type InitInput } from "./api.js";

/** Loads the engine: read from disk, or from what is given. Safe to call again. */
export function init(input?: InitInput | Promise<InitInput>): Promise<void> {
  return load(async () => {
    if (input !== undefined) return input;
    const { readFile } = await import("node:fs/promises");
    return readFile(new URL("./engine/engine_bg.wasm", import.meta.url));
  });
}

export default init;
export * from "./exports.js";

import { load, type InitInput } from "./api.js";

/**
 * Loads the engine: from the `.wasm` beside this module, or from what is given. Safe to call again.
 */
export function init(input?: InitInput | Promise<InitInput>): Promise<void> {
  return load(() => input ?? new URL("./engine/engine_bg.wasm", import.meta.url));
}

export default init;
export * from "./exports.js";

// Made by `scripts/build.mjs` from the wasm file.
/** The engine in base64. */
export const wasm: string;

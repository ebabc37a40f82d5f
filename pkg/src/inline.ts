import { load } from "./api.js";

/** Loads the engine from bytes that are part of this module, for bundlers that copy no assets. */
export function init(): Promise<void> {
  return load(async () => {
    const { wasm } = await import("./inline-bytes.js");
    return decode(wasm);
  });
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export default init;
export * from "./exports.js";

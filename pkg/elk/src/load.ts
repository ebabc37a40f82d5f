// The engine, instantiated once from bytes that an entry brings.
import { initSync, known, layout } from "#engine";
import type { ElkEngine } from "../../src/elk/in-thread.js";

let engine: ElkEngine | undefined;

/** The loaded engine, `undefined` before. */
export const loaded = (): ElkEngine | undefined => engine;

/** Compiles and instantiates; nothing more on a second call. */
export async function load(bytes: () => BufferSource): Promise<ElkEngine> {
  if (!engine) {
    const module = await WebAssembly.compile(bytes());
    engine ??= instantiate(module);
  }
  return engine;
}

function instantiate(module: WebAssembly.Module): ElkEngine {
  initSync({ module });
  return { layout: (graph, options, timeoutMs) => layout(graph, options, timeoutMs ?? 0), known };
}

/** Bytes of a base64 text. */
export function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// The offline assistant: what a request means, and a diagram for it. `init()` of the main entry comes first; the data
// file of the assistant is loaded on first use.
import { answer as answerNow, clarify as clarifyNow, classify as classifyNow, generate as generateNow, loadAssistBytes } from "./api.js";
import type { Answered, AssistContext, Classified, Generated, Question } from "./types.js";

export { checkRequest, repair, view } from "./api.js";
export type { Answered, AssistContext, Classified, Generated, Intent, Question, Repaired, View } from "./types.js";

let loading: Promise<void> | undefined;

/** Loads the assistant's data: from beside this module, or from what is given. Safe to call again. */
export function loadAssist(bytes?: Uint8Array | Promise<Uint8Array>): Promise<void> {
  loading ??= (async () => loadAssistBytes(await (bytes ?? readBeside())))().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** What a request asks for, decided without a network. */
export async function classify(query: string, context?: AssistContext): Promise<Classified> {
  await loadAssist();
  return classifyNow(query, context);
}

/** What to ask back where a request is `CLARIFY`: a question that names what is missing, and requests that would be understood. */
export async function clarify(query: string, context?: AssistContext): Promise<Question> {
  await loadAssist();
  return clarifyNow(query, context);
}

/** A diagram for a request, or the open one changed as asked, made without a network. */
export async function generate(query: string, context?: AssistContext): Promise<Generated> {
  await loadAssist();
  return generateNow(query, context);
}

/** An answer in words, from a written knowledge base and from facts of the open diagram; says where it does not know. */
export async function answer(query: string, context?: AssistContext): Promise<Answered> {
  await loadAssist();
  return answerNow(query, context);
}

async function readBeside(): Promise<Uint8Array> {
  const url = new URL("./assist.bin", import.meta.url);
  if (url.protocol === "file:") {
    // A name in a variable keeps bundlers from looking for Node's modules.
    const fs = "node:fs/promises";
    const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ fs)) as typeof import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the assistant's data could not be loaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

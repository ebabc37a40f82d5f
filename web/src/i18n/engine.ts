// The engine speaks English, and what it says is a sentence with names and numbers in it: the sentence without them is the
// key of its translation, as gettext has it. What has none stays in English.
import type { Diagnostic } from "spandrel";

/** Sentences of the chosen language, by the English ones; the n-th name or number of that goes where `{n}` stands. */
let sentences: Readonly<Record<string, string>> = {};

export function setSentences(found: Readonly<Record<string, string>>): void {
  sentences = found;
}

/** Names stand in backticks, numbers by themselves. */
const PARTS = /`[^`]*`|(?<!\w)\d+(?!\w)/g;

/** The key of a sentence. */
export const keyOf = (sentence: string): string => sentence.replace(PARTS, "{}");

/** A sentence of the engine in the language that was chosen. */
export function inWords(sentence: string): string {
  const found = sentences[keyOf(sentence)];
  if (found === undefined) return sentence;
  const parts = sentence.match(PARTS) ?? [];
  return found.replace(/\{(\d)\}/g, (hole, n) => parts[Number(n)] ?? hole);
}

/** The same for everything that a diagnostic says. */
export function diagnosticInWords(diagnostic: Diagnostic): Diagnostic {
  const { message, help, fixes } = diagnostic;
  return {
    ...diagnostic,
    message: inWords(message),
    ...(help ? { help: inWords(help) } : {}),
    ...(fixes ? { fixes: fixes.map((fix) => ({ ...fix, title: inWords(fix.title) })) } : {}),
  };
}

import type { EditorState } from "@codemirror/state";
import type { Completion, Edited, Hover, OffsetRange, Range, Token } from "../types.js";

/** Who answers: a `WorkerDocument` fits, and so does a `Document`. */
export interface LanguageService {
  tokens(range: OffsetRange): Promise<Token[]> | Token[];
  complete?(offset: number): Promise<Completion[]> | Completion[];
  hover?(offset: number): Promise<Hover | null> | Hover | null;
  folding?(): Promise<OffsetRange[]> | OffsetRange[];
  definition?(offset: number): Promise<Range | null> | Range | null;
  rename?(offset: number, name: string): Promise<Edited> | Edited;
}

/** Gives the service with its text brought up to date; `undefined` while there is none. */
export type ServiceProvider = (state: EditorState) => Promise<LanguageService | undefined> | LanguageService | undefined;

/** A superseded or failed question is no answer; the next change asks again. */
export async function quietly<T>(answer: Promise<T> | T | undefined): Promise<T | undefined> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

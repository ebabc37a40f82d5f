import type { TextEdit } from "spandrel";

/** Where the text lives: the one source of truth, with the one undo history. */
export interface TextHost {
  text(): string;
  /** Applies edits of one gesture as one step of the history. */
  apply(edits: TextEdit[][], from: { selectAfter?: boolean }): void;
  /** Replaces the whole text as one step; the smallest difference is what changes. */
  setText(text: string): void;
  /** Takes over what another tab made of the text: its step of the history, not this one's. */
  follow(text: string): void;
  undo(): boolean;
  redo(): boolean;
  /** Shows and focuses a range. */
  reveal(from: number, to: number): void;
}

/** A host without an editor, for the time before it is mounted and for tests. */
export class PlainHost implements TextHost {
  #text: string;
  #past: string[] = [];
  #future: string[] = [];
  onChange: ((text: string) => void) | undefined;

  constructor(text = "") {
    this.#text = text;
  }

  text(): string {
    return this.#text;
  }

  apply(steps: TextEdit[][]): void {
    let text = this.#text;
    for (const edits of steps) text = applyEdits(text, edits);
    this.setText(text);
  }

  setText(text: string): void {
    if (text === this.#text) return;
    this.#past.push(this.#text);
    this.#future = [];
    this.#set(text);
  }

  follow(text: string): void {
    this.setText(text);
  }

  undo(): boolean {
    const text = this.#past.pop();
    if (text === undefined) return false;
    this.#future.push(this.#text);
    this.#set(text);
    return true;
  }

  redo(): boolean {
    const text = this.#future.pop();
    if (text === undefined) return false;
    this.#past.push(this.#text);
    this.#set(text);
    return true;
  }

  reveal(): void {}

  #set(text: string): void {
    this.#text = text;
    this.onChange?.(text);
  }
}

/** Edits of one list all refer to the text before any of them. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.from - b.from || a.to - b.to);
  let result = "";
  let done = 0;
  for (const edit of sorted) {
    result += text.slice(done, edit.from) + edit.insert;
    done = edit.to;
  }
  return result + text.slice(done);
}

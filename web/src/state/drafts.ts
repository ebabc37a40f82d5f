// What is being worked on, kept at every pause of typing and when the page goes away. Synchronous storage, because
// a page that is being closed waits for nothing else.
import type { StoredDrawing } from "spandrel";

/** A design as it stands in this browser. */
export interface Draft {
  id: string;
  name: string;
  source: string;
  /** The last text without errors: what `drawing` shows. */
  good: string;
  drawing: StoredDrawing;
  board: string;
  /** The server's code of it, once there is one. */
  code: string | null;
  /** The newest version that the text came from, 0 for none. */
  base: number;
  viewport: { x: number; y: number; zoom: number } | null;
  messages: unknown[];
}

const CURRENT = "spandrel:current";
const key = (id: string): string => `spandrel:draft:${id}`;

export function newDraft(name: string): Draft {
  return {
    id: crypto.randomUUID(),
    name,
    source: "",
    good: "",
    drawing: null,
    board: "",
    code: null,
    base: 0,
    viewport: null,
    messages: [],
  };
}

/** The draft that was open last; `undefined` on a first visit or where what is stored cannot be read. */
export function currentDraft(storage: Storage = localStorage): Draft | undefined {
  try {
    const id = storage.getItem(CURRENT);
    const text = id === null ? null : storage.getItem(key(id));
    if (text === null) return undefined;
    const draft = JSON.parse(text) as Partial<Draft>;
    if (typeof draft.id !== "string" || typeof draft.source !== "string") return undefined;
    return { ...newDraft(""), ...draft } as Draft;
  } catch {
    return undefined;
  }
}

/** Keeps a draft. Where there is no room for its drawing the text is kept without: it can be drawn again. */
export function keepDraft(draft: Draft, storage: Storage = localStorage): boolean {
  const attempts = [draft, { ...draft, drawing: null, messages: [] }];
  for (const attempt of attempts) {
    try {
      storage.setItem(key(draft.id), JSON.stringify(attempt));
      storage.setItem(CURRENT, draft.id);
      return true;
    } catch {
      // Full, or refused by the browser: try with less.
    }
  }
  return false;
}

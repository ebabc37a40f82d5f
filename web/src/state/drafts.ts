// What is being worked on. The draft of this tab is kept in synchronous storage, because a page that is being closed
// waits for nothing else; all designs are kept in the browser's database.
import type { StoredDrawing } from "spandrel";
import { getAll, get, put, remove } from "./db";

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
  /** The account it belongs to, once it is on the server: nobody else sees it. */
  account: string | null;
  /** The newest version that the text came from, 0 for none. */
  base: number;
  viewport: { x: number; y: number; zoom: number } | null;
  messages: unknown[];
  /** Milliseconds since 1970. */
  updatedAt: number;
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
    account: null,
    base: 0,
    viewport: null,
    messages: [],
    updatedAt: Date.now(),
  };
}

/** The design that is open in this tab, else the one that was open last in any. */
const currentId = (storage: Storage, tab: Storage | undefined): string | null =>
  tab?.getItem(CURRENT) ?? storage.getItem(CURRENT);

/** The draft that was open last; `undefined` on a first visit or where what is stored cannot be read. */
export function currentDraft(storage: Storage = localStorage, tab: Storage | undefined = sessionStorageOf()): Draft | undefined {
  try {
    const id = currentId(storage, tab);
    return id === null ? undefined : parse(storage.getItem(key(id)));
  } catch {
    return undefined;
  }
}

function sessionStorageOf(): Storage | undefined {
  return typeof sessionStorage === "undefined" ? undefined : sessionStorage;
}

function parse(text: string | null): Draft | undefined {
  if (text === null) return undefined;
  const draft = JSON.parse(text) as Partial<Draft>;
  if (typeof draft.id !== "string" || typeof draft.source !== "string") return undefined;
  return { ...newDraft(""), ...draft } as Draft;
}

/** Keeps a draft. Where there is no room for its drawing the text is kept without: it can be drawn again. */
export function keepDraft(draft: Draft, storage: Storage = localStorage, tab: Storage | undefined = sessionStorageOf()): boolean {
  const attempts = [draft, { ...draft, drawing: null, messages: [] }];
  for (const attempt of attempts) {
    try {
      storage.setItem(key(draft.id), JSON.stringify(attempt));
      storage.setItem(CURRENT, draft.id);
      tab?.setItem(CURRENT, draft.id);
      return true;
    } catch {
      // Full, or refused by the browser: try with less.
    }
  }
  return false;
}

/** Puts a draft into the database; once it is there, synchronous storage need not hold it any longer. */
export async function storeDraft(draft: Draft, isOpen: boolean): Promise<void> {
  await put("designs", draft);
  if (!isOpen) localStorage.removeItem(key(draft.id));
}

/** A design of this browser by its id: the newer of the two places where it may be. */
export async function readDraft(id: string): Promise<Draft | undefined> {
  let quick: Draft | undefined;
  try {
    quick = parse(localStorage.getItem(key(id)));
  } catch {
    quick = undefined;
  }
  const stored = await get<Draft>("designs", id);
  if (!quick || !stored) return quick ?? stored;
  return quick.updatedAt >= stored.updatedAt ? quick : stored;
}

/** All designs of this browser, the newest first. */
export async function allDrafts(): Promise<Draft[]> {
  const stored = await getAll<Draft>("designs");
  return stored.sort((a, b) => b.updatedAt - a.updatedAt);
}

export async function removeDraft(id: string): Promise<void> {
  localStorage.removeItem(key(id));
  await remove("designs", id);
}

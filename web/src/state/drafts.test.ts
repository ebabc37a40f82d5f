import { beforeEach, expect, test } from "vitest";
import { currentDraft, keepDraft, newDraft } from "./drafts";

class MemoryStorage {
  room = Infinity;
  entries = new Map<string, string>();
  get length(): number {
    return this.entries.size;
  }
  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
  }
  removeItem(key: string): void {
    this.entries.delete(key);
  }
  clear(): void {
    this.entries.clear();
  }
  key(): string | null {
    return null;
  }
}

let storage: MemoryStorage;
beforeEach(() => {
  storage = new MemoryStorage();
});

test("what is kept comes back whole", () => {
  const draft = { ...newDraft("Shop"), source: "a -> b", drawing: { engine: "0", boards: {} }, viewport: { x: 1, y: 2, zoom: 0.5 } };
  expect(keepDraft(draft, storage)).toBe(true);
  expect(currentDraft(storage)).toEqual(draft);
});

test("on a first visit there is none, and neither where what is stored is damaged", () => {
  expect(currentDraft(storage)).toBeUndefined();
  storage.setItem("spandrel:current", "x");
  storage.setItem("spandrel:draft:x", "{ broken");
  expect(currentDraft(storage)).toBeUndefined();
  storage.setItem("spandrel:draft:x", '{"id":7}');
  expect(currentDraft(storage)).toBeUndefined();
});

test("a full storage keeps the text at least", () => {
  const draft = { ...newDraft("Shop"), source: "a -> b", drawing: { engine: "x".repeat(5000), boards: {} } };
  storage.room = 1000;
  expect(keepDraft(draft, storage)).toBe(true);
  expect(currentDraft(storage)).toMatchObject({ source: "a -> b", drawing: null });
  storage.room = 10;
  expect(keepDraft(draft, storage)).toBe(false);
});

// What a person has chosen for this browser. Nothing of it is in a design.
import { useSyncExternalStore } from "react";

export interface Preferences {
  /** Who answers: the server where there is one, or always this browser. */
  assistant: "server" | "browser";
  /** Which of the server's models draws; `""`: the server chooses. */
  model: string;
  /** Whether findings of the style pack are listed. */
  style: boolean;
  /** BCP 47; `""`: as the browser says. */
  language: string;
}

const KEY = "spandrel:preferences";
const DEFAULTS: Preferences = { assistant: "server", model: "", style: true, language: "" };

let current: Preferences = read();
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const preferences = {
  get: (): Preferences => current,
  onChange: (listener: () => void): unknown => listeners.add(listener),
  set(change: Partial<Preferences>): void {
    current = { ...current, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(current));
    } catch {
      // Not remembered, then.
    }
    for (const listener of listeners) listener();
  },
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences.get);

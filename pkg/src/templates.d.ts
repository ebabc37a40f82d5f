// Made by `scripts/build.mjs` from the catalogue.
/** A whole design to begin with. */
export interface Template {
  /** Stable, of letters, digits and `_`. */
  id: string;
  title: string;
  category: string;
  /** What it shows, one line. */
  description: string;
  /** D2. */
  source: string;
}

/** In the order of a gallery. */
export const templates: readonly Template[];

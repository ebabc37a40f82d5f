// Made by `scripts/build.mjs` from the names in the catalogue and Iconify's "logos" (CC0; the marks belong to their owners).
/** The inside of an SVG on a 24 by 24 grid, by name (`logos:postgresql`). */
export const logos: Readonly<Record<string, string>>;

// Made by `scripts/build.mjs` from the catalogue and the Material Design Icons (Apache-2.0).
/** Path data on a 24 by 24 grid, by name (`mdi:database`). */
export const icons: Readonly<Record<string, string>>;

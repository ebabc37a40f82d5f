// The icons and logos that a diagram may name, each as the inside of a 24 by 24 SVG. Files of their own, loaded when they
// are first needed.

/** The icons of the catalogue (`mdi:database`), in the colour of what is around them. */
export async function iconPictures(): Promise<Record<string, string>> {
  const { icons } = await import("spandrel/icons");
  return Object.fromEntries(Object.entries(icons).map(([name, d]) => [name, `<path fill="currentColor" d="${d}"/>`]));
}

/** The logos of vendors (`logos:postgresql`). Not kept ahead of time: without a network there may be none. */
export const logoPictures = async (): Promise<Readonly<Record<string, string>>> => (await import("spandrel/logos")).logos;

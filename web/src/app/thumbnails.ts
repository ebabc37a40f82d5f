// Small pictures of diagrams: SVG from the engine, one after the other, and none while a person's own diagram is drawn.
import { icons } from "spandrel/icons";
import { useStudio } from "../state/store";
import { studio } from "./studio";

/** Pictures that are kept for the next time. */
const KEPT = 200;

const made = new Map<string, Promise<string>>();
let last: Promise<unknown> = Promise.resolve();

const assets = {
  icons: Object.fromEntries(Object.entries(icons).map(([name, d]) => [name, `<path fill="currentColor" d="${d}"/>`])),
};

/** The address of a picture; the same for the same text. */
export function thumbnail(source: string, dark: boolean): Promise<string> {
  const key = `${dark ? "dark" : "light"}\n${source}`;
  const known = made.get(key);
  if (known) return known;
  const picture = last.then(() => draw(source, dark));
  last = picture.catch(() => undefined);
  made.set(key, picture);
  for (const oldest of made.keys()) {
    if (made.size <= KEPT) break;
    void made.get(oldest)?.then(URL.revokeObjectURL, () => undefined);
    made.delete(oldest);
  }
  return picture;
}

async function draw(source: string, dark: boolean): Promise<string> {
  await idle();
  const svg = await studio.session.engine.render(source, { format: "svg", dark, assets });
  return URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
}

/** Resolves once the engine is not busy with the open design. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (!useStudio.getState().busy) return resolve();
    const stop = useStudio.subscribe(({ busy }) => {
      if (busy) return;
      stop();
      resolve();
    });
  });
}

// Small pictures of diagrams: SVG from the engine, one after the other, and none while a person's own diagram is drawn.
import type { StoredDrawing } from "spandrel";
import { useStudio } from "../state/store";
import { loadAssets } from "./export";
import { studio } from "./studio";

/** What is drawn: a text, and where things stood. */
export interface Pictured {
  source: string;
  drawing?: StoredDrawing;
}

/** Pictures that are kept for the next time. */
const KEPT = 200;

const made = new Map<string, Promise<string>>();
let last: Promise<unknown> = Promise.resolve();

/** A drawing larger than this many times its picture cannot be read in it: then its words are left out. */
const READABLE = 3;
const PICTURE = { width: 240, height: 150 };

/** Shapes and lines alone, whole where a label lay over them, and seen however small they are drawn. */
const OUTLINES = "<style>.sp :is(text,rect[fill-opacity]){display:none}.sp *{vector-effect:non-scaling-stroke;stroke-width:1px}</style>";

/** The address of a picture; the same for the same text. */
export function thumbnail({ source, drawing }: Pictured, dark: boolean): Promise<string> {
  const key = `${dark ? "dark" : "light"}\n${JSON.stringify(drawing ?? null)}\n${source}`;
  const known = made.get(key);
  if (known) return known;
  const picture = last.then(() => draw(source, drawing, dark));
  last = picture.catch(() => undefined);
  made.set(key, picture);
  for (const oldest of made.keys()) {
    if (made.size <= KEPT) break;
    void made.get(oldest)?.then(URL.revokeObjectURL, () => undefined);
    made.delete(oldest);
  }
  return picture;
}

async function draw(source: string, drawing: StoredDrawing, dark: boolean): Promise<string> {
  await idle();
  const assets = await loadAssets(source);
  const options = { format: "svg" as const, dark, previous: drawing };
  let svg = await studio.session.engine.render(source, { ...options, assets: { ...assets, fonts: [] } });
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const times = Math.max(Number(width) / PICTURE.width, Number(height) / PICTURE.height);
  if (times > READABLE) svg = svg.replace(/<\/svg>\s*$/, `${OUTLINES}</svg>`);
  else svg = await studio.session.engine.render(source, { ...options, assets });
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

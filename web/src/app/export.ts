// Files made of the diagram: SVG by the engine, with its fonts and icons inside; PNG by the browser from that SVG.
import type { Assets, FontAsset } from "spandrel";
import inter400 from "@fontsource/inter/files/inter-latin-400-normal.woff2?url";
import inter400i from "@fontsource/inter/files/inter-latin-400-italic.woff2?url";
import inter600 from "@fontsource/inter/files/inter-latin-600-normal.woff2?url";
import inter600i from "@fontsource/inter/files/inter-latin-600-italic.woff2?url";
import mono400 from "@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2?url";
import { i18n } from "../i18n";
import { notify, useStudio } from "../state/store";
import { iconPictures, logoPictures } from "../ui/pictures";
import { studio } from "./studio";

/** Device pixels of a PNG for each pixel of the drawing. */
const SCALE = 2;
/** Beyond this a browser's canvas fails. */
const MOST_PIXELS = 120_000_000;

const t = i18n.t.bind(i18n);

let assets: Promise<Assets> | undefined;

async function font(url: string, family: string, weight: number, italic: boolean): Promise<FontAsset> {
  const response = await fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { family, weight, italic, mime: "font/woff2", base64: btoa(text) };
}

/** What a picture of `source` carries: icons, fonts, and the logos that it names. */
export async function loadAssets(source: string): Promise<Assets> {
  const always = await alwaysCarried();
  if (!source.includes("logos:")) return always;
  const logos = await logoPictures().catch(() => ({}));
  const named = Object.entries(logos).filter(([name]) => source.includes(name));
  return { ...always, icons: { ...always.icons, ...Object.fromEntries(named) } };
}

function alwaysCarried(): Promise<Assets> {
  assets ??= (async () => ({
    icons: await iconPictures(),
    fonts: await Promise.all([
      font(inter400, "Inter", 400, false),
      font(inter600, "Inter", 600, false),
      font(inter400i, "Inter", 400, true),
      font(inter600i, "Inter", 600, true),
      font(mono400, "JetBrains Mono", 400, false),
    ]),
  }))().catch((error: unknown) => {
    assets = undefined;
    throw error;
  });
  return assets;
}

async function svg(): Promise<string> {
  const { name, board, dark } = useStudio.getState();
  return studio.session.engine.render(studio.text, {
    format: "svg",
    board,
    dark,
    title: name,
    previous: studio.session.drawing,
    assets: await loadAssets(studio.text),
  });
}

async function png(): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([await svg()], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / Math.max(1, image.width * image.height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(image.width * scale);
    canvas.height = Math.ceil(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(t("export.tooLarge")))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

function download(blob: Blob, ending: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = `${fileName(useStudio.getState().name)}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const safe = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return safe === "" ? "diagram" : safe.toLowerCase();
}

async function said(work: () => Promise<string | void>): Promise<void> {
  try {
    const done = await work();
    if (done) notify("info", done);
  } catch (error) {
    notify("error", t("export.failed", { reason: (error as Error).message }));
  }
}

export const exports = {
  svg: () => said(async () => download(new Blob([await svg()], { type: "image/svg+xml" }), "svg")),
  png: () => said(async () => download(await png(), "png")),
  d2: () => said(async () => download(new Blob([studio.text], { type: "text/plain" }), "d2")),
  json: () =>
    said(async () => {
      const { board } = useStudio.getState();
      const text = await studio.session.engine.render(studio.text, { format: "json", board, previous: studio.session.drawing });
      download(new Blob([text], { type: "application/json" }), "json");
    }),
  copyImage: () =>
    said(async () => {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png() })]);
      return t("export.copied");
    }),
  copyText: () =>
    said(async () => {
      await navigator.clipboard.writeText(studio.text);
      return t("export.copied");
    }),
  copyLink: () =>
    said(async () => {
      const { shareLink } = await import("./share");
      await navigator.clipboard.writeText(await shareLink(studio.text, location.origin));
      return t("export.linkCopied");
    }),
};

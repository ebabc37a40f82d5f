// S18: texts that want to become scripts, in every place where a diagram carries a text. They are shown or dropped; no
// script of theirs runs and nothing is asked of anyone: on the canvas, while it is measured, in the exported picture
// opened without any policy, and in what the server hands out. Every test of this folder watches the content policy (S19).
import { readFileSync } from "node:fs";
import init, { compile } from "../../../pkg/dist/node.js";
import { expect, test } from "../fixtures.js";

/** Sets the mark that must stay unset. */
const RUN = "window.hacked=1";
/** A place that must not be asked for anything. */
const AWAY = "https://away.invalid/x";

/** Ways to have a script run from a text that becomes markup. */
function markup(): string[] {
  const handlers = ["onerror", "onload", "onfocus", "onmouseover", "onclick", "onanimationstart", "ontoggle", "onbegin"];
  const carriers: ((handler: string) => string)[] = [
    (on) => `<img src=x ${on}=${RUN}>`,
    (on) => `<svg ${on}=${RUN}></svg>`,
    (on) => `"><body ${on}=${RUN} tabindex=0 autofocus>`,
    (on) => `<input autofocus ${on}="${RUN}">`,
    (on) => `<details open ${on}=${RUN}>x</details>`,
    (on) => `</text><image href=x ${on}=${RUN} />`,
    (on) => `' ${on}='${RUN}' x='`,
    (on) => `" ${on}="${RUN}" style="animation-name:x`,
  ];
  const alone = [
    `<script>${RUN}</script>`,
    `<ScRiPt>${RUN}</sCrIpT>`,
    `</script><script>${RUN}</script>`,
    `</style><script>${RUN}</script>`,
    `</title></textarea><script>${RUN}</script>`,
    `]]><script>${RUN}</script>`,
    `--><script>${RUN}</script>`,
    `<svg><script>${RUN}</script></svg>`,
    `<svg><script href="data:text/javascript,${RUN}"/></svg>`,
    `<svg><animate attributeName=href values="javascript:${RUN}" /></svg>`,
    `<svg><set attributeName=onload to="${RUN}"/></svg>`,
    `<svg><use href="data:image/svg+xml,<svg id=x onload=${RUN}/>#x"/></svg>`,
    `<foreignObject><iframe srcdoc="<script>parent.${RUN}</script>"></iframe></foreignObject>`,
    `<iframe src="javascript:parent.${RUN}"></iframe>`,
    `<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>`,
    `<object data="data:text/html,<script>opener.hacked=1</script>"></object>`,
    `<embed src="javascript:${RUN}">`,
    `<math><mtext></mtext><script>${RUN}</script></math>`,
    `<math href="javascript:${RUN}">x</math>`,
    `<a href="javascript:${RUN}">x</a>`,
    `<form action="javascript:${RUN}"><button>x</button></form>`,
    `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
    `<meta http-equiv=refresh content="0;url=${AWAY}">`,
    `<base href="${AWAY}/">`,
    `<link rel=stylesheet href="${AWAY}">`,
    `<style>@import "${AWAY}";</style>`,
    `<div style="background:url(${AWAY})">x</div>`,
    `<img src="${AWAY}"><img srcset="${AWAY} 2x">`,
    `<video poster="${AWAY}" src="${AWAY}"></video>`,
    `<template><script>${RUN}</script></template>`,
    `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
    `<xmp><img src=x onerror=${RUN}></xmp>`,
    `&lt;script&gt;${RUN}&lt;/script&gt;`,
    `&#60;img src=x onerror=${RUN}&#62;`,
    `\u003cimg src=x onerror=${RUN}\u003e`,
    `<<img src=x onerror=${RUN}>`,
    `<img/src=x/onerror=${RUN}>`,
    `<img src=x onerror\n=${RUN}>`,
    `{{constructor.constructor('${RUN}')()}}`,
    "<img src=`x` onerror=" + RUN + ">",
    `<!--<img src="--><img src=x onerror=${RUN}//">`,
  ];
  return [...carriers.flatMap((carrier) => handlers.map(carrier)), ...alone];
}

/** Addresses that are no addresses of pages. */
const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `java\nscript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `javascript&colon;${RUN}`,
  `vbscript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`,
  `blob:${AWAY}`,
  "file:///etc/passwd",
  `//away.invalid/x`,
];

function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("$", "\\$");
  return `"${escaped}"`;
}

/** Whether D2 takes it: broken markup in Markdown is refused, and a refused text is not drawn at all. */
const isTaken = (source: string): boolean => !compile(source).diagnostics.some(({ severity }) => severity === "error");

/**
 * Each payload in one place after the other: label, tooltip, a connection's label, a table's row, a class, a title.
 * Where D2 refuses it in that place it is a label.
 */
function places(payloads: string[]): string {
  const places: ((text: string, id: string) => string)[] = [
    (text, id) => `${id}: ${text}`,
    (text, id) => `${id}: Node {\n  tooltip: ${text}\n}`,
    (text, id) => `${id}: Node\n${id} -> ${id}: ${text}`,
    (text, id) => `${id}: Table {\n  shape: sql_table\n  ${text}: ${text} {constraint: primary_key}\n}`,
    (text, id) => `${id}: ${text} {\n  class: ${text}\n  inner: Inner\n}`,
    (text, id) => `${id}: Class {\n  shape: class\n  ${text}: ${text}\n}`,
    (text, id) => `${id}: {\n  label: ${text}\n  shape: page\n}`,
  ];
  const write = (payload: string, index: number): string => {
    const id = `n${index}`;
    const source = places[index % places.length]!(quoted(payload), id);
    return isTaken(source) ? source : places[0]!(quoted(payload), id);
  };
  return payloads.map(write).join("\n");
}

test("s18: texts in a diagram never become scripts or requests", async ({ page, studio, server, browser, watch }) => {
  // Chromium styles what is typed over a selection of coloured text by itself, which the content policy forbids it.
  watch.allow("style-src");
  await init();
  const payloads = markup();
  expect(payloads.length + ADDRESSES.length).toBeGreaterThan(100);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const mark = (): Promise<unknown> => page.evaluate(() => (window as { hacked?: number }).hacked);
  await page.getByRole("button", { name: "Start with an empty page" }).click();

  const export_ = async (): Promise<string> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "SVG picture", exact: true }).click();
    return readFileSync(await (await download).path()).toString();
  };
  /** Opens a picture as a part of a page without any policy, where everything in it that can run does. */
  const open = async (svg: string): Promise<void> => {
    const bare = await browser.newPage();
    const asked: string[] = [];
    bare.on("request", (request) => {
      if (/^(https?|file):/.test(request.url())) asked.push(request.url());
    });
    await bare.setContent(`<!doctype html><title>bare</title>${svg}`);
    for (const link of await bare.locator("a").all()) {
      const address = (await link.getAttribute("href")) ?? (await link.getAttribute("xlink:href")) ?? "";
      // As a browser reads it: relative ones, `javascript&colon;…` among them, are addresses of pages.
      const { protocol } = new URL(address, "https://bare.invalid/");
      expect(protocol, `a link in the picture: ${address}`).toMatch(/^(https?|mailto):$/);
    }
    await bare.mouse.move(300, 300);
    await bare.mouse.move(310, 310);
    await bare.waitForTimeout(300);
    expect(await bare.evaluate(() => (window as { hacked?: number }).hacked), "a script of the picture ran").toBeUndefined();
    expect(asked, "requests of the picture").toEqual([]);
    await bare.close();
  };

  // In parts, as a person would have them: each is drawn, measured and exported.
  const size = 21;
  const sources: string[] = [];
  for (let from = 0; from < payloads.length; from += size) sources.push(places(payloads.slice(from, from + size)));
  // Markdown, code and links have a way of their own to the page.
  const prose = (payload: string, index: number): string => `m${index}: |||md\n  ${payload.replaceAll("\n", " ")}\n|||`;
  for (let from = 0; from < payloads.length; from += 40) {
    sources.push(payloads.slice(from, from + 40).map(prose).filter(isTaken).join("\n"));
  }
  const linked = ADDRESSES.map((address, index) => `l${index}: Link {\n  link: ${quoted(address)}\n}`);
  const written = ADDRESSES.map((address, index) => `k${index}: |md\n  [x](${address.replaceAll(/\s/g, "")})\n|`);
  sources.push(linked.filter(isTaken).join("\n"), written.filter(isTaken).join("\n"));
  const drawn = sources.join("\n").match(/^[nmlk]\d+: /gm)?.length ?? 0;
  expect(drawn, "payloads that are drawn in some place").toBeGreaterThan(120);
  for (const [index, source] of sources.entries()) {
    await studio.write(`mark${index}: Mark ${index}\n${source}\n`);
    await expect(studio.node(`mark${index}`), `part ${index} is drawn`).toBeVisible();
    for (const link of await studio.canvas.locator("a[href]").all()) {
      expect(await link.getAttribute("href"), "a link on the canvas").toMatch(/^(https?:|mailto:|#)/);
    }
    // Whatever lies over it, the tools of the selected node for one: the pointer passes over the node's place.
    await studio.canvas.locator(".react-flow__node").first().hover({ force: true });
    expect(await mark(), `a script of part ${index} ran`).toBeUndefined();
    await open(await export_());
  }
  expect(dialogs).toEqual([]);

  // As the server draws it. The file is to be kept, and could run nothing if it were opened.
  const project = await page.request.post(`${server.url}/v1/projects`, { data: { name: payloads[0] } });
  const { project_code: code } = (await project.json()) as { project_code: string };
  const saved = await page.request.post(`${server.url}/v1/projects/${code}/versions`, {
    data: { source: sources[0], base_version: 0 },
  });
  expect(saved.status(), await saved.text()).toBe(201);
  const picture = await page.request.get(`${server.url}/v1/projects/${code}/versions/1`, {
    headers: { accept: "image/svg+xml" },
  });
  expect(picture.headers()["content-disposition"]).toContain("attachment");
  expect(picture.headers()["x-content-type-options"]).toBe("nosniff");
  expect(picture.headers()["content-security-policy"]).toContain("sandbox");
  await open(await picture.text());
});

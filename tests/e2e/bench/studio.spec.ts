// The studio, measured as a person meets it: nothing here can fail for being slow.
import { deflateRawSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, Studio, test } from "../fixtures.js";
import { median, ms, p95, sizes, write } from "./report.js";
import { system } from "./sources.js";

const COLD_RUNS = 7;
const KEYS = 30;
const PAN_SECONDS = 4;

const link = (url: string, source: string): string => `${url}/#d2=${deflateRawSync(Buffer.from(source)).toString("base64url")}`;

/** Opens a source in a page of its own and waits until it is drawn. */
async function open(page: Page, url: string, nodes: number): Promise<Studio> {
  await page.goto(link(url, system(nodes)));
  const studio = new Studio(page);
  await expect(studio.nodes.first()).toBeVisible({ timeout: 120_000 });
  await expect(studio.page.locator("[data-settling]")).toHaveCount(0);
  return studio;
}

test("figures", async ({ browser, server, watch }) => {
  watch.allow("");
  const rows: [string, string, string][] = [];

  const cold: number[] = [];
  for (let run = 0; run < COLD_RUNS; run++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
    const page = await context.newPage();
    await page.addInitScript(watchFirstDiagram);
    await page.goto(link(server.url, system(20)));
    await page.waitForFunction(() => (window as unknown as Measured).firstDiagram !== undefined, undefined, { timeout: 60_000 });
    cold.push(await page.evaluate(() => (window as unknown as Measured).firstDiagram as number));
    await context.close();
  }
  rows.push(["first diagram after a cold load (20 nodes), median", ms(median(cold)), "≤ 600 ms"]);

  for (const [nodes, aim] of [[50, 50], [300, 100], [1_000, 400]] as const) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
    const page = await context.newPage();
    const studio = await open(page, server.url, nodes);
    const { times, longest, tasks } = await type(page, studio);
    rows.push([`keystroke to painted canvas, ${nodes} nodes, p95 (median)`, `${ms(p95(times))} (${ms(median(times))})`, `≤ ${aim} ms`]);
    rows.push([`longest main-thread task while typing, ${nodes} nodes (tasks over 50 ms)`, longest === 0 ? "under 50 ms" : `${ms(longest)} (${tasks})`, "≤ 50 ms"]);
    if (nodes === 1_000) {
      const frames = await pan(page, studio);
      rows.push(["pan at zoom 1, 1,000 nodes, frame p95 (median)", `${ms(p95(frames))} (${ms(median(frames))})`, "≤ 17 ms"]);
    }
    await context.close();
  }
  rows.push(...sizes());
  write(rows, browser.version());
});

interface Measured {
  firstDiagram?: number;
  keyTimes: number[];
  longTasks: number[];
  frames: number[];
}

/** Runs in the page: when the first node is on the screen, in milliseconds since the navigation began. */
function watchFirstDiagram(): void {
  const look = (): void => {
    if (document.querySelector(".react-flow__node")) {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => ((window as unknown as Measured).firstDiagram = performance.now());
        channel.port2.postMessage(0);
      });
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/** Types into the label of the first service; each key counts until its letter is painted on the canvas. */
async function type(page: Page, studio: Studio): Promise<{ times: number[]; longest: number; tasks: number }> {
  await studio.editor.evaluate((content) => {
    const { view } = (content as unknown as { cmTile: { view: { state: { doc: { toString(): string } }; dispatch(spec: object): void; focus(): void } } }).cmTile;
    const at = view.state.doc.toString().indexOf("Service 0.0") + "Service 0.0".length;
    view.dispatch({ selection: { anchor: at } });
    view.focus();
  });
  // One looks at what one writes: the node in the middle, about life-size.
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("go to service 0.0");
  await page.keyboard.press("Enter");
  await studio.editor.focus();
  await page.waitForTimeout(1_000);
  await page.evaluate(() => {
    const measured = window as unknown as Measured;
    measured.keyTimes = [];
    measured.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) measured.longTasks.push(entry.duration);
    }).observe({ type: "longtask" });
    let begun = 0;
    let expected = "Service 0.0";
    const label = (): string => document.querySelector('.react-flow__node[data-id="g0.s0"]')?.textContent ?? "";
    addEventListener(
      "keydown",
      (event) => {
        if (event.key.length !== 1) return;
        begun = performance.now();
        expected += event.key;
      },
      true,
    );
    new MutationObserver(() => {
      if (begun === 0 || !label().includes(expected)) return;
      const from = begun;
      begun = 0;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => measured.keyTimes.push(performance.now() - from);
        channel.port2.postMessage(0);
      });
    }).observe(document.querySelector(".react-flow") as Element, { subtree: true, childList: true, characterData: true });
  });
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press("abcdefghij"[key % 10] as string);
    await page.waitForFunction((count) => (window as unknown as Measured).keyTimes.length > count, key, { timeout: 60_000 });
    await page.waitForTimeout(120);
  }
  return page.evaluate(() => {
    const { keyTimes, longTasks } = window as unknown as Measured;
    return { times: keyTimes, longest: Math.max(0, ...longTasks), tasks: longTasks.length };
  });
}

/** Drags the canvas about at zoom 1 and takes the time of every frame. */
async function pan(page: Page, studio: Studio): Promise<number[]> {
  const box = await studio.canvas.boundingBox();
  if (!box) throw new Error("there is no canvas");
  // Wheel with control zooms about the pointer; the tools' own buttons step until the scale is 1.
  const scale = (): Promise<number> =>
    studio.canvas.locator(".react-flow__viewport").evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  for (let step = 0; step < 60 && (await scale()) < 0.99; step++) {
    await studio.canvas.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForTimeout(40);
  }
  await page.waitForTimeout(600);
  await page.evaluate(() => {
    const measured = window as unknown as Measured;
    measured.frames = [];
    let last = performance.now();
    const next = (now: number): void => {
      measured.frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  // A drag on the empty board pans; dragging on and on in circles goes through all that is there.
  const empty = await page.evaluate(({ x, y, width, height }) => {
    for (let row = 1; row < 40; row++) {
      for (let column = 1; column < 40; column++) {
        const at = { x: x + (width * column) / 40, y: y + (height * row) / 40 };
        if (document.elementFromPoint(at.x, at.y)?.classList.contains("react-flow__pane")) return at;
      }
    }
    return undefined;
  }, box);
  if (!empty) throw new Error("there is no empty place to pan by");
  await page.mouse.move(empty.x, empty.y);
  await page.mouse.down();
  const end = Date.now() + PAN_SECONDS * 1_000;
  for (let turn = 0; Date.now() < end; turn++) {
    await page.mouse.move(empty.x + 300 * Math.sin(turn / 15), empty.y + 200 * Math.sin(turn / 23));
  }
  await page.mouse.up();
  return page.evaluate(() => (window as unknown as Measured).frames.slice(5));
}

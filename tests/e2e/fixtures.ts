// Every test runs against a real server, and every test checks that nothing was asked of anyone else, that the content
// policy was never broken, and that the page reported no error.
import { readFileSync } from "node:fs";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { type Server, startServer } from "./server.js";

export { expect };

interface Watch {
  /** Errors that a test expects, by a part of their text. */
  allow(part: string): void;
}

export const test = base.extend<{ studio: Studio; watch: Watch }, { server: Server }>({
  server: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  watch: [
    async ({ page, server }, use) => {
      const allowed: string[] = [];
      const foreign: string[] = [];
      const errors: string[] = [];
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
        });
      });
      page.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== "data:" && protocol !== "blob:" && origin !== server.url) foreign.push(request.url());
      });
      page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await use({ allow: (part) => allowed.push(part) });
      expect(foreign, "requests to other origins").toEqual([]);
      expect(
        errors.filter((error) => !allowed.some((part) => error.includes(part))),
        "errors in the console",
      ).toEqual([]);
    },
    { auto: true },
  ],

  studio: async ({ page, server }, use) => {
    await page.goto(server.url);
    await use(new Studio(page));
  },
});

/** The studio by what a person sees of it. */
export class Studio {
  readonly page: Page;
  readonly canvas: Locator;
  readonly editor: Locator;

  constructor(page: Page) {
    this.page = page;
    this.canvas = page.getByRole("region", { name: "Diagram" });
    this.editor = page.getByRole("textbox", { name: "D2 source" });
  }

  node(id: string): Locator {
    return this.canvas.locator(`.react-flow__node[data-id="${id}"]`);
  }

  get nodes(): Locator {
    return this.canvas.locator(".react-flow__node");
  }

  get edges(): Locator {
    return this.canvas.locator(".react-flow__edge");
  }

  /** Asks, and waits until the answer is whole. */
  async ask(query: string): Promise<void> {
    await this.begin(query);
    await expect(this.page.getByRole("log", { name: "Conversation" })).toBeVisible();
    await expect(this.page.getByText("Working on it")).toHaveCount(0);
  }

  /** Asks; the answer is still to come. */
  async begin(query: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Your request" }).fill(query);
    await this.page.keyboard.press("Enter");
  }

  /** The text as the editor has it; the page shows only the lines that are in view. */
  text(): Promise<string> {
    // Also where the list is shown in its place.
    return this.page.getByTestId("editor").locator(".cm-content").evaluate((content) => {
      const { cmTile } = content as unknown as { cmTile: { view: { state: { doc: { toString(): string } } } } };
      return cmTile.view.state.doc.toString();
    });
  }

  async type(text: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.insertText(text);
  }

  /** Replaces the whole text. */
  async write(text: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  async openSide(name: "Assistant" | "Inspector" | "Versions" | "Problems"): Promise<void> {
    await this.page.getByRole("tab", { name }).click();
  }

  /** Something of the main menu. */
  async menu(name: string): Promise<void> {
    await this.page.getByRole("button", { name: "Main menu" }).click();
    await this.page.getByRole("menuitem", { name, exact: true }).click();
  }

  /** Something of a version's own menu. */
  async version(number: number, name: string): Promise<void> {
    await this.page.getByRole("button", { name: `More for version ${number}`, exact: true }).click();
    await this.page.getByRole("menuitem", { name, exact: true }).click();
  }

  /** What a text of the export menu holds. */
  async exported(name: string): Promise<string> {
    const download = this.page.waitForEvent("download");
    await this.page.getByRole("button", { name: "Export" }).click();
    await this.page.getByRole("menuitem", { name, exact: true }).click();
    return readFileSync(await (await download).path(), "utf8");
  }

  /** The server's name of the open design. */
  code(): Promise<string> {
    return this.page.evaluate(() => {
      const id = sessionStorage.getItem("spandrel:current");
      return (JSON.parse(localStorage.getItem(`spandrel:draft:${id}`) ?? "{}") as { code: string }).code;
    });
  }

  /** The whole diagram is in view, and nothing moves any more. */
  async fit(): Promise<void> {
    await this.canvas.getByRole("button", { name: "Fit to view" }).click();
    await this.page.waitForTimeout(300);
  }

  /** Drags a connection from one node onto another. */
  async connect(from: string, to: string): Promise<void> {
    await this.node(from).hover();
    const handle = await this.node(from).locator('[data-handleid="connect-bottom"]').boundingBox();
    const target = await this.node(to).boundingBox();
    if (!handle || !target) throw new Error(`${from} or ${to} is not on the canvas`);
    await this.page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 10 });
    await this.page.mouse.up();
  }

  get versions(): Locator {
    return this.page.getByRole("list", { name: "Versions" }).getByRole("listitem");
  }

  /** Drags a node by its middle. */
  async drag(id: string, dx: number, dy: number): Promise<void> {
    const box = await this.node(id).boundingBox();
    if (!box) throw new Error(`${id} is not on the canvas`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + dx / 2, y + dy / 2, { steps: 5 });
    await this.page.mouse.move(x + dx, y + dy, { steps: 5 });
    await this.page.mouse.up();
  }

  /** The picture of the canvas once nothing moves and nothing is hovered or said any more. */
  async picture(): Promise<Buffer> {
    // Each that is closed moves the others up: always the first.
    const close = this.page.getByRole("button", { name: "Close", exact: true });
    while ((await close.count()) > 0) await close.first().click({ timeout: 1_000 }).catch(() => {});
    await this.page.mouse.move(720, 20);
    await expect(this.page.locator("[data-settling]")).toHaveCount(0);
    // The browser keeps tiles that it painted while things still moved, and smooths their curves a shade differently:
    // all of it is painted anew.
    await this.canvas.locator(".react-flow").evaluate(async (flow: HTMLElement) => {
      const frame = (): Promise<number> => new Promise((next) => requestAnimationFrame(next));
      flow.style.visibility = "hidden";
      await frame();
      await frame();
      flow.style.visibility = "";
    });
    let before: Buffer = Buffer.alloc(0);
    for (let tries = 0; tries < 40; tries++) {
      const now = await this.canvas.locator(".react-flow").screenshot();
      if (now.equals(before)) return now;
      before = now;
      await this.page.waitForTimeout(150);
    }
    throw new Error("the picture does not come to rest");
  }
}

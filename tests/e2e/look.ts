// What is looked at on every screen: axe finds nothing, and where a folder is named by SPANDREL_SCREENS a picture is taken
// for a person to look at against docs/studio-checklist.md.
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const folder = process.env["SPANDREL_SCREENS"];

/** Counts the pictures of a walk, so that they stand in its order. */
export class Look {
  readonly #page: Page;
  readonly #theme: string;
  #count = 0;

  constructor(page: Page, theme: string) {
    this.#page = page;
    this.#theme = theme;
  }

  async at(screen: string): Promise<void> {
    const page = this.#page;
    await page.mouse.move(720, 892);
    // What is still fading in has no contrast yet.
    await page.waitForTimeout(400);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const found = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((node) => node.target.join(" ")).join(", ")})`);
    expect.soft(found, screen).toEqual([]);
    if (folder === undefined) return;
    this.#count += 1;
    const name = `${String(this.#count).padStart(2, "0")}-${screen.replaceAll(/\W+/g, "-")}-${this.#theme}.png`;
    await page.screenshot({ path: join(folder, name) });
  }
}

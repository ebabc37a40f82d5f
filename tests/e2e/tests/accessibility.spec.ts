import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((node) => node.target.join(" ")).join(", ")})`);
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen, ${theme}`, async ({ page, studio }) => {
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await page.mouse.move(720, 850);
    await page.waitForTimeout(400);
    expect(await violations(page), "the first visit").toEqual([]);
    await studio.ask("secure web app with database and authentication");
    await expect(studio.nodes.first()).toBeVisible();
    await page.waitForTimeout(500);
    expect(await violations(page), "the studio").toEqual([]);
    await studio.nodes.first().click();
    await studio.type("\nbroken: {\n");
    await expect(studio.canvas.getByText("last drawing that worked")).toBeVisible();
    for (const side of ["Versions", "Problems"] as const) {
      await studio.openSide(side);
      await page.waitForTimeout(300);
      expect(await violations(page), `${side}, with an error shown`).toEqual([]);
    }
  });
}

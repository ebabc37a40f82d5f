import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../fixtures.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on the canvas with its tools open, ${theme}`, async ({ page, studio }) => {
    test.setTimeout(300_000);
    const clean = async (where: string): Promise<void> => {
      await page.mouse.move(720, 890);
      await page.waitForTimeout(400);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      expect.soft(violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target.join(" ")).join(", ")}`), where).toEqual([]);
    };
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await page.getByRole("button", { name: "Start with an empty page" }).click();
    await studio.write("zone: Private zone {\n  api: API {tooltip: inner; link: https://example.org}\n  db: Orders {shape: cylinder}\n  api -> db: SQL\n}\nuser: User {shape: person}\nuser -> zone.api: HTTPS\n");
    await expect(studio.nodes).toHaveCount(4);
    await page.getByRole("tab", { name: "List" }).click();
    await clean("the list");
    await studio.node("zone").locator(".spandrel-title").click();
    await clean("the bar above a container");
    for (const menu of ["Shape", "Fill", "Icon"] as const) {
      await studio.canvas.getByRole("toolbar", { name: "Selected" }).getByRole("button", { name: menu, exact: true }).click();
      await clean(`the menu ${menu}`);
      await page.keyboard.press("Escape");
    }
    await studio.canvas.getByRole("button", { name: "Add a shape" }).click();
    await clean("the palette of shapes");
    await page.keyboard.press("Escape");
    const view = studio.canvas.getByRole("button", { name: "View", exact: true });
    for (const kind of ["Data flow", "Trust zones"] as const) {
      await view.click();
      await page.getByRole("radio", { name: kind }).check();
      await clean(`the menu of views, ${kind}`);
      await page.keyboard.press("Escape");
      await expect(studio.canvas.getByRole("region", { name: kind })).toBeVisible();
    }
    await studio.node("zone").hover({ position: { x: 20, y: 12 } });
    await studio.node("zone").getByRole("button", { name: "Fold" }).click();
    await clean("a folded container");
  });
}

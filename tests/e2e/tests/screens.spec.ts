// Pictures of the screens, for a person to look at against docs/studio-checklist.md. Only taken when asked for:
// SPANDREL_SCREENS=<folder> npx playwright test screens
import { join } from "node:path";
import { expect, test } from "../fixtures.js";

const folder = process.env["SPANDREL_SCREENS"];

for (const theme of ["light", "dark"] as const) {
  test(`pictures of ten screens, ${theme}`, async ({ page, studio, server, watch }) => {
    test.skip(folder === undefined, "asked for by SPANDREL_SCREENS");
    test.setTimeout(300_000);
    watch.allow("409");
    let count = 0;
    const take = async (name: string): Promise<void> => {
      const close = page.getByRole("button", { name: "Close", exact: true });
      if ((await page.getByRole("dialog").count()) === 0) {
        while ((await close.count()) > 0) await close.first().click({ timeout: 1_000 }).catch(() => {});
      }
      await page.mouse.move(720, 892);
      await page.waitForTimeout(600);
      count += 1;
      await page.screenshot({ path: join(folder ?? "", `${String(count).padStart(2, "0")}-${name}-${theme}.png`) });
    };
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await expect(page.getByRole("main").locator("img")).toHaveCount(6);
    await take("welcome");
    await studio.ask("a RAG pipeline with a vector store and an API gateway");
    await expect(page.getByText("Applied")).toBeVisible();
    await expect(page.getByText("Saved as version 1")).toBeVisible();
    await take("studio");
    await studio.ask("add a message queue");
    await expect(page.getByRole("list", { name: "What changes" })).toBeVisible();
    await take("proposal");
    await studio.canvas.getByRole("button", { name: "Apply" }).click();
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(2);
    await studio.drag("user", 60, 30);
    await studio.version(1, "Compare with the draft");
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Draft" })).toBeVisible();
    await take("comparison");
    await studio.canvas.getByRole("button", { name: "Back to the draft" }).click();
    await studio.node("web_app").click();
    await studio.openSide("Inspector");
    await take("inspector");
    await studio.type("\nbroken: {\n  shape: cylindre\n");
    await expect(studio.canvas.getByText("last drawing that worked")).toBeVisible();
    await studio.openSide("Problems");
    await take("problems");
    await page.keyboard.press("ControlOrMeta+k");
    await take("palette");
    await page.keyboard.press("Escape");
    await studio.menu("Designs");
    await expect(page.getByRole("list", { name: "Designs" }).locator("img").first()).toBeVisible();
    await take("designs");
    await studio.menu("Templates");
    await expect(page.getByRole("main").locator("img").nth(6)).toBeVisible();
    await take("templates");
    await studio.menu("Settings");
    await take("settings");
    await studio.menu("Sign in");
    await take("sign-in");
    await studio.menu("New design");
    await page.getByRole("button", { name: "Start with an empty page" }).click();
    await take("empty");
    await studio.write("alpha: Alpha\n");
    await expect(studio.nodes).toHaveCount(1);
    const save = page.getByRole("banner").getByRole("button", { name: "Save version" });
    await save.click();
    await expect(page.getByText("Saved as version 1")).toBeVisible();
    await fetch(`${server.url}/v1/projects/${await studio.code()}/versions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "alpha: Alpha\ntheirs: Theirs\nalpha -> theirs\n", base_version: 1, message: "A second service" }),
    });
    await studio.type("mine: Mine\n");
    await expect(studio.nodes).toHaveCount(2);
    await save.click();
    await expect(page.getByRole("dialog").locator("img")).toHaveCount(2);
    await take("conflict");
  });
}

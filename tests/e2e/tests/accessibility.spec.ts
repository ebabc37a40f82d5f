import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  // What is still fading in has no contrast yet.
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((node) => node.target.join(" ")).join(", ")})`);
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen, ${theme}`, async ({ page, studio, watch }) => {
    watch.allow("503");
    test.setTimeout(300_000);
    const clean = async (where: string): Promise<void> => {
      expect.soft(await violations(page), where).toEqual([]);
    };
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await page.mouse.move(720, 890);
    await expect(page.getByRole("main").getByRole("button", { name: "Shop of microservices" }).locator("img")).toBeVisible();
    await clean("the first visit");

    await studio.ask("secure web app with database and authentication");
    await expect(page.getByText("Applied")).toBeVisible();
    await clean("the studio");
    await studio.ask("add a message queue");
    await expect(page.getByRole("list", { name: "What changes" })).toBeVisible();
    await clean("a proposal in pieces");
    await studio.canvas.getByRole("button", { name: "Apply" }).click();
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(2);
    await studio.version(1, "Compare with the draft");
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Draft" })).toBeVisible();
    await clean("a comparison");
    await studio.canvas.getByRole("button", { name: "Back to the draft" }).click();

    await studio.nodes.first().click();
    await studio.type("\nbroken: {\n");
    await expect(studio.canvas.getByText("last drawing that worked")).toBeVisible();
    for (const side of ["Versions", "Problems", "Inspector"] as const) {
      await studio.openSide(side);
      await clean(`${side}, with an error shown`);
    }
    await page.getByRole("button", { name: "Export" }).click();
    await clean("the export menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await clean("the command palette");
    await page.keyboard.press("Escape");

    await studio.menu("Designs");
    await expect(page.getByRole("list", { name: "Designs" }).locator("img").first()).toBeVisible();
    await clean("the designs");
    await page.getByRole("button", { name: /^More for / }).first().click();
    await page.getByRole("menuitem", { name: "Members" }).click();
    await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(1);
    await clean("members");
    await page.keyboard.press("Escape");
    await studio.menu("Templates");
    await expect(page.getByRole("main").locator("img").first()).toBeVisible();
    await clean("the templates");
    await studio.menu("Settings");
    await clean("the settings");
    await studio.menu("Sign in");
    await clean("signing in");
    await page.getByLabel("Email").fill("nobody@example.org");
    await page.getByLabel("Password").fill("wrong password");
    watch.allow("401");
    await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await expect(page.getByRole("alert")).toBeVisible();
    await clean("signing in, with an error shown");
    await page.route("**/v1/projects?**", (route) => route.fulfill({ status: 503, contentType: "application/json", body: "{}" }));
    await studio.menu("Designs");
    await expect(page.getByRole("alert")).toBeVisible();
    await clean("the designs, with an error shown");
  });
}

test("axe finds nothing in a conflict", async ({ page, studio, server, watch }) => {
  watch.allow("409");
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("alpha: Alpha\n");
  await expect(studio.nodes).toHaveCount(1);
  const save = page.getByRole("banner").getByRole("button", { name: "Save version" });
  await save.click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  await fetch(`${server.url}/v1/projects/${await studio.code()}/versions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source: "theirs: Theirs\n", base_version: 1 }),
  });
  await studio.type("mine: Mine\n");
  await expect(studio.nodes).toHaveCount(2);
  await save.click();
  await expect(page.getByRole("dialog").locator("img")).toHaveCount(2);
  await page.getByRole("button", { name: "Compare the texts" }).click();
  expect(await violations(page)).toEqual([]);
});

import { expect, test } from "../fixtures.js";

test("the studio speaks German where the browser does, and changes its language at once", async ({ browser, server }) => {
  const context = await browser.newContext({ locale: "de-DE" });
  const page = await context.newPage();
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Was möchten Sie bauen?" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.getByRole("button", { name: "Hauptmenü" }).click();
  await page.getByRole("menuitem", { name: "Einstellungen" }).click();
  await page.getByLabel("Sprache").selectOption("en");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await context.close();
});

import { expect, test } from "../fixtures.js";

const GOOD = "alpha: Alpha\nbeta: Beta\nalpha -> beta\n";

test("broken D2 keeps the last good drawing and marks the place, through a reload as well", async ({ page, studio, watch }) => {
  // Chromium styles what is typed over a selection of coloured text by itself, which the content policy forbids it.
  watch.allow("style-src");
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(GOOD);
  await expect(studio.nodes).toHaveCount(2);
  await studio.type("gamma: {\n");
  const banner = studio.canvas.getByRole("status").filter({ hasText: "last drawing that worked" });
  await expect(banner).toBeVisible();
  await expect(studio.nodes).toHaveCount(2);
  await expect(page.locator(".cm-lint-marker-error").first()).toBeVisible();

  await studio.openSide("Problems");
  const problems = page.getByRole("list", { name: "Problems" }).getByRole("listitem");
  await expect(problems.first()).toContainText(/Line \d+/);
  await banner.getByRole("button", { name: "Show the place" }).click();
  await expect(studio.editor).toBeFocused();

  await page.waitForTimeout(600);
  await page.reload();
  await expect(studio.nodes).toHaveCount(2);
  await expect(banner).toBeVisible();
  expect(await studio.text()).toContain("gamma: {");

  await studio.write(`${GOOD}gamma\n`);
  await expect(banner).toHaveCount(0);
  await expect(studio.nodes).toHaveCount(3);
});

test("a request that is too long is refused before it is sent, and nothing typed is lost", async ({ page, studio }) => {
  const field = page.getByRole("textbox", { name: "Your request" });
  const long = "a".repeat(513);
  await field.fill(long);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("at most 512");
  await expect(field).toHaveValue(long);
});

test("a request that is not about architecture is answered, and the diagram stays", async ({ studio, page }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(GOOD);
  await expect(studio.nodes).toHaveCount(2);
  await studio.ask("what is the weather like today");
  await expect(page.getByRole("log", { name: "Conversation" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByText("Working on it")).toHaveCount(0);
  await expect(studio.nodes).toHaveCount(2);
});

test("dangerous text is shown as text", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(
    'a: "<img src=x onerror=window.hacked=1>"\nb: |md\n  # <script>window.hacked=1</script>\n  [x](javascript:window.hacked=1)\n|\na.link: "javascript:window.hacked=1"\na.icon: https://example.com/x.png\n',
  );
  await expect(studio.nodes).toHaveCount(2);
  await expect(studio.node("a")).toContainText("<img src=x");
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  await expect(page.locator('a[href^="javascript:"]')).toHaveCount(0);
});

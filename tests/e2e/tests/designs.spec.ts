import { expect, test } from "../fixtures.js";

test("designs are listed, opened, renamed, and deleted with a way back", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("west: West\neast: East\nwest -> east\n");
  await expect(studio.nodes).toHaveCount(2);
  await page.getByRole("textbox", { name: "Rename this design" }).fill("Compass");
  await page.keyboard.press("Enter");
  await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  await studio.menu("New design");
  await expect(page.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  await expect(page.getByText("Applied")).toBeVisible();
  // A name of its own: other tests asked this server for the same.
  await page.getByRole("textbox", { name: "Rename this design" }).fill("Shop front");
  await page.keyboard.press("Enter");

  await studio.menu("Designs");
  await expect(page).toHaveURL(/\/designs$/);
  const card = (name: string) => page.getByRole("list", { name: "Designs" }).getByRole("listitem").filter({ hasText: name });
  await expect(card("Compass").locator("img")).toBeVisible();
  await expect(card("Shop front")).toHaveCount(1);

  await test.step("rename", async () => {
    await card("Compass").getByRole("button", { name: "More for Compass" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.keyboard.type("Compass rose");
    await page.keyboard.press("Enter");
    await expect(card("Compass rose")).toHaveCount(1);
  });

  await test.step("delete, and take it back", async () => {
    await card("Compass rose").getByRole("button", { name: "More for Compass rose" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(card("Compass rose")).toHaveCount(0);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(card("Compass rose")).toHaveCount(1);
  });

  await test.step("open it again, with its versions", async () => {
    await page.getByRole("button", { name: "Open Compass rose" }).click();
    await expect(studio.node("west")).toBeVisible();
    expect(await studio.text()).toBe("west: West\neast: East\nwest -> east\n");
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(1);
  });

  await test.step("what is deleted and not taken back is gone, on the server as well", async () => {
    await studio.menu("Designs");
    await card("Shop front").getByRole("button", { name: "More for Shop front" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.waitForResponse((response) => response.request().method() === "DELETE" && response.status() === 204);
    await page.reload();
    await expect(card("Compass rose")).toHaveCount(1);
    await expect(card("Shop front")).toHaveCount(0);
  });
});

test("the gallery has at least 24 templates, each drawn, and each opens as a design", async ({ page, studio }) => {
  await studio.menu("Templates");
  const all = page.getByRole("main").getByRole("listitem");
  await expect.poll(() => all.count()).toBeGreaterThanOrEqual(24);
  await expect(all.first().locator("img")).toBeVisible();
  await all.last().scrollIntoViewIfNeeded();
  await expect(all.last().locator("img")).toBeVisible();
  await page.getByRole("searchbox").fill("retrieval guardrails");
  await expect(all).toHaveCount(1);
  const title = await all.first().getByRole("button").locator("span").first().innerText();
  await all.first().getByRole("button").click();
  await expect(studio.nodes.first()).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Rename this design" })).toHaveValue(title);
  expect(await studio.text()).toMatch(/^# Retrieval-augmented generation/);
});

test("an owner asks someone in, who accepts and sees the design", async ({ page, studio, server, browser, watch }) => {
  watch.allow("401");
  const stamp = Date.now();
  const join = async (on: typeof page, name: string): Promise<void> => {
    await on.getByRole("button", { name: "Main menu" }).click();
    await on.getByRole("menuitem", { name: "Sign in" }).click();
    await on.getByRole("button", { name: "I have no account yet" }).click();
    await on.getByLabel("Name").fill(name);
    await on.getByLabel("Email").fill(`${name}-${stamp}@example.org`);
    await on.getByLabel("Password").fill("correct horse battery 9");
    await on.getByRole("button", { name: "Make an account" }).click();
    await expect(on.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
  };
  await join(page, "owner");
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("shared: Shared\n");
  await expect(studio.nodes).toHaveCount(1);
  await page.getByRole("textbox", { name: "Rename this design" }).fill("Together");
  await page.keyboard.press("Enter");
  await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  await studio.menu("Designs");
  await page.getByRole("button", { name: "More for Together" }).click();
  await page.getByRole("menuitem", { name: "Members" }).click();
  const dialog = page.getByRole("dialog", { name: "Members of Together" });
  await dialog.getByLabel("Invite someone").fill(`guest-${stamp}@example.org`);
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(dialog.getByRole("listitem").filter({ hasText: "invited" })).toHaveCount(1);

  const other = await (await browser.newContext()).newPage();
  await other.goto(server.url);
  await join(other, "guest");
  await other.getByRole("button", { name: "Main menu" }).click();
  await other.getByRole("menuitem", { name: "Designs" }).click();
  await other.getByRole("button", { name: "Accept" }).click();
  await other.getByRole("button", { name: "Open Together" }).click();
  await expect(other.locator('.react-flow__node[data-id="shared"]')).toBeVisible();
  await other.close();
});

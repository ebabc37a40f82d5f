import { expect, test } from "../fixtures.js";

test("when the server goes away, writing, drawing and asking go on", async ({ page, studio, server, watch }) => {
  watch.allow("Failed to load resource");
  watch.allow("net::ERR");
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  await page.waitForTimeout(2_000);
  await server.pause();
  try {
    await studio.type("\noffline_node: Written without a server\n");
    await expect(studio.node("offline_node")).toBeVisible();
    await studio.ask("add a message queue");
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Proposed change" })).toBeVisible();
  } finally {
    await server.resume();
  }
});

test("after one visit the studio opens, draws and exports without a server", async ({ page, studio, server, watch }) => {
  watch.allow("Failed to load resource");
  watch.allow("net::ERR");
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForTimeout(600);
  const text = await studio.text();
  await server.pause();
  try {
    await page.reload();
    await expect(studio.nodes.first()).toBeVisible();
    expect(await studio.text()).toBe(text);
    await studio.type("\nafterwards: Drawn without a network\n");
    await expect(studio.node("afterwards")).toBeVisible();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "SVG picture" }).click();
    expect((await saved).suggestedFilename()).toMatch(/\.svg$/);
  } finally {
    await server.resume();
  }
});

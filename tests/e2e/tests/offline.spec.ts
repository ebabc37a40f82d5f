import { expect, test } from "../fixtures.js";

test.use({ serviceWorkers: "allow" });

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

test("with the network cut: reload, create, edit, generate, export; back again, the versions arrive", async ({ page, studio, server, watch }) => {
  watch.allow("Failed to load resource");
  watch.allow("net::ERR");
  test.setTimeout(240_000);
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("alpha: Alpha\nbeta: Beta\nalpha -> beta\n");
  await expect(studio.nodes).toHaveCount(2);
  const save = page.getByRole("banner").getByRole("button", { name: "Save version" });
  await save.click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  const code = await studio.code();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForTimeout(1_000);

  await server.pause();
  try {
    await test.step("reload, edit and save", async () => {
      await page.reload();
      await expect(studio.nodes).toHaveCount(2);
      await studio.type("gamma: Gamma\n");
      await expect(studio.nodes).toHaveCount(3);
      await save.click();
      await studio.openSide("Versions");
      await expect(studio.versions).toHaveCount(2);
      await expect(studio.versions.first()).toContainText("Waits to be sent");
      await page.getByRole("button", { name: /^Version 1\b/ }).click();
      await expect(studio.nodes, "an old version, from this browser").toHaveCount(2);
      await studio.canvas.getByRole("button", { name: "Back to the draft" }).click();
    });
    await test.step("generate a change, and take it", async () => {
      await studio.openSide("Assistant");
      await studio.ask("add a message queue");
      const banner = studio.canvas.getByRole("status").filter({ hasText: "Proposed change" });
      await banner.getByRole("button", { name: "Apply" }).click();
      await studio.openSide("Versions");
      await expect(studio.versions).toHaveCount(3);
    });
    await test.step("export", async () => {
      expect(await studio.exported("SVG picture")).toContain("Gamma");
    });
    await test.step("create another, from a template", async () => {
      await studio.menu("Templates");
      await page.getByRole("main").getByRole("button", { name: /^Shop of microservices/ }).click();
      await expect(studio.nodes.first()).toBeVisible();
      await save.click();
      await studio.openSide("Versions");
      await expect(studio.versions).toHaveCount(1);
    });
  } finally {
    await server.resume();
  }

  await test.step("back: all versions of both designs are on the server", async () => {
    interface Listed<T> {
      data: T[];
    }
    const ask = async <T>(path: string): Promise<T[]> => ((await (await fetch(`${server.url}${path}`)).json()) as Listed<T>).data;
    await expect
      .poll(async () => (await ask<{ version_id: number }>(`/v1/projects/${code}/versions`)).map((one) => one.version_id), { timeout: 60_000 })
      .toEqual([3, 2, 1]);
    await expect
      .poll(async () => (await ask<{ name: string; last_version: number }>("/v1/projects?name=Shop+of+microservices")).map((one) => one.last_version), { timeout: 60_000 })
      .toEqual([1]);
    await expect(studio.versions.first()).not.toContainText("Waits");
  });
});

test("an offline edit that meets somebody else's is a conflict with both sides", async ({ page, studio, server, watch }) => {
  watch.allow("Failed to load resource");
  watch.allow("net::ERR");
  test.setTimeout(240_000);
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("alpha: Alpha\n");
  await expect(studio.nodes).toHaveCount(1);
  const save = page.getByRole("banner").getByRole("button", { name: "Save version" });
  await save.click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  const code = await studio.code();
  await page.route(/\/v[12]\//, (route) => route.abort());
  await studio.type("offline: Offline\n");
  await expect(studio.nodes).toHaveCount(2);
  await save.click();
  await studio.openSide("Versions");
  await expect(studio.versions.first()).toContainText("Waits to be sent");
  const answer = await fetch(`${server.url}/v1/projects/${code}/versions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source: "alpha: Alpha\nelsewhere: Elsewhere\n", base_version: 1, message: "from elsewhere" }),
  });
  expect(answer.status).toBe(201);
  await page.unroute(/\/v[12]\//);
  const dialog = page.getByRole("dialog", { name: "Someone saved in the meantime" });
  await expect(dialog).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole("button", { name: "Put mine on top" }).click();
  await expect(studio.versions).toHaveCount(3);
  expect(await studio.text()).toBe("alpha: Alpha\noffline: Offline\n");
});

import { expect, test } from "../fixtures.js";

const TEXT = "alpha: Alpha\nbeta: Beta\nalpha -> beta\n";

test("after five quiet minutes the text becomes a version by itself", async ({ page, server, studio }) => {
  await page.clock.install();
  await page.goto(server.url);
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(TEXT);
  await expect(studio.nodes).toHaveCount(2);
  await studio.openSide("Versions");
  await expect(page.getByText("No versions yet")).toBeVisible();
  await page.clock.fastForward("04:50");
  await expect(studio.versions).toHaveCount(0);
  await page.clock.fastForward("00:15");
  await expect(studio.versions).toHaveCount(1);
  await expect(studio.versions.first()).toContainText("five quiet minutes");
  // Nothing new: no second one.
  await page.clock.fastForward("11:00");
  await expect(studio.versions).toHaveCount(1);
});

test("closing the tab loses at most a second of typing", async ({ page, studio, server }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(TEXT);
  await expect(studio.nodes).toHaveCount(2);
  await studio.editor.focus();
  await page.keyboard.press("ControlOrMeta+End");
  // Typing that never rests: what is kept is never more than a second behind.
  for (let key = 0; key < 30; key++) {
    await page.keyboard.type("x");
    await page.waitForTimeout(60);
  }
  const kept = await page.evaluate(() => {
    const id = localStorage.getItem("spandrel:current");
    return (JSON.parse(localStorage.getItem(`spandrel:draft:${id}`) ?? "{}") as { source: string }).source;
  });
  expect(kept.length - TEXT.length).toBeGreaterThanOrEqual(10);
  const context = page.context();
  // The browser is gone from one moment to the next: no handler of the page runs.
  const text = await studio.text();
  await page.waitForTimeout(1_000);
  const crashed = page.waitForEvent("crash");
  const session = await context.newCDPSession(page);
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
  const again = await context.newPage();
  await again.goto(server.url);
  await expect(again.locator('.react-flow__node[data-id="alpha"]')).toBeVisible();
  const source = await again.evaluate(() => {
    const id = localStorage.getItem("spandrel:current");
    return (JSON.parse(localStorage.getItem(`spandrel:draft:${id}`) ?? "{}") as { source: string }).source;
  });
  expect(source).toBe(text);
});

test("when someone else was first, both sides are shown and neither is lost", async ({ page, studio, server, watch }) => {
  watch.allow("409");
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(TEXT);
  await expect(studio.nodes).toHaveCount(2);
  const save = page.getByRole("banner").getByRole("button", { name: "Save version" });
  await save.click();
  await studio.openSide("Versions");
  await expect(studio.versions).toHaveCount(1);
  const theirs = async (base: number, source: string): Promise<void> => {
    const code = await studio.code();
    const answer = await fetch(`${server.url}/v1/projects/${code}/versions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source, base_version: base, message: "from elsewhere" }),
    });
    expect(answer.status).toBe(201);
  };

  await theirs(1, `${TEXT}theirs: Theirs\n`);
  await studio.type("mine: Mine\n");
  await expect(studio.nodes).toHaveCount(3);
  await save.click();
  const dialog = page.getByRole("dialog", { name: "Someone saved in the meantime" });
  await expect(dialog.locator("img")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Compare the texts" }).click();
  await expect(dialog.getByRole("region", { name: "Compare the texts" })).toContainText("mine: Mine");
  await expect(dialog.getByRole("region", { name: "Compare the texts" })).toContainText("theirs: Theirs");

  await test.step("mine on top: theirs is below it", async () => {
    await dialog.getByRole("button", { name: "Put mine on top" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(studio.versions.filter({ hasText: "Waits to be sent" })).toHaveCount(0);
    await expect(studio.versions).toHaveCount(3);
    expect(await studio.text()).toContain("mine: Mine");
    await page.getByRole("button", { name: /^Version 2\b/ }).click();
    await expect(studio.node("theirs")).toBeVisible();
    await studio.canvas.getByRole("button", { name: "Back to the draft" }).click();
  });

  await test.step("theirs: mine goes on as a copy", async () => {
    await theirs(3, `${TEXT}again: Again\n`);
    await studio.type("second: Second\n");
    await expect(studio.node("second")).toBeVisible();
    await save.click();
    await dialog.getByRole("button", { name: "Take theirs, keep mine as a copy" }).click();
    await expect(dialog).toHaveCount(0);
    await expect.poll(() => studio.text()).toBe(`${TEXT}again: Again\n`);
    await expect(studio.versions).toHaveCount(4);
    await studio.menu("Designs");
    await page.getByRole("button", { name: /^Open .*\(my copy\)$/ }).click();
    await expect(studio.node("second")).toBeVisible();
    await expect(studio.node("mine")).toBeVisible();
  });
});

test("two tabs with the same design show the same text and do not fight", async ({ page, studio, server, context }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(TEXT);
  await expect(studio.nodes).toHaveCount(2);
  await page.waitForTimeout(1_000);
  const second = await context.newPage();
  await second.goto(server.url);
  await expect(second.locator(".react-flow__node")).toHaveCount(2);
  await studio.type("from_one: From one\n");
  await expect(second.locator('.react-flow__node[data-id="from_one"]')).toBeVisible();
  const other = second.getByRole("textbox", { name: "D2 source" });
  await other.focus();
  await second.keyboard.press("ControlOrMeta+End");
  await second.keyboard.insertText("from_two: From two\n");
  await expect(studio.node("from_two")).toBeVisible();
  await second.getByRole("banner").getByRole("button", { name: "Save version" }).click();
  await studio.openSide("Versions");
  await expect(studio.versions).toHaveCount(1);
  await studio.type("more: More\n");
  await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
  await expect(studio.versions).toHaveCount(2);
  await second.close();
  await page.reload();
  await expect(studio.node("more")).toBeVisible();
  expect(await studio.text()).toBe(`${TEXT}from_one: From one\nfrom_two: From two\nmore: More\n`);
});

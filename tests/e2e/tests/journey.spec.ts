import { writeFileSync } from "node:fs";
import { expect, test } from "../fixtures.js";

test("from a sentence to a diagram, by text and by hand, kept as versions, the same after a reload", async ({ page, studio }) => {
  await test.step("a sentence draws a diagram at once", async () => {
    await studio.ask("secure web app with database and authentication");
    await expect(studio.nodes.first()).toBeVisible({ timeout: 5_000 });
    expect(await studio.nodes.count()).toBeGreaterThanOrEqual(4);
    expect(await studio.edges.count()).toBeGreaterThanOrEqual(3);
    const said = page.getByRole("log", { name: "Conversation" });
    await expect(said).toContainText("secure web app with database and authentication");
    await expect(said).toContainText("Made offline");
    await expect(said).toContainText("Confidence");
  });

  await test.step("a first version is there", async () => {
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(1);
  });

  await test.step("text that is typed is drawn", async () => {
    const before = await studio.nodes.count();
    await studio.type("\nreports: Reporting service\n");
    await expect(studio.node("reports")).toBeVisible();
    await expect(studio.nodes).toHaveCount(before + 1);
  });

  await test.step("a name changed on the canvas changes the text, and nothing else of it", async () => {
    const before = await studio.text();
    await studio.node("reports").dblclick();
    await page.keyboard.type("Monthly reports");
    await page.keyboard.press("Enter");
    await expect(studio.node("reports")).toContainText("Monthly reports");
    expect(await studio.text()).toBe(before.replace("Reporting service", "Monthly reports"));
  });

  await test.step("a drag pins, and undo brings the exact text back", async () => {
    const before = await studio.text();
    await studio.drag("reports", 120, 60);
    await expect.poll(() => studio.text()).toMatch(/reports[\s\S]*(top|left)/);
    const after = await studio.text();
    expect(after).toContain("left");
    await page.keyboard.press("ControlOrMeta+z");
    await expect.poll(() => studio.text()).toBe(before);
    await page.keyboard.press("ControlOrMeta+Shift+z");
    await expect.poll(() => studio.text()).toBe(after);
  });

  await test.step("saving makes the list grow", async () => {
    await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
    await expect(studio.versions).toHaveCount(2);
    // Told once it is stored; the message must not come into the picture below.
    await expect(page.getByText("Saved as version 2")).toBeVisible();
  });

  await test.step("a reload shows the same picture, to the pixel", async () => {
    await page.keyboard.press("Escape");
    await studio.canvas.locator(".react-flow__pane").click({ position: { x: 5, y: 5 } });
    const text = await studio.text();
    const before = await studio.picture();
    await page.reload();
    await expect(studio.node("reports")).toBeVisible();
    const after = await studio.picture();
    expect(await studio.text()).toBe(text);
    if (!after.equals(before)) {
      writeFileSync(test.info().outputPath("before.png"), before);
      writeFileSync(test.info().outputPath("after.png"), after);
    }
    expect(after.equals(before), "the pictures are the same").toBe(true);
  });

  await test.step("an old version can be looked at and brought back", async () => {
    await studio.openSide("Versions");
    await page.getByRole("button", { name: /^Version 1\b/ }).click();
    await expect(page.getByText("You are looking at version 1.")).toBeVisible();
    await expect(studio.node("reports")).toHaveCount(0);
    await page.getByRole("button", { name: "Back to the draft" }).click();
    await expect(studio.node("reports")).toBeVisible();
    await page.getByRole("button", { name: /^Version 1\b/ }).click();
    await studio.canvas.getByRole("button", { name: "Restore" }).click();
    await expect(studio.versions).toHaveCount(3);
    await expect(studio.node("reports")).toHaveCount(0);
    expect(await studio.text()).not.toContain("reports");
  });
});

test("a change that is asked for is a proposal until it is accepted", async ({ page, studio }) => {
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  const before = await studio.text();
  await studio.ask("add a cache in front of the database");
  const banner = studio.canvas.getByRole("status").filter({ hasText: "Proposed change" });
  await expect(banner).toBeVisible();
  await expect(studio.canvas.locator(".react-flow__node.added").first()).toBeVisible();
  expect(await studio.text()).toBe(before);
  await banner.getByRole("button", { name: "Discard" }).click();
  await expect(banner).toHaveCount(0);
  expect(await studio.text()).toBe(before);

  await studio.ask("add a cache in front of the database");
  await expect(banner).toBeVisible();
  await banner.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => studio.text()).toMatch(/cache/i);
  await studio.openSide("Versions");
  await expect(studio.versions).toHaveCount(2);
  await studio.canvas.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => studio.text()).toBe(before);
});

test("connecting, deleting and creating by hand are edits of the text", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("# a comment that stays\nalpha: Alpha\nbeta: Beta\ngamma: Gamma\nalpha -> beta: calls\n");
  await expect(studio.nodes).toHaveCount(3);
  await expect(studio.edges).toHaveCount(1);

  await test.step("dragging from a handle onto a node connects", async () => {
    await studio.node("alpha").hover();
    const handle = await studio.node("alpha").locator('[data-handleid="connect-bottom"]').boundingBox();
    const target = await studio.node("gamma").boundingBox();
    if (!handle || !target) throw new Error("nothing to drag");
    await page.mouse.move(handle.x + 5, handle.y + 5);
    await page.mouse.down();
    await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 10 });
    await page.mouse.up();
    await expect.poll(() => studio.text()).toContain("alpha -> gamma");
    await expect(studio.edges).toHaveCount(2);
  });

  await test.step("the delete key takes away what is selected", async () => {
    await studio.node("beta").click();
    await page.keyboard.press("Delete");
    await expect(studio.nodes).toHaveCount(2);
    const text = await studio.text();
    expect(text).not.toContain("beta");
    expect(text).toContain("# a comment that stays");
  });

  await test.step("a double click makes a new shape and asks for its name", async () => {
    await studio.canvas.locator(".react-flow__pane").dblclick({ position: { x: 40, y: 40 } });
    await expect(studio.canvas.locator("textarea")).toBeFocused();
    await page.keyboard.type("Ledger");
    await page.keyboard.press("Enter");
    await expect(studio.canvas.getByText("Ledger")).toBeVisible();
    await expect.poll(() => studio.text()).toContain("Ledger");
  });
});

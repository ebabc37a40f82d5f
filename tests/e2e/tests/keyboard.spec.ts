import { expect, test } from "../fixtures.js";

test("by keyboard alone: ask, write, select, rename, move, delete, undo, look for a node, export", async ({ page, studio }) => {
  await expect(page.getByRole("textbox", { name: "Your request" })).toBeFocused();
  await page.keyboard.type("secure web app with database and authentication");
  await page.keyboard.press("Enter");
  await expect(studio.nodes.first()).toBeVisible();

  await test.step("the palette finds a node by its name", async () => {
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("api server");
    await page.keyboard.press("Enter");
    await expect(studio.canvas.locator(".react-flow__node.selected")).toContainText("API Server");
  });

  const node = studio.canvas.locator(".react-flow__node.selected");
  await test.step("F2 renames it in place", async () => {
    await node.focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("Public API");
    await page.keyboard.press("Enter");
    await expect(node).toContainText("Public API");
    expect(await studio.text()).toContain("Public API");
  });

  await test.step("arrow keys move it, which pins it", async () => {
    await node.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => studio.text()).toMatch(/left: \d+/);
  });

  await test.step("undo, step by step, brings the text back; delete takes the node away", async () => {
    await node.focus();
    while ((await studio.text()).includes("left: ")) {
      await page.keyboard.press("ControlOrMeta+z");
      await page.waitForTimeout(100);
    }
    expect(await studio.text()).toContain("Public API");
    await page.keyboard.press("ControlOrMeta+z");
    await expect.poll(() => studio.text()).not.toContain("Public API");
    await expect.poll(() => studio.text()).toContain("API Server");
    await node.focus();
    await page.keyboard.press("Delete");
    await expect.poll(() => studio.text()).not.toContain("API Server");
  });

  await test.step("the palette exports", async () => {
    const download = page.waitForEvent("download");
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("export d2");
    await page.keyboard.press("Enter");
    expect((await download).suggestedFilename()).toBe("secure-web-application.d2");
  });
});

test("boards are tabs, and each is drawn", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("front: Front\nlayers: {\n  inside: {\n    engine: Engine\n    oil: Oil\n    engine -> oil\n  }\n}\n");
  await expect(studio.node("front")).toBeVisible();
  await page.getByRole("tab", { name: "inside" }).click();
  await expect(studio.nodes).toHaveCount(2);
  await studio.node("oil").dblclick();
  await page.keyboard.type("Fuel");
  await page.keyboard.press("Enter");
  await expect.poll(() => studio.text()).toContain("oil: Fuel");
  await page.getByRole("tab", { name: "Main" }).click();
  await expect(studio.node("front")).toBeVisible();
  await expect(studio.nodes).toHaveCount(1);
});

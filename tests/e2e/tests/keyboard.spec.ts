import { expect, test } from "../fixtures.js";

test("by keyboard alone: ask, write, select, rename, move, delete, undo, look for a node, export", async ({ page, studio }) => {
  await expect(page.getByRole("textbox", { name: "Your request" })).toBeFocused();
  await page.keyboard.type("secure web app with database and authentication");
  await page.keyboard.press("Enter");
  await expect(studio.nodes.first()).toBeVisible();
  // The diagram grows first; what is picked meanwhile belongs to the proposal.
  await expect(page.getByText("Applied")).toBeVisible();

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

test("by keyboard alone: six nodes, nested, connected, renamed, pinned, undone, exported", async ({ page, studio }) => {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const field = studio.canvas.locator("textarea");
  const name = async (label: string): Promise<void> => {
    await expect(field).toBeFocused();
    await page.keyboard.type(label);
    await press("Enter");
    await expect(field).toHaveCount(0);
    await expect(studio.canvas.getByText(label, { exact: true })).toBeVisible();
  };
  const palette = async (...answers: string[]): Promise<void> => {
    await press("ControlOrMeta+k");
    for (const answer of answers) {
      await expect(page.getByRole("combobox")).toBeFocused();
      await page.keyboard.type(answer);
      await press("Enter");
    }
  };

  await test.step("an empty page, without a pointer", async () => {
    await expect(page.getByRole("textbox", { name: "Your request" })).toBeFocused();
    const blank = page.getByRole("button", { name: "Start with an empty page" });
    for (let tab = 0; tab < 30 && !(await blank.evaluate((button) => button === document.activeElement)); tab++) await press("Tab");
    await press("Enter");
    await expect(studio.editor).toBeVisible();
  });

  await test.step("six nodes, four of them in a container", async () => {
    await palette("add a shape", "add: person");
    await name("Customer");
    await press("n");
    await name("API");
    await press("ControlOrMeta+g");
    await name("Shop");
    await press("n");
    await name("Orders");
    await press("n");
    await name("Payments");
    await palette("add a shape", "add: database");
    await name("Ledger");
    await palette("go to customer");
    await expect(studio.canvas.locator(".react-flow__node:focus")).toContainText("Customer");
    await press("n");
    await name("Mail");
    await expect(studio.nodes).toHaveCount(7);
    expect(await studio.text()).toMatch(/group: Shop \{[\s\S]*API[\s\S]*Orders[\s\S]*Payments[\s\S]*Ledger[\s\S]*\n\}/);
  });

  await test.step("connected", async () => {
    for (const [from, to] of [["customer", "api"], ["api", "orders"], ["orders", "payments"], ["payments", "ledger"], ["orders", "mail"]] as const) {
      await palette(`go to ${from}`);
      await expect(studio.canvas.locator(".react-flow__node:focus")).toContainText(from, { ignoreCase: true });
      const before = await studio.edges.count();
      await press("c");
      await expect(page.getByRole("combobox")).toBeFocused();
      await page.keyboard.type(to);
      await press("Enter");
      await expect(studio.edges).toHaveCount(before + 1);
    }
  });

  await test.step("renamed, pinned, and both undone", async () => {
    await palette("go to mail");
    const connected = await studio.text();
    await press("F2");
    await name("E-mail");
    await press("p");
    await expect.poll(() => studio.text()).toMatch(/E-mail[\s\S]*left: \d+/);
    await press("ControlOrMeta+z");
    await expect.poll(() => studio.text()).not.toMatch(/left: /);
    await press("ControlOrMeta+z");
    await expect.poll(() => studio.text()).toBe(connected);
  });

  await test.step("a screen reader hears what a node is connected to", async () => {
    await expect(studio.canvas.locator(".react-flow__node", { hasText: "Orders" }).last()).toHaveAttribute("aria-label", /Orders.*1 in.*2 out|Orders/);
  });

  await test.step("the list says the same, and its keys do the same", async () => {
    await palette("show the diagram as a list");
    const tree = page.getByRole("tree");
    await expect(tree.getByRole("treeitem")).toHaveCount(12);
    for (let tab = 0; tab < 40 && !(await tree.evaluate((list) => list.contains(document.activeElement))); tab++) await press("Shift+Tab");
    await press("Home", "End", "Home", "ArrowDown");
    const focused = tree.locator("[role=treeitem]:focus");
    await press("Enter");
    await expect(focused).toHaveAttribute("aria-selected", "true");
    const before = await studio.nodes.count();
    await press("ControlOrMeta+d");
    await expect.poll(() => studio.nodes.count()).toBeGreaterThan(before - 1);
  });

  await test.step("exported", async () => {
    const download = page.waitForEvent("download");
    await palette("export svg");
    expect((await download).suggestedFilename()).toMatch(/\.svg$/);
  });
});

test("at 200 % nothing is cut off that one needs", async ({ page, studio }) => {
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  // Half the room at twice the size is what zooming the page to 200 % leaves.
  await page.setViewportSize({ width: 720, height: 450 });
  for (const button of ["Save version", "Undo", "Fit to view", "Add a shape", "View"]) {
    await expect(page.getByRole("button", { name: button, exact: true }).first()).toBeInViewport();
  }
  await page.screenshot({ path: test.info().outputPath("narrow.png") });
  // A panel is a sheet over the canvas, one at a time.
  await page.getByRole("button", { name: "Show or hide the editor" }).click();
  await expect(studio.editor).toBeInViewport();
  await page.getByRole("button", { name: "Show or hide the side panel" }).click();
  await expect(page.getByRole("tab", { name: "Assistant" })).toBeInViewport();
  await expect(studio.editor).not.toBeInViewport();
  await page.screenshot({ path: test.info().outputPath("narrow-sheet.png") });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

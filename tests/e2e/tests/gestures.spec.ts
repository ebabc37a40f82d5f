// Every gesture of the canvas, each a small edit of the text that one undo takes back to the byte.
import type { Page } from "@playwright/test";
import { expect, type Studio, test } from "../fixtures.js";

const SOURCE = `# a comment that stays
shop: Shop {
  # inside
  api: API
  db: Orders {shape: cylinder}
  api -> db: SQL
}
users: Users
mail: Mail
users -> shop.api: HTTPS
`;

test.beforeEach(async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(SOURCE);
  await expect(studio.nodes).toHaveCount(5);
  await expect(studio.page.locator("[data-settling]")).toHaveCount(0);
});

/** Does something, looks at the text it leaves, and takes it back. */
async function gesture(page: Page, studio: Studio, act: () => Promise<void>, expected: RegExp | string): Promise<string> {
  const before = await studio.text();
  await act();
  if (typeof expected === "string") await expect.poll(() => studio.text()).toBe(expected);
  else await expect.poll(() => studio.text()).toMatch(expected);
  const after = await studio.text();
  expect(after).toContain("# a comment that stays");
  expect(after).toContain("# inside");
  await studio.canvas.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(() => studio.text()).toBe(before);
  await expect(studio.page.locator("[data-settling]")).toHaveCount(0);
  return after;
}

/** Drags from the middle of one node to a point, in steps, as a hand does. */
async function dragTo(page: Page, studio: Studio, id: string, to: { x: number; y: number }, keys: string[] = []): Promise<void> {
  const box = await studio.node(id).boundingBox();
  if (!box) throw new Error(`${id} is not there`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (const key of keys) await page.keyboard.down(key);
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.mouse.up();
  for (const key of keys) await page.keyboard.up(key);
}

test("into a container and out of it, children and connections with it", async ({ page, studio }) => {
  const shop = (await studio.node("shop").boundingBox())!;
  await gesture(page, studio, () => dragTo(page, studio, "mail", { x: shop.x + shop.width - 30, y: shop.y + shop.height / 2 }), /shop: Shop \{[\s\S]*mail: Mail[\s\S]*\n\}/);
  const after = await gesture(page, studio, () => dragTo(page, studio, "shop.db", { x: shop.x + shop.width + 140, y: shop.y + 60 }), /shop\.api -> db: SQL|api -> _\.db: SQL/);
  expect(after).toMatch(/db: Orders/);
  await expect(studio.node("shop.db")).toBeVisible();
});

test("while dragging there are helper lines, the target is shown, and edges follow", async ({ page, studio }) => {
  const api = (await studio.node("shop.api").boundingBox())!;
  const db = (await studio.node("shop.db").boundingBox())!;
  const path = studio.canvas.locator(".react-flow__edge", { hasText: "SQL" }).locator(".react-flow__edge-path");
  const route = await path.getAttribute("d");
  await page.mouse.move(db.x + db.width / 2, db.y + db.height / 2);
  await page.mouse.down();
  await page.mouse.move(api.x + api.width / 2 + 60, db.y + db.height / 2 + 30, { steps: 8 });
  expect(await path.getAttribute("d")).not.toBe(route);
  await page.mouse.move(api.x + api.width / 2 + 2, db.y + db.height / 2 + 34, { steps: 8 });
  await expect(page.getByTestId("guide").first()).toBeVisible();
  const users = (await studio.node("users").boundingBox())!;
  await page.mouse.move(users.x + users.width + 200, users.y, { steps: 8 });
  await expect(page.getByTestId("guide")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  // Let go on the board: out of the container, its edge routed anew.
  await expect.poll(() => studio.text()).not.toBe(SOURCE);
  await studio.canvas.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(() => studio.text()).toBe(SOURCE);
  await expect(path).toHaveAttribute("d", route ?? "");
});

test("an end of a connection is taken elsewhere", async ({ page, studio }) => {
  const edge = studio.canvas.locator(".react-flow__edge", { hasText: "HTTPS" });
  const end = (await edge.locator(".react-flow__edgeupdater-target").boundingBox())!;
  const mail = (await studio.node("mail").boundingBox())!;
  const move = async (): Promise<void> => {
    await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2);
    await page.mouse.down();
    await page.mouse.move(mail.x + mail.width / 2, mail.y + mail.height / 2, { steps: 10 });
    await page.mouse.up();
  };
  await gesture(page, studio, move, SOURCE.replace("users -> shop.api: HTTPS", "users -> mail: HTTPS"));
});

test("duplicate, group, ungroup, shape, colour, icon, pin, by the bar above what is selected", async ({ page, studio }) => {
  const bar = studio.canvas.getByRole("toolbar", { name: "Selected" });
  await studio.node("shop.db").click();
  const copy = await gesture(page, studio, () => bar.getByRole("button", { name: "Duplicate" }).click(), /db 2/);
  expect(copy).toMatch(/db 2: Orders[\s\S]*cylinder/);
  await studio.node("mail").click();
  await gesture(page, studio, () => bar.getByRole("button", { name: "Group" }).click(), /group: \{\n\s+mail: Mail/);
  await page.keyboard.press("Escape");
  await studio.node("shop").locator(".spandrel-title").click();
  await gesture(page, studio, () => bar.getByRole("button", { name: "Ungroup" }).click(), /^(?!.*shop)/s);
  await studio.node("mail").click();
  const pick = async (menu: string, item: string): Promise<void> => {
    await bar.getByRole("button", { name: menu, exact: true }).click();
    await page.getByRole("dialog", { name: menu, exact: true }).getByRole("button", { name: item, exact: true }).click();
  };
  await gesture(page, studio, () => pick("Shape", "Queue"), /mail(: Mail \{\n?\s*shape: queue|\.shape: queue)/);
  await studio.node("mail").click();
  await gesture(page, studio, () => pick("Fill", "Fill with #dbeafe"), /style(\.fill: "#dbeafe"|: \{\s*fill: "#dbeafe")/);
  await studio.node("mail").click();
  await gesture(page, studio, () => pick("Icon", "database"), /icon: mdi:database/);
  await studio.node("mail").click();
  await gesture(page, studio, () => bar.getByRole("button", { name: "Pin here" }).click(), /top: \d+/);
});

test("shapes from the palette, by a click and dragged into a container; double click", async ({ page, studio }) => {
  const palette = studio.canvas.getByRole("button", { name: "Add a shape" });
  const name = async (label: string): Promise<void> => {
    await expect(studio.canvas.locator("textarea")).toBeFocused();
    await page.keyboard.type(label);
    await page.keyboard.press("Enter");
  };
  await palette.click();
  await page.getByRole("dialog", { name: "Shapes" }).getByRole("button", { name: "Queue" }).click();
  await name("Jobs");
  await expect.poll(() => studio.text()).toMatch(/queue: Jobs \{\s*shape: queue/);
  const shop = (await studio.node("shop").boundingBox())!;
  await palette.click();
  const item = (await page.getByRole("dialog", { name: "Shapes" }).getByRole("button", { name: "Hexagon" }).boundingBox())!;
  await page.mouse.move(item.x + 20, item.y + 20);
  await page.mouse.down();
  await page.mouse.move(shop.x + shop.width - 40, shop.y + shop.height - 30, { steps: 10 });
  await page.mouse.up();
  await name("Worker");
  await expect(studio.node("shop.hexagon")).toContainText("Worker");
  expect(await studio.text()).toMatch(/hexagon: Worker \{[^}]*shape: hexagon[^}]*left: \d+/);
  const box = (await studio.canvas.boundingBox())!;
  await page.mouse.dblclick(box.x + 60, box.y + 400);
  await name("Ledger");
  await expect.poll(() => studio.text()).toContain("service: Ledger");
});

test("folding is for this viewer alone: the text stays, connections end at the container", async ({ page, studio }) => {
  await studio.node("shop").hover({ position: { x: 20, y: 12 } });
  await studio.node("shop").getByRole("button", { name: "Fold" }).click();
  await expect(studio.nodes).toHaveCount(3);
  await expect(studio.edges).toHaveCount(1);
  expect(await studio.text()).toBe(SOURCE);
  await page.reload();
  await expect(studio.nodes).toHaveCount(3);
  await studio.node("shop").getByRole("button", { name: "Unfold" }).click();
  await expect(studio.nodes).toHaveCount(5);
});

test("direction is an edit, and what the text does not touch stays where it is", async ({ page, studio }) => {
  await gesture(
    page,
    studio,
    async () => {
      await studio.canvas.getByRole("button", { name: "Direction" }).click();
      await page.getByRole("menuitem", { name: "Flow to the right" }).click();
    },
    /direction: right/,
  );
  const before = (await studio.node("mail").boundingBox())!;
  await studio.node("shop.db").dblclick();
  await page.keyboard.type("Order store");
  await page.keyboard.press("Enter");
  await expect(studio.node("shop.db")).toContainText("Order store");
  await expect(studio.page.locator("[data-settling]")).toHaveCount(0);
  expect(await studio.node("mail").boundingBox()).toEqual(before);
});

test("the caret selects on the canvas, the canvas marks the text", async ({ page, studio }) => {
  await page.getByText("api: API").click();
  await expect(studio.node("shop.api")).toHaveClass(/selected/);
  await studio.node("users").click();
  await expect(page.locator(".cm-spandrel-selected").first()).toContainText("users");
});

test("views: data flow, trust zones, kinds hidden; the text stays", async ({ page, studio }) => {
  const view = studio.canvas.getByRole("button", { name: "View", exact: true });
  await view.click();
  await page.getByRole("radio", { name: "Data flow" }).check();
  await page.keyboard.press("Escape");
  await expect(studio.canvas.getByRole("region", { name: "Data flow" })).toContainText("HTTPS");
  await view.click();
  await page.getByRole("radio", { name: "Trust zones" }).check();
  await page.getByRole("checkbox", { name: /Database/ }).uncheck();
  await page.keyboard.press("Escape");
  await expect(studio.canvas.getByRole("region", { name: "Trust zones" })).toBeVisible();
  await expect(studio.node("shop.db")).toHaveCount(0);
  expect(await studio.text()).toBe(SOURCE);
});

// Shapes that are more than an outline: tables connected row by row, and images.
import { expect, type Studio, test } from "../fixtures.js";

const TABLES = `users: {
  shape: sql_table
  id: int {constraint: primary_key}
  email: text
}
orders: {
  shape: sql_table
  id: int {constraint: primary_key}
  user_id: int
}
`;

async function open(studio: Studio, source: string, nodes: number): Promise<void> {
  await studio.page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(source);
  await expect(studio.nodes).toHaveCount(nodes);
  await studio.fit();
}

/** Where a row of a table can be taken hold of. */
async function endOf(studio: Studio, table: string, row: number, side: "left" | "right"): Promise<{ x: number; y: number }> {
  const box = await studio.node(table).locator(`[data-handleid="connect-row-${row}-${side}"]`).boundingBox();
  if (!box) throw new Error(`row ${row} of ${table} is not on the canvas`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a row of a table is connected with a row of another", async ({ page, studio }) => {
  await open(studio, TABLES, 2);
  await studio.node("orders").hover();
  const from = await endOf(studio, "orders", 1, "right");
  const row = (await studio.node("users").locator('[data-row="0"]').boundingBox())!;
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(row.x + row.width / 2, row.y + row.height / 2, { steps: 12 });
  await page.mouse.up();
  await expect.poll(() => studio.text()).toContain("orders.user_id -> users.id");
  expect(await studio.text(), "and nothing else has changed").toContain(TABLES.trim());
  await expect(studio.edges).toHaveCount(1);
  // The line ends at the rows, not in the middle of the tables.
  const path = await studio.edges.first().locator(".react-flow__edge-path").evaluate((line: SVGPathElement) => {
    const at = (length: number): { x: number; y: number } => {
      const point = line.getPointAtLength(length).matrixTransform(line.getScreenCTM() as DOMMatrix);
      return { x: point.x, y: point.y };
    };
    return [at(0), at(line.getTotalLength())];
  });
  for (const [end, table, index] of [[path[0], "orders", 1], [path[1], "users", 0]] as const) {
    const box = (await studio.node(table).locator(`[data-row="${index}"]`).boundingBox())!;
    expect(end!.y, `the end at ${table}`).toBeGreaterThanOrEqual(box.y);
    expect(end!.y, `the end at ${table}`).toBeLessThanOrEqual(box.y + box.height);
  }
  await studio.canvas.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(() => studio.text()).toBe(TABLES);
});

test("a shape becomes an image, and brings the icon that it was drawn with", async ({ studio }) => {
  const source = "store: Orders {\n  shape: cylinder\n}\n";
  await open(studio, source, 1);
  await studio.node("store").click();
  const bar = studio.canvas.getByRole("toolbar", { name: "Selected" });
  await bar.getByRole("button", { name: "Shape", exact: true }).click();
  await studio.page.getByRole("button", { name: "Image", exact: true }).click();
  await expect.poll(() => studio.text()).toMatch(/shape: image/);
  expect(await studio.text()).toMatch(/icon: "?mdi:/);
  await expect(studio.node("store").locator("svg.spandrel-icon")).toBeVisible();
  await studio.canvas.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(() => studio.text(), "one step of the history").toBe(source);
});

test("a vendor's logo is found by the product's name, and drawn on the canvas and in the picture", async ({ studio }) => {
  await open(studio, "store: Orders\n", 1);
  await studio.node("store").click();
  const bar = studio.canvas.getByRole("toolbar", { name: "Selected" });
  await bar.getByRole("button", { name: "Icon", exact: true }).click();
  await studio.page.getByRole("searchbox", { name: "Find an icon" }).fill("postgres");
  await studio.page.getByRole("button", { name: "postgresql", exact: true }).click();
  await expect.poll(() => studio.text()).toMatch(/icon: "?logos:postgresql/);
  await expect(studio.node("store").locator("svg.spandrel-icon g")).not.toHaveCount(0);
  expect(await studio.exported("SVG picture")).toContain("#336791");
});

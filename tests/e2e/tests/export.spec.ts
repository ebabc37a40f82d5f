import { readFileSync } from "node:fs";
import { expect, test } from "../fixtures.js";

test("pictures and texts are exported, with fonts and icons inside and nothing from outside", async ({ page, studio }) => {
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();

  const exported = async (name: string): Promise<Buffer> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
    return readFileSync(await (await download).path());
  };

  const svg = (await exported("SVG picture")).toString();
  expect(svg).toContain("<svg");
  expect(svg).toContain("@font-face");
  expect(svg).toContain("Web Server");
  expect(svg).not.toMatch(/(href|src)="https?:|url\(["']?https?:|<foreignObject|<script/);

  const png = await exported("PNG picture");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16), "width").toBeGreaterThan(400);

  expect((await exported("D2 text")).toString()).toBe(await studio.text());
  const json = JSON.parse((await exported("React Flow JSON")).toString());
  expect(json.nodes).toHaveLength(await studio.nodes.count());
});

test("a link carries the design to another browser", async ({ page, studio, server, browser }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("west: West\neast: East\nwest -> east: über 😀\n");
  await expect(studio.nodes).toHaveCount(2);
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "Copy a link" }).click();
  await expect(page.getByText("Copied a link")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.locator('.react-flow__node[data-id="west"]')).toBeVisible();
  await expect(other.locator(".react-flow__edge")).toHaveCount(1);
  await other.close();
});

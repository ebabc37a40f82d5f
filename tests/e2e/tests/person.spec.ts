// One person's first hour, step by step: at each step the text, the canvas, the history and the versions agree.
import { readFileSync } from "node:fs";
import { expect, type Studio, test } from "../fixtures.js";

/** What the text means and what the canvas shows are the same things. */
async function agree(studio: Studio): Promise<void> {
  const text = await studio.text();
  const shown = await studio.nodes.evaluateAll((all) => all.map((node) => node.getAttribute("data-id") ?? ""));
  const json = JSON.parse(await studio.exported("React Flow JSON")) as { nodes: { id: string }[]; edges: { id: string }[] };
  expect(shown.sort(), "nodes of the canvas and of the text").toEqual(json.nodes.map(({ id }) => id).sort());
  await expect(studio.edges).toHaveCount(json.edges.length);
  expect(await studio.exported("D2 text"), "the exported text").toBe(text);
}

test("a person signs in, asks, edits by hand, undoes, compares and exports", async ({ page, studio, watch }) => {
  // A login that is wrong is answered with a status that the browser reports.
  watch.allow("401");
  test.setTimeout(240_000);

  const email = `ada-${Date.now()}@example.org`;
  await test.step("makes an account and is in", async () => {
    await studio.menu("Sign in");
    await page.getByRole("button", { name: "I have no account yet" }).click();
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill("correct horse battery 9");
    await page.getByRole("button", { name: "Make an account" }).click();
    await expect(page.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
    await page.getByRole("button", { name: "Main menu" }).click();
    await expect(page.getByRole("menuitem", { name: "Sign out Ada" })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("asks, and watches it draw", async () => {
    // How many nodes stand on the canvas, each time that changes.
    await page.evaluate(() => {
      const counts: number[] = [];
      Object.assign(window, { counts });
      new MutationObserver(() => {
        const count = document.querySelectorAll(".react-flow__node").length;
        if (count !== counts.at(-1)) counts.push(count);
      }).observe(document.body, { childList: true, subtree: true });
    });
    await studio.begin("a RAG pipeline with a vector store and an API gateway");
    await expect(page.getByRole("log", { name: "Conversation" }).getByText("Applied")).toBeVisible();
    const counts = await page.evaluate(() => (window as unknown as { counts: number[] }).counts);
    // In how many steps it grows hangs on how fast the machine draws; model.spec.ts has a model that waits for the canvas.
    expect([...counts].sort((a, b) => a - b), "and never shrank").toEqual(counts);
    await expect(studio.canvas.getByText("Vector DB", { exact: true })).toBeVisible();
    await expect(studio.canvas.getByText("API Gateway", { exact: true })).toBeVisible();
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Drawing" })).toHaveCount(0);
    await agree(studio);
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(1);
    await expect(studio.versions.first()).toContainText("Ada");
    await expect(studio.versions.first().locator("img")).toBeVisible();
  });

  const first = await studio.text();
  const steps: string[] = [];

  await test.step("renames a node on the canvas", async () => {
    await studio.node("api_gateway").dblclick();
    await page.keyboard.type("Edge Gateway");
    await page.keyboard.press("Enter");
    await expect(studio.node("api_gateway")).toContainText("Edge Gateway");
    steps.push(await studio.text());
    expect(steps[0]).toBe(first.replace("api_gateway: API Gateway", "api_gateway: Edge Gateway"));
    await agree(studio);
  });

  await test.step("drags one", async () => {
    await studio.fit();
    await studio.drag("web_app", 90, 40);
    await expect.poll(() => studio.text()).toMatch(/left: \d+/);
    steps.push(await studio.text());
    await agree(studio);
  });

  await test.step("connects two", async () => {
    await studio.fit();
    await studio.connect("auth_service", "object_storage");
    await expect.poll(() => studio.text()).toContain("auth_service -> object_storage");
    steps.push(await studio.text());
    await agree(studio);
  });

  await test.step("undoes all of it, step by step, to the byte", async () => {
    for (const text of [steps[1], steps[0], first]) {
      await studio.canvas.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => studio.text()).toBe(text);
    }
    await agree(studio);
    for (const text of steps) {
      await studio.canvas.getByRole("button", { name: "Redo" }).click();
      await expect.poll(() => studio.text()).toBe(text);
    }
    await agree(studio);
  });

  await test.step("compares with version 1", async () => {
    await studio.version(1, "Compare with the draft");
    const banner = studio.canvas.getByRole("status").filter({ hasText: "Version 1 → Draft" });
    await expect(banner).toContainText("1 added");
    await expect(banner).toContainText("1 changed");
    await expect(banner).toContainText("1 moved");
    await expect(studio.canvas.locator(".react-flow__node.changed")).toHaveAttribute("data-id", "api_gateway");
    await expect(studio.canvas.locator(".react-flow__node.moved")).toHaveAttribute("data-id", "web_app");
    await expect(studio.canvas.locator(".react-flow__edge.added")).toHaveCount(1);
    await expect(page.getByRole("region", { name: "Version 1 → Draft" })).toContainText("Edge Gateway");
    await banner.getByRole("button", { name: "Back to the draft" }).click();
    await agree(studio);
  });

  await test.step("saves, and the next version is there", async () => {
    await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
    await expect(studio.versions).toHaveCount(2);
    await agree(studio);
  });

  await test.step("exports SVG and PNG", async () => {
    const svg = await studio.exported("SVG picture");
    expect(svg).toContain("Edge Gateway");
    expect(svg).not.toMatch(/(href|src)="https?:|<foreignObject|<script/);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "PNG picture" }).click();
    expect(readFileSync(await (await download).path()).subarray(1, 4).toString()).toBe("PNG");
  });

  await test.step("signs out, and what was made stays with the account", async () => {
    await studio.menu("Sign out Ada");
    await expect(page.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
    await studio.menu("Designs");
    await expect(page.getByRole("heading", { name: "Designs" })).toBeVisible();
    await expect(page.getByText("Loading designs")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Open Retrieval-Augmented Generation" })).toHaveCount(0);
  });

  await test.step("signs in again, and finds it", async () => {
    await studio.menu("Sign in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill("correct horse battery 9");
    await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
    // Who is signed in is led back to the studio; what is chosen before that would be undone by it.
    await expect(page.getByRole("heading", { name: "What do you want to build?" })).toBeVisible();
    await studio.menu("Designs");
    await page.getByRole("button", { name: "Open Retrieval-Augmented Generation" }).click();
    await expect.poll(() => studio.text()).toBe(steps[2]);
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(2);
  });
});

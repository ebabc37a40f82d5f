import { Look } from "../look.js";
import { expect, type Studio, test } from "../fixtures.js";

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen, ${theme}`, async ({ page, studio, watch }) => {
    watch.allow("503");
    test.setTimeout(400_000);
    const look = new Look(page, theme);
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await expect(page.getByRole("main").locator("img")).toHaveCount(6);
    await look.at("the first visit");

    await studio.ask("a RAG pipeline with a vector store and an API gateway");
    await expect(page.getByText("Applied")).toBeVisible();
    await expect(page.getByText("Saved as version 1")).toBeVisible();
    await look.at("the studio");
    await studio.ask("add a message queue");
    await expect(page.getByRole("list", { name: "What changes" })).toBeVisible();
    await look.at("a proposal in pieces");
    await studio.canvas.getByRole("button", { name: "Apply" }).click();
    await studio.openSide("Versions");
    await expect(studio.versions).toHaveCount(2);
    await studio.drag("user", 60, 30);
    await studio.version(1, "Compare with the draft");
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Draft" })).toBeVisible();
    await look.at("a comparison");
    await studio.canvas.getByRole("button", { name: "Back to the draft" }).click();

    await studio.nodes.first().click();
    await studio.type("\nbroken: {\n  shape: cylindre\n");
    await expect(studio.canvas.getByText("last drawing that worked")).toBeVisible();
    for (const side of ["Versions", "Problems", "Inspector"] as const) {
      await studio.openSide(side);
      await look.at(`${side}, with an error shown`);
    }
    await page.getByRole("button", { name: "Export" }).click();
    await look.at("the export menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await look.at("the command palette");
    await page.keyboard.press("Escape");

    await studio.menu("Designs");
    await expect(page.getByRole("list", { name: "Designs" }).locator("img").first()).toBeVisible();
    await look.at("the designs");
    await page.getByRole("button", { name: /^More for / }).first().click();
    await page.getByRole("menuitem", { name: "Members" }).click();
    await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(1);
    await look.at("members");
    await page.keyboard.press("Escape");
    await studio.menu("Templates");
    await expect(page.getByRole("main").locator("img").nth(6)).toBeVisible();
    await look.at("the templates");
    await studio.menu("Settings");
    await look.at("the settings");
    await studio.menu("Sign in");
    await look.at("signing in");
    await page.getByLabel("Email").fill("nobody@example.org");
    await page.getByLabel("Password").fill("wrong password");
    watch.allow("401");
    await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await expect(page.getByRole("alert")).toBeVisible();
    await look.at("signing in, with an error shown");
    await page.getByRole("button", { name: "I have forgotten my password" }).click();
    await look.at("a forgotten password");
    await page.route("**/v1/projects?**", (route) => route.fulfill({ status: 503, contentType: "application/json", body: "{}" }));
    await studio.menu("Designs");
    await expect(page.getByRole("alert")).toBeVisible();
    await look.at("the designs, with an error shown");
    await studio.menu("New design");
    await page.getByRole("button", { name: "Start with an empty page" }).click();
    await look.at("an empty page");
  });

  test(`axe finds nothing on the canvas with its tools open, ${theme}`, async ({ page, studio }) => {
    test.setTimeout(300_000);
    const look = new Look(page, `canvas-${theme}`);
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await page.getByRole("button", { name: "Start with an empty page" }).click();
    await studio.write("zone: Private zone {\n  api: API {tooltip: inner; link: https://example.org}\n  db: Orders {shape: cylinder}\n  api -> db: SQL\n}\nuser: User {shape: person}\nuser -> zone.api: HTTPS\n");
    await expect(studio.nodes).toHaveCount(4);
    await page.getByRole("tab", { name: "List" }).click();
    await look.at("the list");
    await studio.node("zone").locator(".spandrel-title").click();
    await look.at("the bar above a container");
    for (const menu of ["Shape", "Fill", "Icon"] as const) {
      await studio.canvas.getByRole("toolbar", { name: "Selected" }).getByRole("button", { name: menu, exact: true }).click();
      await look.at(`the menu ${menu}`);
      await page.keyboard.press("Escape");
    }
    await studio.canvas.getByRole("button", { name: "Add a shape" }).click();
    await look.at("the palette of shapes");
    await page.keyboard.press("Escape");
    const view = studio.canvas.getByRole("button", { name: "View", exact: true });
    for (const kind of ["Data flow", "Trust zones"] as const) {
      await view.click();
      await page.getByRole("radio", { name: kind }).check();
      await look.at(`the menu of views, ${kind}`);
      await page.keyboard.press("Escape");
      await expect(studio.canvas.getByRole("region", { name: kind })).toBeVisible();
    }
    await studio.node("zone").hover({ position: { x: 20, y: 12 } });
    await studio.node("zone").getByRole("button", { name: "Fold" }).click();
    await look.at("a folded container");
  });

  test(`axe finds nothing in a conflict, ${theme}`, async ({ page, studio, server, watch }) => {
    watch.allow("409");
    if (theme === "dark") await page.getByRole("button", { name: "Switch to dark theme" }).click();
    await page.getByRole("button", { name: "Start with an empty page" }).click();
    await saveAlpha(studio);
    await fetch(`${server.url}/v1/projects/${await studio.code()}/versions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "alpha: Alpha\ntheirs: Theirs\nalpha -> theirs\n", base_version: 1, message: "A second service" }),
    });
    await studio.type("mine: Mine\n");
    await expect(studio.nodes).toHaveCount(2);
    await page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
    await expect(page.getByRole("dialog").locator("img")).toHaveCount(2);
    const look = new Look(page, `conflict-${theme}`);
    await look.at("a conflict");
    await page.getByRole("button", { name: "Compare the texts" }).click();
    await look.at("a conflict, the texts compared");
  });
}

async function saveAlpha(studio: Studio): Promise<void> {
  await studio.write("alpha: Alpha\n");
  await expect(studio.nodes).toHaveCount(1);
  await studio.page.getByRole("banner").getByRole("button", { name: "Save version" }).click();
  await expect(studio.page.getByText("Saved as version 1")).toBeVisible();
}

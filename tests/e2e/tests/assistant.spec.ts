import { expect, test } from "../fixtures.js";

const A = "# mine\napi: API\ndb: Database {\n  shape: cylinder\n}\napi -> db: reads\n";
const B = "# mine\napi: API v2\ncache: Cache\ndb: Database {\n  shape: cylinder\n}\napi -> cache: asks\ncache -> db: fills\n";

/** A server that streams an answer as a model would write it, a bit at a time. */
const events = (list: [string, object][]): string => list.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");

const answer = (intent: string, d2: string | null, message: string, view?: object) => ({
  response: {
    intent,
    message,
    confidence: 0.93,
    session_id: "00000000-0000-4000-8000-000000000000",
    classification_source: "llm",
    provider: "test-model",
    payload: { version_id: null, d2, pinned_nodes: [], ...(view ? { view } : {}) },
  },
});

test("a proposal is listed piece by piece, and pieces are taken with what they need", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(A);
  await expect(studio.nodes).toHaveCount(2);
  await page.route("**/v2/design/generate", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: events([
        ["intent", { intent: "DSL_UPDATE", confidence: 0.93, source: "llm" }],
        ["source", { delta: "nonsense {" }],
        ["source", { reset: true }],
        ["source", { delta: B.slice(0, 60) }],
        ["source", { delta: B.slice(60) }],
        ["message", { delta: "A cache stands in front." }],
        ["done", answer("DSL_UPDATE", B, "A cache stands in front.")],
      ]),
    }),
  );
  await studio.ask("add a cache in front of the database");
  const banner = studio.canvas.getByRole("status").filter({ hasText: "Proposed change" });
  await expect(banner).toContainText("3 added");
  await expect(banner).toContainText("1 removed");
  const said = page.getByRole("log", { name: "Conversation" });
  await expect(said).toContainText("Made by test-model");
  await expect(said).toContainText("93");
  await expect(page.getByRole("region", { name: "Proposed text" }).last()).toContainText("Cache");
  await expect(studio.canvas.locator(".react-flow__edge.removed")).toHaveCount(1);
  expect(await studio.text(), "the document is untouched").toBe(A);

  const piece = (name: string) => page.getByRole("list", { name: "What changes" }).getByRole("checkbox", { name, exact: true });
  await expect(page.getByRole("list", { name: "What changes" }).getByRole("listitem")).toHaveCount(5);
  await piece("Added: Cache").uncheck();
  await expect(piece("Added: API v2 → Cache"), "a connection goes with its end").not.toBeChecked();
  await piece("Added: API v2 → Cache").check();
  await expect(piece("Added: Cache"), "and brings it").toBeChecked();
  await piece("Changed: API v2").uncheck();
  await piece("Removed: API v2 → Database").uncheck();
  await expect(banner).toContainText("2 added");
  await banner.getByRole("button", { name: "Apply what is chosen" }).click();
  await expect.poll(() => studio.text()).toContain("api -> cache: asks");
  const text = await studio.text();
  expect(text).toContain("# mine\napi: API\n");
  expect(text).toContain("api -> db: reads");
  expect(text).not.toContain("cache -> db");
  await studio.openSide("Versions");
  await expect(studio.versions.first()).toContainText("Partly from");
  await studio.canvas.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => studio.text(), "one step of the history").toBe(A);
});

test("stopping is immediate and leaves the document as it was", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(A);
  await expect(studio.nodes).toHaveCount(2);
  // A server that never says anything.
  await page.route("**/v2/design/generate", () => undefined);
  await studio.begin("add a cache in front of the database");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("log", { name: "Conversation" })).toContainText("Stopped. The document is as it was.", { timeout: 1_000 });
  expect(await studio.text()).toBe(A);
  await page.unroute("**/v2/design/generate");
  await studio.ask("add a cache in front of the database");
  await expect(studio.canvas.getByRole("status").filter({ hasText: "Proposed change" })).toBeVisible();
});

test("a server without an answer leaves it to the browser, which says so", async ({ page, studio, watch }) => {
  watch.allow("503");
  await page.route("**/v2/design/generate", (route) =>
    route.fulfill({ status: 503, contentType: "application/json", body: '{"error_code":"UNAVAILABLE","message":"no provider answers","details":{}}' }),
  );
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  await expect(page.getByRole("log", { name: "Conversation" })).toContainText("the server had no answer");
});

test("questions, views and other subjects are answered in kind, and the text stays", async ({ page, studio }) => {
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(A);
  await expect(studio.nodes).toHaveCount(2);
  await studio.menu("Settings");
  await page.getByLabel("Who answers").selectOption("browser");
  await page.getByRole("button", { name: "Back to the design" }).click();
  const said = page.getByRole("log", { name: "Conversation" });

  await studio.ask("what is a message queue good for?");
  await expect(said).toContainText("Question");
  await studio.ask("switch to dark mode");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(said).toContainText("Done. The text is as it was.");
  await studio.ask("how deep is the Baltic Sea?");
  await expect(said).toContainText("not about software architecture");
  expect(await studio.text()).toBe(A);
  await expect(studio.canvas.getByRole("status").filter({ hasText: "Proposed" })).toHaveCount(0);
});

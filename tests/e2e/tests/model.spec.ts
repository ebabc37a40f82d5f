// The studio, the real server, and a language model that writes a piece at a time.
import { expect, Studio, test as base } from "../fixtures.js";
import { type FakeModel, startModel } from "../model.js";
import { startServer } from "../server.js";

const test = base.extend<object, { model: FakeModel }>({
  model: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const model = await startModel();
      await use(model);
      await model.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ model }, use) => {
      const server = await startServer(`
[llm.providers.here]
kind = "openai-compatible"
base_url = "${model.url}"
closed = true
[llm.models.small]
provider = "here"
upstream = "small-1"
[llm.models.large]
provider = "here"
upstream = "large-1"
[[llm.tiers]]
prompt_tokens = 0
model = "small"
[oidc.example]
issuer = "https://issuer.example"
client_id = "spandrel"
client_secret = "not a secret"
title = "Example"
`);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

const PIECES = [
  "# A shop\nweb: Web Shop\n",
  "api: API Gateway\nweb -> api: HTTPS\n",
  "orders: Orders\napi -> orders\n",
  "store: Orders Store {\n  shape: cylinder\n}\norders -> store: SQL\n",
];

test("the diagram grows while the model writes, and what is selected stays so", async ({ page, studio, model }) => {
  Object.assign(model, { pieces: PIECES, allowed: 2, asked: [] });
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write("api: API Gateway\n");
  await expect(studio.nodes).toHaveCount(1);
  await studio.node("api").click();
  await expect(studio.node("api")).toHaveClass(/selected/);
  await studio.begin("design a web shop with a gateway, orders and a database for them");
  await expect(studio.node("web"), "half of it is drawn while the rest is still to come").toBeVisible();
  await expect(studio.node("store")).toHaveCount(0);
  await expect(studio.node("api")).toHaveClass(/selected/);
  expect(await studio.text(), "the document is untouched").toBe("api: API Gateway\n");
  model.allowed = Number.POSITIVE_INFINITY;
  await expect(studio.node("store")).toBeVisible();
  await expect(studio.canvas.getByRole("status").filter({ hasText: "Proposed change" })).toBeVisible();
  await expect(studio.node("api")).toHaveClass(/selected/);
  await expect(page.getByRole("log", { name: "Conversation" })).toContainText("Made by");
});

test("stopping in the middle leaves nothing behind", async ({ page, studio, model }) => {
  Object.assign(model, { pieces: PIECES, allowed: 2, asked: [] });
  await studio.begin("design a web shop with a gateway, orders and a database for them");
  await expect(studio.node("web")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).first().click();
  await expect(page.getByRole("log", { name: "Conversation" })).toContainText("Stopped");
  await expect(studio.nodes).toHaveCount(0);
  model.allowed = Number.POSITIVE_INFINITY;
});

test("the model that was chosen in the settings is the one that is asked", async ({ page, studio, model }) => {
  Object.assign(model, { pieces: PIECES, allowed: Number.POSITIVE_INFINITY, asked: [] });
  await studio.menu("Settings");
  await page.getByLabel("Model").selectOption({ label: "large" });
  await page.getByRole("button", { name: "Back to the design" }).click();
  await studio.ask("design a web shop with a gateway, orders and a database for them");
  await expect(studio.node("store")).toBeVisible();
  expect(new Set(model.asked)).toEqual(new Set(["large-1"]));
});

test("issuers that the server names are offered, and a password that was forgotten is set anew", async ({ page, server, watch }) => {
  watch.allow("404");
  await page.goto(`${server.url}/sign-in`);
  const issuer = page.getByRole("link", { name: "Sign in with Example" });
  await expect(issuer).toHaveAttribute("href", /^\/v1\/auth\/oidc\/example\/start\?return_to=%2F%3Fsign_in%3Ddone$/);

  await page.getByRole("button", { name: "I have forgotten my password" }).click();
  await page.getByLabel("Email").fill("someone@example.org");
  await page.getByRole("button", { name: "Send the mail" }).click();
  await expect(page.getByRole("alert"), "this server sends none").toContainText("sends no mail");
});

test("the link of a mail opens the page for a new password", async ({ page, server, watch }) => {
  watch.allow("401");
  await page.goto(`${server.url}/#reset=pr_0123456789`);
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  expect(page.url(), "the token is out of the address").toBe(`${server.url}/`);
  await page.getByLabel("New password").fill("correct horse battery");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("alert"), "a token that the server never gave").toContainText("over or was used before");
  const sent: unknown[] = [];
  await page.route("**/v1/auth/password/reset/confirm", (route) => {
    sent.push(route.request().postDataJSON());
    return route.fulfill({ status: 204 });
  });
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("The password is the new one")).toBeVisible();
  expect(sent).toEqual([{ token: "pr_0123456789", new: "correct horse battery" }]);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a sign-in that ended at its issuer signs in here", async ({ page, server, watch }) => {
  watch.allow("401");
  await page.goto(`${server.url}/?sign_in=failed`);
  await expect(page.getByText("Signing in was not completed")).toBeVisible();
  const renewed = page.waitForRequest("**/v1/auth/refresh");
  await page.goto(`${server.url}/?sign_in=done`);
  await renewed;
  expect(new Studio(page).page.url()).toBe(`${server.url}/`);
});

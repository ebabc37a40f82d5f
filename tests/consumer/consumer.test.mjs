import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const app = mkdtempSync(join(tmpdir(), "spandrel-consumer-"));
const run = (command, args, cwd = app) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

before(() => {
  cpSync(join(import.meta.dirname, "app"), app, { recursive: true });
  const pack = (folder) => {
    const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", app], join(root, folder)));
    return { tarball: `file:${join(app, filename)}`, files: files.map((file) => file.path) };
  };
  const [spandrel, elk] = [pack("pkg"), pack("pkg/elk")];
  assert.equal(spandrel.files.filter((path) => path.endsWith(".wasm")).length, 1, "one wasm, stored once");
  const manifest = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
  Object.assign(manifest.dependencies, { spandrel: spandrel.tarball, elkjs: elk.tarball });
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest, null, 2));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"]);
});

after(() => rmSync(app, { recursive: true, force: true }));

test("a plain Vite and React app shows a diagram, drawn in a worker", async () => {
  run("npx", ["vite", "build"]);
  const built = join(app, "dist");
  assert.ok(readdirSync(join(built, "assets")).some((name) => name.endsWith(".wasm")), "the wasm was copied without any setting");
  const { url, close } = await serve(built);
  const browser = await chromium.launch({
    executablePath: process.env.SPANDREL_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    const foreign = [];
    const errors = [];
    page.on("request", (request) => request.url().startsWith(url) || foreign.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && errors.push(message.text()));
    const worker = page.waitForEvent("worker");
    await page.goto(url);
    await worker;
    await page.locator(".react-flow__node").nth(3).waitFor();
    assert.equal(await page.locator(".react-flow__node").count(), 4);
    assert.equal(await page.locator(".react-flow__edge").count(), 3);
    const path = await page.locator(".react-flow__edge-path").first().getAttribute("d");
    assert.match(path, /^M[-\d.]+ /);
    await page.getByLabel("source").fill("one -> two\n");
    await page.locator('.react-flow__node[data-id="two"]').waitFor();
    assert.equal(await page.locator(".react-flow__node").count(), 2);
    assert.deepEqual(foreign, []);
    assert.deepEqual(errors.filter((error) => !error.includes("404")), []);
  } finally {
    await browser.close();
    close();
  }
});

test("a React Flow app written for elkjs lays out through the alias", async () => {
  const { url, close } = await serve(join(app, "dist"));
  const browser = await chromium.launch({ executablePath: process.env.SPANDREL_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${url}/elk.html`);
    const corner = async (id) => {
      const style = await page.locator(`.react-flow__node[data-id="${id}"]`).getAttribute("style");
      return /translate\(([-\d.]+)px, ?([-\d.]+)px\)/.exec(style).slice(1).map(Number);
    };
    const settled = (axis) =>
      page.waitForFunction((at) => {
        const place = (id) => /translate\(([-\d.]+)px, ?([-\d.]+)px\)/.exec(document.querySelector(`.react-flow__node[data-id="${id}"]`)?.style.transform ?? "")?.slice(1).map(Number);
        return place("archive") && place("archive")[at] - place("order")[at] > 150;
      }, axis);
    await settled(0);
    const across = Object.fromEntries(await Promise.all(["order", "charge", "ship", "notify", "archive"].map(async (id) => [id, await corner(id)])));
    assert.ok(across.order[0] + 250 <= across.charge[0], "100 pixels between layers");
    assert.ok(across.charge[0] < across.ship[0] && across.ship[0] < across.archive[0], "one layer after the other");
    assert.ok(across.charge[1] < across.notify[1], "paid leaves above failed, as the handles stand");
    assert.equal(await page.locator(".react-flow__edge").count(), 5);
    if (process.env.SPANDREL_PICTURES) await page.screenshot({ path: join(process.env.SPANDREL_PICTURES, "elk-alias.png") });
    await page.getByRole("button", { name: "down" }).click();
    await settled(1);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    close();
  }
});

test("the same tarball runs in Node", () => {
  assert.match(run("node", ["in-node.mjs"]), /fine/);
});

test("spandrel-elk stands in for elkjs under its name", () => {
  assert.match(run("node", ["elk-alias.mjs"]), /fine/);
});

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

async function serve(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    try {
      const file = join(folder, path === "/" ? "index.html" : path);
      const body = readFileSync(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

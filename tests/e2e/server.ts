// The real server, on a free port, with a data folder of its own that is gone afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface Server {
  url: string;
  stop(): Promise<void>;
  /** The server goes away and comes back on the same port with the same data. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** The newest binary that was built. */
function binary(): string {
  const target = process.env["CARGO_TARGET_DIR"] ?? join(root, "target");
  const found = ["debug", "release"]
    .map((profile) => join(target, profile, "proxy-server"))
    .filter((path) => existsSync(path))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const path = process.env["SPANDREL_SERVER"] ?? found[0];
  if (!path) throw new Error("there is no server: run `cargo build -p proxy-server` first");
  return path;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** `config`: a configuration file's text; what is needed to run here comes from the environment, which counts for more. */
export async function startServer(config = ""): Promise<Server> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "spandrel-e2e-"));
  const url = `http://127.0.0.1:${port}`;
  const file = join(data, "spandrel.toml");
  writeFileSync(file, config);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    SPANDREL_CONFIG: file,
    SPANDREL_LISTEN: `127.0.0.1:${port}`,
    SPANDREL_STORAGE_DATA_DIR: data,
    SPANDREL_SERVER_WEB_DIR: join(root, "web/dist"),
  };
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const process_ = spawn(binary(), [], { env, stdio: ["ignore", "pipe", "pipe"] });
    child = process_;
    let log = "";
    process_.stdout?.on("data", (text) => (log += text));
    process_.stderr?.on("data", (text) => (log += text));
    for (let tries = 0; tries < 100; tries++) {
      if (process_.exitCode !== null) break;
      const live = await fetch(`${url}/health/live`).catch(() => undefined);
      if (live?.ok) return;
      await new Promise((next) => setTimeout(next, 100));
    }
    throw new Error(`the server did not start:\n${log}`);
  };
  const end = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const gone = new Promise((done) => ending.once("exit", done));
    ending.kill("SIGTERM");
    const killer = setTimeout(() => ending.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(killer);
  };
  await start();
  return {
    url,
    pause: end,
    resume: start,
    async stop() {
      await end();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

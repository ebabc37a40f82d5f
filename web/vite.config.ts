import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;
const brotli = promisify(brotliCompress);

/** The icons of the interface: every `mdi:…` that the source names, as one small collection. */
function uiIcons(): Plugin {
  const id = "virtual:ui-icons";
  return {
    name: "ui-icons",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined;
      const set = JSON.parse(readFileSync(join(root, "node_modules/@iconify-json/mdi/icons.json"), "utf8"));
      const names = new Set<string>();
      for (const file of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
        if (!/\.tsx?$/.test(file)) continue;
        for (const [, name] of readFileSync(join(root, "src", file), "utf8").matchAll(/"mdi:([a-z0-9-]+)"/g)) {
          if (name) names.add(name);
        }
      }
      const icons: Record<string, { body: string }> = {};
      for (const name of [...names].sort()) {
        const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent];
        if (!icon) this.error(`there is no icon mdi:${name}`);
        icons[name] = { body: icon.body };
      }
      return `export default ${JSON.stringify({ prefix: "mdi", width: 24, height: 24, icons })}`;
    },
  };
}

/** The service worker with the list of what was built, and brotli neighbours that the server prefers. */
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    async closeBundle() {
      const dist = join(root, "dist");
      const files = readdirSync(dist, { recursive: true, encoding: "utf8" })
        .map((file) => file.replaceAll("\\", "/"))
        .filter((file) => /\.(html|js|css|wasm|bin|svg|woff2|webmanifest)$/.test(file) && !isRare(file))
        .sort();
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
      const template = readFileSync(join(root, "build/service-worker.js"), "utf8");
      writeFileSync(
        join(dist, "sw.js"),
        template
          .replace("__VERSION__", hash.digest("hex").slice(0, 16))
          .replace("__FILES__", JSON.stringify(files.map((file) => `/${file}`))),
      );
      const texts = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => /\.(html|js|css|wasm|bin|svg)$/.test(file));
      await Promise.all(texts.map(async (file) => writeFileSync(join(dist, `${file}.br`), await brotli(readFileSync(join(dist, file))))));
    },
  };
}

/** What the page will ask for in a moment, the app's own code, is fetched while it is read. The engine is fetched by its worker. */
function ahead(): Plugin {
  return {
    name: "ahead",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) => {
        const all = Object.values(bundle);
        const start = all.find((file) => file.type === "chunk" && file.facadeModuleId?.endsWith("/src/start.tsx"));
        if (start?.type !== "chunk") throw new Error("the app's own code is not among what was built");
        const code = [start.fileName, ...start.imports].filter((file) => !html.includes(file)).map((file) => ({ rel: "modulepreload", crossorigin: true, href: `/${file}` }));
        return code.map((attrs) => ({ tag: "link", attrs, injectTo: "head" as const }));
      },
    },
  };
}

/** Fonts of other scripts and logos are fetched when something needs them, not ahead of time. */
const isRare = (file: string): boolean => /(cyrillic|greek|vietnamese|latin-ext|\/logos-)/.test(file) || file === "sw.js";

export default defineConfig({
  plugins: [react(), tailwind(), uiIcons(), ahead(), offline()],
  // The package is linked, and its peers must be this app's own: two Reacts or two editors do not mix.
  resolve: { preserveSymlinks: true, dedupe: peers() },
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 900, cssCodeSplit: false },
  server: { proxy: proxied("http://127.0.0.1:7777") },
});

function peers(): string[] {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "node_modules/spandrel/package.json"), "utf8"));
  return [...Object.keys(peerDependencies), "@lezer/common", "@xyflow/system"];
}

/** In development the API is the proxy's. */
function proxied(target: string): Record<string, { target: string; ws?: boolean }> {
  return Object.fromEntries(["/v1", "/v2", "/health", "/ws"].map((path) => [path, { target, ws: path === "/ws" }]));
}

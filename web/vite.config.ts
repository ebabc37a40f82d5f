import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;

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

export default defineConfig({
  plugins: [react(), tailwind(), uiIcons()],
  // The package is linked, and its peers must be this app's own: two Reacts or two editors do not mix.
  resolve: { preserveSymlinks: true, dedupe: peers() },
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
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

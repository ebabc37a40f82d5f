import { defineConfig } from "@playwright/test";
import base from "./playwright.config.js";

/** `cargo xtask bench studio`: the studio measured in Chromium; what it finds goes to docs/performance.md. */
export default defineConfig({ ...base, testDir: "bench", timeout: 600_000, use: { ...base.use, trace: "off" } });

import { defineConfig } from "@playwright/test";

/** Debian's Chromium, or whichever is named; nothing is downloaded. */
const executablePath = process.env["SPANDREL_CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "tests",
  fullyParallel: false,
  // Each has a server of its own.
  workers: 2,
  retries: 0,
  // Generous: a machine that builds something else meanwhile is no reason to fail.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    colorScheme: "light",
    // A service worker that takes over in the middle of a test hides requests from what the test puts in their way, and
    // each fresh browser would fetch everything that is kept. The tests of the offline studio allow it.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

import { expect, test } from "../fixtures.js";

test("when the server goes away, writing, drawing and asking go on", async ({ page, studio, server, watch }) => {
  watch.allow("Failed to load resource");
  watch.allow("net::ERR");
  await studio.ask("secure web app with database and authentication");
  await expect(studio.nodes.first()).toBeVisible();
  await server.pause();
  try {
    await studio.type("\noffline_node: Written without a server\n");
    await expect(studio.node("offline_node")).toBeVisible();
    await studio.ask("add a message queue");
    await expect(studio.canvas.getByRole("status").filter({ hasText: "Proposed change" })).toBeVisible();
  } finally {
    await server.resume();
  }
});

import { expect, test, vi } from "vitest";

vi.mock("../app/studio", () => ({ studio: {} }));
const { viewOf } = await import("./view");

test.each([
  ["switch to dark mode", { action: "theme", target: "dark" }],
  ["show me the data flow view", { action: "view", target: "dataflow" }],
  ["group it by trust zone view", { action: "view", target: "zones" }],
  ["fit the whole diagram on screen", { action: "fit" }],
  ["zoom in", { action: "zoom", target: "in" }],
  ["hide the databases please", { action: "hide", target: "databases" }],
  ["focus on the API Gateway", { action: "focus", target: "api gateway" }],
  ["collapse the data tier", { action: "collapse", target: "data tier" }],
])("%s", (query, view) => {
  expect(viewOf(query)).toEqual(view);
});

test("words that name no view ask for none", () => {
  expect(viewOf("hmm")).toBeUndefined();
});

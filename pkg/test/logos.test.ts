import { beforeAll, expect, test } from "vitest";
import init, { diagram, render } from "../dist/node.js";
import { logos } from "../dist/logos.js";

beforeAll(() => init());

const names = Object.keys(logos);
/** A diagram of one node for each logo. */
const source = names.map((name, index) => `n${index}: Thing { icon: ${name} }`).join("\n");

test("every logo is one that the engine knows", () => {
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(diagram(source).nodes.map(({ data }) => data.iconifyId)).toEqual(names);
});

test("every logo is drawn in a picture, and names nothing outside of itself", () => {
  const svg = render(source, { format: "svg", assets: { icons: logos, fonts: [] } });
  const missing = names.filter((name) => !svg.includes(logos[name] ?? ""));
  expect(missing).toEqual([]);
  expect(svg).not.toMatch(/href="http|url\((?!#)/);
});

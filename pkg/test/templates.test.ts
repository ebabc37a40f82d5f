import { beforeAll, expect, test } from "vitest";
import init, { diagram, validate } from "../dist/node.js";
import { icons } from "../dist/icons.js";
import { templates } from "../dist/templates.js";

beforeAll(() => init());

test("there are enough templates for a gallery, each with a name of its own", () => {
  expect(templates.length).toBeGreaterThanOrEqual(24);
  expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
  for (const { title, category, description } of templates) {
    for (const text of [title, category, description]) expect(text).toMatch(/\S/);
  }
});

test.each(templates.map((template) => [template.id, template] as const))("%s is drawn without errors, with icons that are there", (_, { source }) => {
  expect(validate(source).filter(({ severity }) => severity === "error")).toEqual([]);
  const { nodes } = diagram(source);
  expect(nodes.length).toBeGreaterThan(1);
  const named = nodes.flatMap(({ data }) => (data.iconifyId ? [data.iconifyId] : []));
  expect(named.filter((name) => !(name in icons))).toEqual([]);
});

import { expect, test } from "vitest";
import { sharedSource, shareLink } from "./share";

test("a link carries the source and gives it back", async () => {
  const source = "# Ünïcode 😀\na -> b: |md\n  # x\n|\n".repeat(50);
  const link = await shareLink(source, "https://host");
  expect(link).toMatch(/^https:\/\/host\/#d2=[\w-]+$/);
  expect(link.length).toBeLessThan(source.length / 5);
  expect(await sharedSource(new URL(link).hash)).toBe(source);
});

test("what is no such link, or damaged, is nothing", async () => {
  expect(await sharedSource("")).toBeUndefined();
  expect(await sharedSource("#other")).toBeUndefined();
  expect(await sharedSource("#d2=%%%")).toBeUndefined();
  expect(await sharedSource("#d2=AAAA")).toBeUndefined();
});

test("a link that unpacks to far too much is refused", async () => {
  const link = await shareLink("a".repeat(3_000_000), "https://host");
  expect(await sharedSource(new URL(link).hash)).toBeUndefined();
});

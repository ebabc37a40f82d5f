import { expect, test } from "vitest";
import { applyEdits } from "./host";

test("edits refer to the text before any of them, in any order", () => {
  const edits = [
    { from: 5, to: 6, insert: "bee" },
    { from: 0, to: 0, insert: "# c\n" },
    { from: 6, to: 9, insert: "" },
  ];
  expect(applyEdits("a -> b: x", edits)).toBe("# c\na -> bee");
});

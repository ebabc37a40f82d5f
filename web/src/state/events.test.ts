import { expect, test } from "vitest";
import { EventReader } from "./events";

const STREAM = ': hello\nevent: intent\ndata: {"a":1}\n\nevent: source\r\ndata: one\r\ndata: two\r\n\r\ndata:x\n\n:\n\n';
const EXPECTED = [
  { event: "intent", data: '{"a":1}' },
  { event: "source", data: "one\ntwo" },
  { event: "message", data: "x" },
];

test("the same events come out wherever the stream is cut", () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    const reader = new EventReader();
    expect([...reader.push(STREAM.slice(0, cut)), ...reader.push(STREAM.slice(cut))], `cut at ${cut}`).toEqual(EXPECTED);
  }
  const reader = new EventReader();
  expect([...STREAM].flatMap((character) => reader.push(character))).toEqual(EXPECTED);
});

test("an event without its blank line is not told", () => {
  expect(new EventReader().push("event: done\ndata: {}\n")).toEqual([]);
});

import { beforeEach, describe, expect, test } from "vitest";
import { createWorkerEngine, CutOffError, difference, StartError, SupersededError } from "../src/worker/index.js";
// @ts-expect-error plain JavaScript
import { FakeWorker } from "./fake-worker.mjs";

const make = (options = {}) =>
  createWorkerEngine({ createWorker: () => new FakeWorker(options), timeout: 60, ...options });

beforeEach(() => {
  FakeWorker.made = [];
});

describe("the worker client", () => {
  test("starts no worker before the first call", async () => {
    const engine = make();
    expect(FakeWorker.made).toHaveLength(0);
    expect(await engine.version()).toBe("1");
    expect(FakeWorker.made).toHaveLength(1);
  });

  test("gives every call its own answer", async () => {
    const engine = make();
    const a = engine.open("aaa");
    const b = engine.open("bbb");
    const [one, two] = await Promise.all([a.diagram(), b.diagram()]);
    expect(one).toEqual({ text: "aaa" });
    expect(two).toEqual({ text: "bbb" });
  });

  test("an error of the engine rejects that call alone", async () => {
    const engine = make();
    await expect(engine.compile("x")).rejects.toThrow("no compile");
    expect(await engine.version()).toBe("1");
  });

  test("the newest waiting diagram wins, and no text change is lost", async () => {
    const engine = make();
    const document = engine.open("a");
    await document.diagram();
    const first = document.diagram(); // goes out at once
    void document.replace({ start: 1, end: 1 }, "b");
    const second = document.diagram(); // waits
    void document.replace({ start: 2, end: 2 }, "c");
    const third = document.diagram();
    await expect(second).rejects.toBeInstanceOf(SupersededError);
    expect(await first).toEqual({ text: "a" });
    expect(await third).toEqual({ text: "abc" });
    expect(document.source).toBe("abc");
  });

  test("a change of the text and the question behind it go out together", async () => {
    const engine = make();
    const document = engine.open("a");
    await document.diagram();
    const from = FakeWorker.made[0].log.length;
    FakeWorker.made[0].mute.add("document.replace"); // done, and never said
    void document.replace({ start: 1, end: 1 }, "b");
    expect(await document.diagram()).toEqual({ text: "ab" });
    expect(FakeWorker.made[0].log.slice(from)).toEqual(["document.replace", "document.diagram"]);
  });

  test("text that is replaced while an edit is under way counts, in the worker as well", async () => {
    const engine = make();
    const document = engine.open("a");
    await document.diagram();
    const edited = document.edit({ op: "create", key: "X" });
    void document.replace({ start: 0, end: 1 }, "bb");
    void document.replace({ start: 2, end: 2 }, "c");
    expect((await edited).source).toBe("aX");
    expect(document.source).toBe("bbc");
    expect(await document.diagram()).toEqual({ text: "bbc" });
  });

  test("edits that are asked for at once come one after the other", async () => {
    const engine = make();
    const document = engine.open("a");
    await document.diagram();
    const both = [document.edit({ op: "create", key: "X" }), document.edit({ op: "create", key: "Y" })];
    expect((await Promise.all(both)).map((edited) => edited.source)).toEqual(["aX", "aXY"]);
    expect(document.source).toBe("aXY");
    expect(await document.diagram()).toEqual({ text: "aXY" });
  });

  test("a call that hangs is cut off, and the document opens again with the client's text", async () => {
    const engine = make();
    const document = engine.open("a");
    await document.diagram();
    FakeWorker.made[0].stuck.add("document.diagram");
    const hung = document.diagram();
    void document.replace({ start: 1, end: 1 }, "b"); // waits behind the hung call
    await expect(hung).rejects.toBeInstanceOf(CutOffError);
    void document.replace({ start: 2, end: 2 }, "c");
    expect(await document.diagram()).toEqual({ text: "abc" });
    expect(FakeWorker.made).toHaveLength(2);
    expect(FakeWorker.made[0].terminated).toBe(true);
  });

  test("a worker that cannot start says so, and the next call tries again", async () => {
    const options: { fail?: string } = { fail: "no wasm here" };
    const engine = createWorkerEngine({ createWorker: () => new FakeWorker(options) });
    await expect(engine.version()).rejects.toBeInstanceOf(StartError);
    delete options.fail;
    expect(await engine.version()).toBe("1");
  });

  test("a document that cannot be opened says why", async () => {
    const engine = make();
    FakeWorker.refused = "no such board";
    const document = engine.open("a");
    await expect(document.diagram()).rejects.toThrow("no such board");
    FakeWorker.refused = undefined;
  });

  test("the time of a call does not run while the engine is on its way", async () => {
    const engine = make({ late: 120 });
    expect(await engine.version()).toBe("1");
    expect(FakeWorker.made).toHaveLength(1);
  });

  test("terminate rejects what is pending", async () => {
    const engine = make();
    const pending = engine.version();
    engine.terminate();
    await expect(pending).rejects.toThrow("terminated");
    await expect(engine.version()).rejects.toThrow("terminated");
  });

  test("an aborted call that still waits never reaches the worker", async () => {
    const engine = make();
    const controller = new AbortController();
    const running = engine.version();
    const waiting = engine.format("x", { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow();
    await running;
    expect(FakeWorker.made[0].log).toEqual(["version"]);
  });
});

describe("difference", () => {
  const apply = (text: string, change: ReturnType<typeof difference>) =>
    change ? text.slice(0, change.from) + change.insert + text.slice(change.to) : text;

  test.each([
    ["", "abc"],
    ["abc", ""],
    ["aaa", "aa"],
    ["a -> b", "a -> c -> b"],
    ["x😀y", "x😁y"],
    ["x😀", "x😀😀"],
    ["same", "same"],
  ])("leads from %j to %j", (a, b) => {
    const change = difference(a, b);
    expect(apply(a, change)).toBe(b);
    if (change) expect(change.insert.isWellFormed()).toBe(true);
  });
});

import type { Diagram, Edited, EditOp } from "spandrel";
import type { WorkerDocument } from "spandrel/worker";
import { beforeEach, describe, expect, test } from "vitest";
import { PlainHost } from "./host";
import { type Engine, Refused, Session } from "./session";

/** An engine whose diagrams are the lines of the text, and whose only edit appends a line. */
class FakeDocument {
  source: string;
  /** Runs before an answer: what happens meanwhile. */
  meanwhile: (() => void) | undefined;
  refuse: string | undefined;
  drawn: string[] = [];
  freed = false;

  constructor(source: string) {
    this.source = source;
  }

  async setSource(text: string): Promise<void> {
    this.source = text;
  }

  async diagram(): Promise<Diagram> {
    this.#pass();
    this.drawn.push(this.source);
    const nodes = this.source.split("\n").filter(Boolean).map((id) => ({ id }) as Diagram["nodes"][number]);
    return { nodes, edges: [], bounds: { x: 0, y: 0, width: 0, height: 0 }, board: "", boards: [], diagnostics: [], stale: false };
  }

  async patch() {
    const { nodes, edges, ...rest } = await this.diagram();
    const all = <T>(added: T[]) => ({ added, changed: [], removed: [] });
    return { ...rest, nodes: all(nodes), edges: all(edges), whole: true };
  }

  async edit(op: EditOp): Promise<Edited> {
    this.#pass();
    if (this.refuse) {
      const at = { line: 1, column: 1, offset: 0 };
      const diagnostic = { code: "E001", severity: "error" as const, message: this.refuse, range: { start: at, end: at } };
      return { source: this.source, edits: [], inverse: [], diagnostics: [diagnostic] };
    }
    const insert = `${"key" in op ? op.key : op.path}\n`;
    const at = this.source.length;
    this.source += insert;
    return { source: this.source, edits: [{ from: at, to: at, insert }], inverse: [], diagnostics: [] };
  }

  async drawing(): Promise<unknown> {
    return { of: this.source };
  }

  async relayout(): Promise<void> {}
  remember(): void {}
  free(): void {
    this.freed = true;
  }

  #pass(): void {
    const meanwhile = this.meanwhile;
    this.meanwhile = undefined;
    meanwhile?.();
  }
}

let document: FakeDocument;
let host: PlainHost;
let session: Session;
let shown: string[][];
const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(async () => {
  shown = [];
  const engine = {
    open: (source: string) => (document = new FakeDocument(source)) as unknown as WorkerDocument,
  } as unknown as Engine;
  session = new Session(engine, {
    drawn: (diagram) => shown.push(diagram.nodes.map((node) => node.id)),
    busy: () => {},
    placed: () => {},
    failed: (error) => {
      throw error;
    },
  });
  host = new PlainHost("a\n");
  host.onChange = () => session.changed();
  session.attach(host);
  session.open("a\n", null);
  await idle();
});

describe("drawing", () => {
  test("draws what is opened, and keeps its drawing", () => {
    expect(shown).toEqual([["a"]]);
    expect(session.drawing).toEqual({ of: "a\n" });
  });

  test("while a drawing is made, only the newest of the changes is drawn next", async () => {
    document.meanwhile = () => {
      host.setText("a\nb\nc\n");
      host.setText("a\nb\nc\nd\n");
    };
    host.setText("a\nb\n");
    await idle();
    expect(shown).toEqual([["a"], ["a", "b"], ["a", "b", "c", "d"]]);
  });

  test("a broken text that is opened again first draws the last good one", async () => {
    session.open("a\nb {\n", null, "", "a\nb\n");
    host.setText("a\nb {\n");
    await idle();
    expect(document.drawn[0]).toBe("a\nb\n");
    expect(document.drawn.at(-1)).toBe("a\nb {\n");
  });

  test("opening another text frees the first document", () => {
    const first = document;
    session.open("x\n", null);
    expect(first.freed).toBe(true);
  });
});

describe("gestures", () => {
  test("several operations are one step of the history", async () => {
    await session.perform({ op: "create", key: "x" }, { op: "create", key: "y" });
    expect(host.text()).toBe("a\nx\ny\n");
    host.undo();
    expect(host.text()).toBe("a\n");
  });

  test("what is asked during a gesture does not set its text back", async () => {
    document.meanwhile = () => void session.document();
    await session.perform({ op: "create", key: "x" }, { op: "create", key: "y" });
    expect(host.text()).toBe("a\nx\ny\n");
  });

  test("a drawing that becomes due during a gesture waits for it", async () => {
    document.meanwhile = () => session.changed();
    await session.perform({ op: "create", key: "x" }, { op: "create", key: "y" });
    expect(host.text()).toBe("a\nx\ny\n");
    await idle();
    expect(shown.at(-1)).toEqual(["a", "x", "y"]);
  });

  test("an edit that was computed on an older text is computed again", async () => {
    document.meanwhile = () => host.setText("a\ntyped\n");
    await session.perform({ op: "create", key: "x" });
    expect(host.text()).toBe("a\ntyped\nx\n");
  });

  test("a refusal leaves the text as it was and says why", async () => {
    document.refuse = "`near` objects have no place of their own";
    await expect(session.perform({ op: "pin", key: "a", left: 1, top: 1 })).rejects.toThrow(Refused);
    expect(host.text()).toBe("a\n");
    expect(document.source).toBe("a\n");
  });

  test("after a gesture the drawing follows", async () => {
    await session.perform({ op: "create", key: "x" });
    await idle();
    expect(shown.at(-1)).toEqual(["a", "x"]);
  });
});

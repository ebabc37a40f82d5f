import { beforeAll, describe, expect, test } from "vitest";
import init, { diff, edit } from "spandrel/inline";
import { chosenOps, endsOf, piecesOf, toggled } from "./pieces";

beforeAll(() => init());

/** The text with only some of a change. */
function taken(a: string, b: string, refused: string[]): string {
  const difference = diff(a, b);
  const pieces = piecesOf(difference);
  let left = new Set<string>();
  for (const key of refused) left = toggled(pieces, left, key, false);
  return chosenOps(difference, pieces, left).reduce((text, op) => {
    const edited = edit(text, op);
    expect(edited.diagnostics).toEqual([]);
    return edited.source;
  }, a);
}

const A = "# mine\napi: API\ndb: Database {shape: cylinder}\napi -> db: reads\n";
const B = "# theirs\napi: API v2\ndb: Database {shape: cylinder}\ncache: Cache\nzone: Zone {\n  probe: Probe\n}\napi -> cache: asks\ncache -> db\nzone.probe -> api\n";

test("every operation belongs to a piece, and all pieces together give what was meant", () => {
  const difference = diff(A, B);
  const pieces = piecesOf(difference);
  expect(pieces.flatMap((piece) => piece.ops).sort((a, b) => a - b)).toEqual(difference.ops.map((_, at) => at));
  const text = taken(A, B, []);
  expect(text).toContain("# mine");
  const rest = diff(text, B);
  expect([rest.added, rest.removed, rest.changed, rest.moved]).toEqual([[], [], [], []]);
});

test("what happens on another board belongs to no piece of this one", () => {
  const [a, b] = ["db: Database\n", "db: Orders\nlayers: {\n  x: {\n    db: Other\n  }\n}\n"];
  const difference = diff(a, b);
  const pieces = piecesOf(difference);
  const own = pieces.find(({ key }) => key === "db")?.ops.map((at) => difference.ops[at]);
  expect(own).toEqual([expect.objectContaining({ op: "set", key: "db", value: "Orders" })]);
});

describe("a part of a change", () => {
  test("a connection goes with an end that is refused", () => {
    const text = taken(A, B, ["cache"]);
    const rest = diff(A, text);
    expect(rest.added.map(({ key }) => key)).toEqual(["zone", "zone.probe", "(zone.probe -> api)[0]"]);
    expect(rest.removed.map(({ key }) => key)).toEqual(["(api -> db)[0]"]);
  });

  test("a connection brings its ends and their containers", () => {
    const pieces = piecesOf(diff(A, B));
    const all = new Set(pieces.map((piece) => piece.key));
    const refused = toggled(pieces, all, "(zone.probe -> api)[0]", true);
    expect([...all].filter((key) => !refused.has(key)).sort()).toEqual(["(zone.probe -> api)[0]", "zone", "zone.probe"]);
  });

  test("an object stays while its connection stays", () => {
    const text = taken(A, "api: API\n", ["(api -> db)[0]"]);
    expect(text).toBe(A);
  });

  test("an object in another container is one piece with what is inside", () => {
    const difference = diff("box\nin: In {x}\nin.x -> box\n", "box: {\n  in: In {x}\n}\nbox.in.x -> box\n");
    const pieces = piecesOf(difference);
    expect(pieces.map(({ key, kind, from }) => ({ key, kind, from }))).toEqual([{ key: "box.in", kind: "moved", from: "in" }]);
  });
});

test("ends of a connection's key", () => {
  expect(endsOf("(a.b <-> c)[2]")).toEqual(["a.b", "c"]);
  expect(endsOf("a.b")).toBeUndefined();
});

// The difference of two texts by lines, after Myers (1986), "An O(ND) difference algorithm and its variations".

export interface Line {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond this many changed lines the texts are shown as replaced, one by the other. */
const MOST = 1_000;

export function lineDiff(before: string, after: string): Line[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (text: string): Line => ({ kind: "same", text });
  return [
    ...a.slice(0, start).map(same),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

function middle(a: readonly string[], b: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(MOST, a.length + b.length); d++) {
    trace.push(new Map(furthest));
    const next = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      let x = steps(furthest, k, d);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, d, k);
    }
    furthest = next;
  }
  const all = (lines: readonly string[], kind: Line["kind"]): Line[] => lines.map((text) => ({ kind, text }));
  return [...all(a, "removed"), ...all(b, "added")];
}

/** How far one gets on diagonal `k` with one more change: by an added line, or by a removed one. */
function steps(furthest: ReadonlyMap<number, number>, k: number, d: number): number {
  const down = furthest.get(k + 1) ?? 0;
  const right = (furthest.get(k - 1) ?? -1) + 1;
  return k === -d || (k !== d && right <= down) ? down : right;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[], d: number, k: number): Line[] {
  const lines: Line[] = [];
  let x = a.length;
  for (let step = d, at = k; step >= 0; step--) {
    const furthest = trace[step] as Map<number, number>;
    const reached = step === 0 ? 0 : steps(furthest, at, step);
    while (x > reached) lines.push({ kind: "same", text: a[--x] as string });
    if (step === 0) break;
    const added = at === -step || (at !== step && (furthest.get(at - 1) ?? -1) + 1 <= (furthest.get(at + 1) ?? 0));
    if (added) {
      lines.push({ kind: "added", text: b[x - at - 1] as string });
      at += 1;
    } else {
      lines.push({ kind: "removed", text: a[--x] as string });
      at -= 1;
    }
  }
  return lines.reverse();
}

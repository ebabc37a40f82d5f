/** A system of `nodes` services in containers of ten, connected as services are: mostly to their neighbours. */
export function system(nodes: number): string {
  const lines: string[] = [];
  const groups = Math.ceil(nodes / 10);
  for (let group = 0; group < groups; group++) {
    lines.push(`g${group}: Domain ${group} {`);
    const size = Math.min(10, nodes - group * 10);
    for (let at = 0; at < size; at++) {
      const shape = at % 5 === 4 ? " {shape: cylinder}" : at % 7 === 6 ? " {shape: queue}" : "";
      lines.push(`  s${at}: Service ${group}.${at}${shape}`);
      if (at > 0) lines.push(`  s${Math.floor((at - 1) / 2)} -> s${at}${at % 3 === 0 ? ": calls" : ""}`);
    }
    lines.push("}");
  }
  for (let group = 1; group < groups; group++) lines.push(`g${Math.floor((group - 1) / 2)}.s1 -> g${group}.s0: HTTPS`);
  return `${lines.join("\n")}\n`;
}

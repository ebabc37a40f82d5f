// A small part of Markdown, as the engine measures it: headings, lists, paragraphs, code, strong, emphasis and
// inline code. Built as elements: no text of a source ever becomes HTML.
import { Fragment, type ReactNode } from "react";

export function Markdown({ text, size }: { text: string; size: number }): ReactNode {
  return (
    <div className="spandrel-markdown" style={{ fontSize: size }}>
      {blocks(text)}
    </div>
  );
}

function blocks(text: string): ReactNode[] {
  const found: ReactNode[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as string;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === "") {
      at++;
    } else if (heading) {
      found.push(
        <p key={at} className={`spandrel-h${(heading[1] as string).length}`}>
          {inline(heading[2] as string)}
        </p>,
      );
      at++;
    } else if (/^```/.test(line)) {
      const start = ++at;
      while (at < lines.length && !/^```/.test(lines[at] as string)) at++;
      found.push(<pre key={start}>{lines.slice(start, at).join("\n")}</pre>);
      at++;
    } else if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) {
      const start = at;
      const items: string[] = [];
      while (at < lines.length && /^\s*([-*+]|\d+[.)])\s+/.test(lines[at] as string)) {
        items.push((lines[at++] as string).replace(/^\s*([-*+]|\d+[.)])\s+/, ""));
      }
      const children = items.map((item, n) => <li key={n}>{inline(item)}</li>);
      found.push(/^\s*\d/.test(line) ? <ol key={start}>{children}</ol> : <ul key={start}>{children}</ul>);
    } else {
      const start = at;
      while (at < lines.length && (lines[at] as string).trim() !== "" && !/^(#{1,6}\s|```)/.test(lines[at] as string)) at++;
      found.push(<p key={start}>{inline(lines.slice(start, at).join("\n"))}</p>);
    }
  }
  return found;
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|__[^_]+__|\*[^*]+\*|_[^_]+_)/).map((part, at) => {
    if (part.startsWith("`") && part.length > 2) return <code key={at}>{part.slice(1, -1)}</code>;
    if (/^(\*\*|__)./.test(part) && part.length > 4) return <strong key={at}>{part.slice(2, -2)}</strong>;
    if (/^[*_]./.test(part) && part.length > 2) return <em key={at}>{part.slice(1, -1)}</em>;
    return <Fragment key={at}>{part}</Fragment>;
  });
}

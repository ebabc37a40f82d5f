// Server-sent events of a POST: `EventSource` can only GET. After the WHATWG's parsing rules, as far as we use them:
// `event:` and `data:` fields, a blank line ends an event, lines that begin with a colon are comments.

export interface ServerEvent {
  event: string;
  data: string;
}

/** Cuts a stream of text, in whatever pieces it comes, into events. */
export class EventReader {
  #rest = "";
  #event = "";
  #data: string[] = [];

  /** The events that are whole after this piece. */
  push(piece: string): ServerEvent[] {
    const text = this.#rest + piece;
    // A carriage return at the very end may be half of a line break.
    const hold = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - hold).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + (hold ? "\r" : "");
    const found: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length > 0) found.push({ event: this.#event || "message", data: this.#data.join("\n") });
        this.#event = "";
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "event") this.#event = value;
      else if (name === "data") this.#data.push(value);
    }
    return found;
  }
}

/** The events of a response, as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = new EventReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield* events.push(next.value);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

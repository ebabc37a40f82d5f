// A worker that keeps documents as plain strings and answers on request, for testing the client alone.
export class FakeWorker {
  onmessage = null;
  onerror = null;
  terminated = false;
  log = [];
  documents = [];
  ready = false;
  early = [];
  /** Methods that are never answered. */
  stuck = new Set();
  /** Methods that are done without an answer. */
  mute = new Set();
  static made = [];

  /** Why no document can be opened. */
  static refused;

  /** `fail`: the engine cannot be started. `late`: it takes so many milliseconds to start. */
  constructor({ fail, late } = {}) {
    this.fail = fail;
    this.late = late;
    FakeWorker.made.push(this);
  }

  postMessage(message) {
    queueMicrotask(() => this.#answer(message));
  }

  terminate() {
    this.terminated = true;
  }

  #answer(message) {
    if (this.terminated) return;
    if (message.id === undefined) return this.#start();
    if (!this.ready) return this.early.push(message);
    this.log.push(message.method);
    if (this.stuck.has(message.method)) return;
    const { id, method, args } = message;
    const [handle, ...rest] = args;
    switch (method) {
      case "document.open":
        if (FakeWorker.refused) return this.#reply({ id, error: { message: FakeWorker.refused } });
        this.documents[handle] = rest[0];
        return this.#reply({ id });
      case "document.replace": {
        const [start, end, text] = rest;
        const old = this.documents[handle];
        this.documents[handle] = old.slice(0, start) + text + old.slice(end);
        return this.mute.has(method) ? undefined : this.#reply({ id });
      }
      case "document.edit": {
        this.documents[handle] += rest[0].key;
        return this.#reply({ id, value: JSON.stringify({ source: this.documents[handle], edits: [], inverse: [], diagnostics: [] }) });
      }
      case "document.diagram":
        if (this.documents[handle] === undefined) return this.#reply({ id, error: { message: `no document ${handle} is open` } });
        return this.#reply({ id, value: JSON.stringify({ text: this.documents[handle] }) });
      case "version":
        return this.#reply({ id, value: "1" });
      default:
        return this.#reply({ id, error: { message: `no ${method}` } });
    }
  }

  async #start() {
    if (this.late) await new Promise((resolve) => setTimeout(resolve, this.late));
    if (this.fail) return this.#reply({ failed: this.fail });
    this.ready = true;
    this.#reply({ ready: true });
    for (const message of this.early.splice(0)) this.#answer(message);
  }

  #reply(data) {
    this.onmessage?.({ data });
  }
}

// What the studio can do, in one place: the tie between the text, the engine, what is kept and what is shown. The
// interface calls these; none of it knows of components.
import type { Diagnostic, Diagram, EditOp, StoredDrawing } from "spandrel";
import { mergeDiagram } from "spandrel/react";
import { createWorkerEngine } from "spandrel/worker";
import { engineUrl, thread } from "../engine/early";
import type { Gesture } from "../engine/gesture";
import { PlainHost, type TextHost } from "../engine/host";
import { isCutOff, Refused, Session } from "../engine/session";
import { openView } from "../canvas/view";
import { i18n } from "../i18n";
import { inWords } from "../i18n/engine";
import { type Draft, currentDraft, keepDraft, newDraft, readDraft, storeDraft } from "../state/drafts";
import { renameProject } from "../state/api";
import { preferences } from "../state/preferences";
import { notify, useStudio } from "../state/store";
import { connection } from "./connection";
import { type Desk, History } from "./history";
import { go } from "./route";
import { sharedSource } from "./share";
import { Tabs } from "./tabs";

/** Typing rests this long before the draft is kept; while it goes on the draft is kept this often. Milliseconds. */
const KEEP_AFTER = 300;
const KEEP_EVERY = 900;
/** Drawing goes on for this long before it is said. Milliseconds. */
const SIGN_AFTER = 150;

const t = i18n.t.bind(i18n);
const set = useStudio.setState;
const get = useStudio.getState;

class Studio implements Desk {
  readonly session = new Session(createWorkerEngine({ createWorker: thread, wasm: engineUrl }), {
    drawn: (diagram, text) => this.#drawn(diagram, text),
    placed: (drawing, text) => {
      this.#draft.drawing = drawing;
      this.#draft.good = text;
      this.#keepSoon();
    },
    busy: (busy) => this.#setBusy(busy),
    failed: (error) => this.#failed(error),
  });
  readonly history = new History(this);

  #draft: Draft = newDraft("");
  /** Whether something is being drawn, and who waits for the end of it. */
  #busy = false;
  #settling: (() => void)[] = [];
  #sign: ReturnType<typeof setTimeout> | undefined;
  #host: TextHost = new PlainHost();
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #keptAt = 0;
  /** The browser had no room for the draft when it was last kept. */
  #full = false;
  #following = false;
  #tabs = new Tabs(
    () => ({ text: this.text, base: get().base, messages: this.#draft.messages }),
    ({ text, base, messages }) => {
      this.#following = true;
      this.#host.follow(text);
      this.#following = false;
      if (!get().messages.some(({ state }) => state === "working" || state === "proposed")) {
        this.#draft.messages = messages;
        set({ messages: messages as ReturnType<typeof get>["messages"] });
      }
      if (base !== get().base) {
        set({ base });
        void this.history.load();
      }
    },
  );
  /** Told when diagnostics are new, so that the editor can show them. */
  onDiagnostics: ((diagnostics: readonly Diagnostic[], text: string) => void) | undefined;

  /**
   * Brings back what was open, or begins anew. A link that carries a design opens it as a new one; what was open stays in
   * this browser.
   */
  async start(): Promise<void> {
    const shared = await sharedSource(location.hash);
    const last = currentDraft();
    if (shared === undefined) {
      this.#open(last ?? newDraft(t("app.untitled")));
    } else {
      history.replaceState(null, "", location.pathname);
      if (last) await this.#storeAway(last);
      this.#open({ ...newDraft(t("app.untitled")), source: shared });
      this.keep();
    }
    addEventListener("pagehide", () => {
      this.keep();
      this.#tabs.flush();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.keep();
    });
    connection.onAccount = (account) => {
      // What belongs to somebody else is put away, for when they are back.
      if (this.#draft.account !== null && this.#draft.account !== account) void this.begin(t("app.untitled"));
    };
    connection.onBack = () => void this.history.sync().then(() => this.history.syncOthers());
    connection.start();
    // The offline assistant must be at hand before the network is gone.
    setTimeout(() => void this.session.engine.classify("", { has_diagram: false }).catch(() => undefined), 1_500);
  }

  #open(draft: Draft): void {
    this.#draft = draft;
    openView(draft.id);
    this.#host = new PlainHost(draft.source);
    this.session.attach(this.#host);
    set({
      name: draft.name,
      begun: draft.source.trim() !== "",
      base: draft.base,
      board: draft.board,
      diagram: undefined,
      broken: false,
      problems: [],
      proposal: null,
      selected: [],
      renaming: null,
      messages: draft.messages as ReturnType<typeof get>["messages"],
      openedId: draft.id,
    });
    this.session.open(draft.source, draft.drawing, draft.board, draft.good || draft.source);
    this.#tabs.opened(draft.id);
    this.history.opened();
  }

  /** Opens a design of this browser; what was open is kept. */
  async openDesign(id: string): Promise<boolean> {
    if (id === this.#draft.id) return true;
    await this.#putAway();
    const draft = await readDraft(id);
    if (!draft) return false;
    this.#open(draft);
    this.keep();
    void this.history.sync();
    return true;
  }

  /** Begins a new design; what was open is kept. An empty one shows the page that asks what to build. */
  async begin(name: string, source = "", about: Partial<Draft> = {}): Promise<void> {
    await this.#putAway();
    this.#open({ ...newDraft(name), source, ...about });
    this.keep();
  }

  /** Into the database with what is open. */
  async #putAway(): Promise<void> {
    if (isNothing(this.#draft)) return;
    this.keep();
    await this.#storeAway(this.#draft);
  }

  async #storeAway(draft: Draft): Promise<void> {
    if (isNothing(draft)) return;
    try {
      await storeDraft(draft, false);
    } catch (error) {
      notify("error", t("designs.notKept", { reason: (error as Error).message }));
    }
  }

  async copy(name: string, source: string, drawing: StoredDrawing): Promise<string> {
    const draft = { ...newDraft(name), source, good: source, drawing };
    await storeDraft(draft, false);
    return draft.id;
  }

  /** The viewport this design was left at. */
  get viewport(): Draft["viewport"] {
    return this.#draft.viewport;
  }

  set viewport(viewport: Draft["viewport"]) {
    this.#draft.viewport = viewport;
    this.#keepSoon();
  }

  get text(): string {
    return this.#host.text();
  }

  get designId(): string {
    return this.#draft.id;
  }

  get code(): string | null {
    return this.#draft.code;
  }

  get account(): string | null {
    return this.#draft.account;
  }

  setCode(code: string): void {
    this.#draft.code = code;
    this.#draft.account = get().account?.id ?? null;
    this.keep();
  }

  /** The editor is there: from now on the text lives in it. */
  attach(host: TextHost): void {
    this.#host = host;
    this.session.attach(host);
  }

  /** The text changed, by whatever hand. */
  textChanged(text: string): void {
    this.#draft.source = text;
    this.#draft.updatedAt = Date.now();
    if (!this.#following) this.#tabs.tell();
    this.history.touched();
    if (!get().begun && text.trim() !== "") set({ begun: true });
    this.session.changed();
    this.#keepSoon();
  }

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────────────

  /** What is done at once is not worth a sign of it. */
  #setBusy(busy: boolean): void {
    this.#busy = busy;
    clearTimeout(this.#sign);
    if (!busy) {
      if (get().busy) set({ busy });
      for (const resolve of this.#settling.splice(0)) resolve();
    } else if (!get().busy) {
      this.#sign = setTimeout(() => set({ busy }), SIGN_AFTER);
    }
  }

  #drawn(diagram: Diagram, text: string): void {
    const before = get().diagram;
    // A drawing of half a text would make things vanish while a line is being typed: the last good one stays.
    const broken = diagram.stale;
    const { style } = preferences.get();
    const diagnostics = style ? diagram.diagnostics : diagram.diagnostics.filter(({ code }) => !code.startsWith("L"));
    const lost = broken && diagram.nodes.length === 0 && before !== undefined;
    set({
      status: "ready",
      diagram: lost ? before : mergeDiagram(before, diagram),
      broken,
      problems: diagnostics,
    });
    this.onDiagnostics?.(diagnostics, text);
    if (!broken && text === this.text) this.#forget(diagram);
  }

  /** What is gone is not selected any more. */
  #forget({ nodes, edges }: Diagram): void {
    const there = new Set([...nodes, ...edges].map(({ id }) => id));
    const { selected, proposal } = get();
    if (!proposal && selected.some((id) => !there.has(id))) set({ selected: selected.filter((id) => there.has(id)) });
  }

  #failed(error: Error): void {
    if (isCutOff(error)) {
      notify("error", t("canvas.cutOff"));
    } else if (get().diagram === undefined) {
      set({ status: "failed", failure: error.message });
    } else {
      notify("error", t("canvas.refused", { reason: error.message }));
    }
  }

  // ── gestures ───────────────────────────────────────────────────────────────────────────────────────────

  /** Edits as one gesture. */
  perform(...ops: EditOp[]): Promise<boolean> {
    return this.run(async (edit) => {
      for (const op of ops) await edit(op);
    });
  }

  /** A gesture on the canvas; a refusal is said, and the canvas goes back to what the text says. */
  async run(gesture: Gesture): Promise<boolean> {
    try {
      await this.session.run(gesture);
      return true;
    } catch (error) {
      const reason = error instanceof Refused ? inWords(error.message) : String((error as Error).message);
      notify("error", t("canvas.refused", { reason }));
      set((state) => ({ diagram: state.diagram && { ...state.diagram, nodes: [...state.diagram.nodes] } }));
      return false;
    }
  }

  undo(): void {
    this.#host.undo();
  }

  redo(): void {
    this.#host.redo();
  }

  /** Makes the text be `text`, as one step of the history. */
  replaceText(text: string): void {
    this.#host.setText(text);
  }

  async tidy(): Promise<void> {
    try {
      await this.session.relayout({ fresh: true });
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  async format(): Promise<void> {
    const text = this.text;
    const formatted = await this.session.engine.format(text);
    if (this.text === text) this.replaceText(formatted);
  }

  showBoard(board: string): void {
    this.#draft.board = board;
    set({ board, diagram: undefined, selected: [] });
    this.session.showBoard(board);
  }

  async reveal(id: string): Promise<void> {
    const range = await this.session.rangeOf(id);
    if (range) this.#host.reveal(range.from, range.to);
  }

  revealRange(from: number, to: number): void {
    this.#host.reveal(from, to);
  }

  // ── what is kept ───────────────────────────────────────────────────────────────────────────────────────

  #keepSoon(): void {
    clearTimeout(this.#keeping);
    if (performance.now() - this.#keptAt > KEEP_EVERY) this.keep();
    else this.#keeping = setTimeout(() => this.keep(), KEEP_AFTER);
  }

  /** Keeps the draft now. */
  keep(): void {
    clearTimeout(this.#keeping);
    this.#keptAt = performance.now();
    const { name, base, board, messages } = get();
    const settled = messages.filter((message) => message.state !== "working" && message.state !== "proposed");
    const before = this.#draft;
    const updatedAt = name === before.name && base === before.base ? before.updatedAt : Date.now();
    this.#draft = { ...before, name, base, board, source: this.text, messages: settled.slice(-50), updatedAt };
    const kept = keepDraft(this.#draft);
    if (!kept && !this.#full) notify("error", t("designs.full"));
    this.#full = !kept;
    if (base !== before.base || settled.length !== before.messages.length) this.#tabs.tell();
  }

  /** The design as it stands, for the list of designs. */
  get draft(): Draft {
    this.keep();
    return this.#draft;
  }

  rename(name: string): void {
    const trimmed = name.trim() || t("app.untitled");
    set({ name: trimmed });
    this.#keepSoon();
    if (this.#draft.code && get().server) {
      void renameProject(this.#draft.code, trimmed).catch((error: Error) => notify("error", t("designs.notRenamed", { reason: error.message })));
    }
  }

  /** A new, empty design; the old one stays in this browser. */
  newDesign(): void {
    void this.begin(t("app.untitled")).then(() => go("studio"));
  }

  // ── versions ───────────────────────────────────────────────────────────────────────────────────────────

  /** Saves the text as a version. */
  save(message = ""): Promise<number | undefined> {
    return this.history.save(message);
  }

  /** Makes a text the draft's, drawn as it was drawn. */
  adopt(source: string, drawing: StoredDrawing): void {
    this.replaceText(source);
    this.session.open(source, drawing, get().board);
  }

  /** Resolves once nothing is being drawn. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#busy) this.#settling.push(resolve);
      else resolve();
    });
  }
}

/** An empty page that was never saved is nothing to keep. */
const isNothing = ({ source, base, code }: Draft): boolean => source.trim() === "" && base === 0 && code === null;

export const studio = new Studio();

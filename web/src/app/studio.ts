// What the studio can do, in one place: the tie between the text, the engine, what is kept and what is shown. The
// interface calls these; none of it knows of components.
import type { Diagnostic, Diagram, EditOp, StoredDrawing } from "spandrel";
import { mergeDiagram } from "spandrel/react";
import { createWorkerEngine } from "spandrel/worker";
import type { Gesture } from "../engine/gesture";
import { PlainHost, type TextHost } from "../engine/host";
import { isCutOff, Refused, Session } from "../engine/session";
import { openView } from "../canvas/view";
import { i18n } from "../i18n";
import { type Draft, currentDraft, keepDraft, newDraft } from "../state/drafts";
import { sharedSource } from "./share";
import { notify, useStudio } from "../state/store";
import { createProject, isServerThere, renameProject, serverVersions } from "../state/api";
import { localVersions, type Version, VersionConflict, type VersionStore } from "../state/versions";

/** Typing rests this long before the draft is kept. */
const KEEP_AFTER = 300;

const t = i18n.t.bind(i18n);
const set = useStudio.setState;
const get = useStudio.getState;

class Studio {
  readonly session = new Session(createWorkerEngine(), {
    drawn: (diagram, text) => this.#drawn(diagram, text),
    placed: (drawing, text) => {
      this.#draft.drawing = drawing;
      this.#draft.good = text;
      this.#keepSoon();
    },
    busy: (busy) => set({ busy }),
    failed: (error) => this.#failed(error),
  });

  #draft: Draft = newDraft("");
  #host: TextHost = new PlainHost();
  #store: VersionStore = localVersions;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  /** Told when diagnostics are new, so that the editor can show them. */
  onDiagnostics: ((diagnostics: readonly Diagnostic[], text: string) => void) | undefined;

  /** Brings back what was open, or begins anew. */
  start(): void {
    this.#open(currentDraft() ?? newDraft(t("app.untitled")));
    void this.#openShared();
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.keep();
    });
    void this.#findServer();
    // The offline assistant must be at hand before the network is gone.
    setTimeout(() => void this.session.engine.classify("", { has_diagram: false }).catch(() => undefined), 1_500);
  }

  /** A link that carries a design opens it as a new one; what was open stays in this browser. */
  async #openShared(): Promise<void> {
    const source = await sharedSource(location.hash);
    if (source === undefined) return;
    history.replaceState(null, "", location.pathname);
    this.keep();
    this.#open({ ...newDraft(t("app.untitled")), source });
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
      viewing: null,
      proposal: null,
      versions: undefined,
      selected: [],
      messages: draft.messages as ReturnType<typeof get>["messages"],
    });
    this.session.open(draft.source, draft.drawing, draft.board, draft.good || draft.source);
    void this.loadVersions();
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

  /** The editor is there: from now on the text lives in it. */
  attach(host: TextHost): void {
    this.#host = host;
    this.session.attach(host);
  }

  /** The text changed, by whatever hand. */
  textChanged(text: string): void {
    this.#draft.source = text;
    if (!get().begun && text.trim() !== "") set({ begun: true });
    this.session.changed();
    this.#keepSoon();
  }

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────────────

  #drawn(diagram: Diagram, text: string): void {
    const before = get().diagram;
    // A drawing of half a text would make things vanish while a line is being typed: the last good one stays.
    const broken = diagram.stale;
    const lost = broken && diagram.nodes.length === 0 && before !== undefined;
    set({
      status: "ready",
      diagram: lost ? before : mergeDiagram(before, diagram),
      broken,
      problems: diagram.diagnostics,
    });
    this.onDiagnostics?.(diagram.diagnostics, text);
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
      const reason = error instanceof Refused ? error.message : String((error as Error).message);
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
    this.#keeping = setTimeout(() => this.keep(), KEEP_AFTER);
  }

  /** Keeps the draft now. */
  keep(): void {
    clearTimeout(this.#keeping);
    const { name, base, board, messages } = get();
    const settled = messages.filter((message) => message.state !== "working" && message.state !== "proposed");
    this.#draft = { ...this.#draft, name, base, board, source: this.text, messages: settled.slice(-50) };
    keepDraft(this.#draft);
  }

  rename(name: string): void {
    const trimmed = name.trim() || t("app.untitled");
    set({ name: trimmed });
    this.#keepSoon();
    if (this.#draft.code) void renameProject(this.#draft.code, trimmed).catch(() => undefined);
  }

  /** A new, empty design; the old one stays in this browser. */
  newDesign(): void {
    this.keep();
    const draft = newDraft(t("app.untitled"));
    keepDraft(draft);
    location.reload();
  }

  // ── versions ───────────────────────────────────────────────────────────────────────────────────────────

  async #findServer(): Promise<void> {
    if (!(await isServerThere())) return;
    this.#store = serverVersions;
    set({ server: true });
    if (this.#draft.code) await this.loadVersions();
  }

  /** The name under which the store knows this design; made on the server when it is first needed. */
  async #storeKey(create: boolean): Promise<string | null> {
    if (this.#store.place === "local") return this.#draft.id;
    if (!this.#draft.code && create) {
      const project = await createProject(get().name, this.#draft.id);
      this.#draft.code = project.project_code;
      this.keep();
    }
    return this.#draft.code;
  }

  /** The server's code of this design, `null` where there is no server. */
  async projectCode(): Promise<string | null> {
    return this.#store.place === "server" ? this.#storeKey(true) : null;
  }

  async loadVersions(): Promise<void> {
    try {
      const key = await this.#storeKey(false);
      const versions = key === null ? [] : await this.#store.list(key);
      set({ versions, versionsError: "" });
    } catch (error) {
      set({ versionsError: (error as Error).message });
    }
  }

  /** Saves the text as a version; `undefined` where that was not possible, and the reason was said. */
  async save(message = ""): Promise<number | undefined> {
    const source = this.text;
    try {
      const key = await this.#storeKey(true);
      if (key === null) return undefined;
      const { base, versions } = get();
      if (versions?.[0]?.number === base && base > 0) {
        const newest = await this.#store.read(key, base);
        if (newest.source === source && same(newest.drawing, this.session.drawing)) {
          notify("info", t("versions.same", { n: base }));
          return base;
        }
      }
      const saved = await this.#store.save(key, { source, drawing: this.session.drawing, message, base });
      set({ base: saved.number });
      this.keep();
      await this.loadVersions();
      notify("info", t("versions.saved", { n: saved.number }));
      return saved.number;
    } catch (error) {
      if (error instanceof VersionConflict) {
        await this.loadVersions();
        set({ base: error.theirs.number, side: "versions", sideOpen: true });
        notify("error", t("versions.conflict", { n: error.theirs.number }));
      } else {
        notify("error", t("chat.failed", { reason: (error as Error).message }));
      }
      return undefined;
    }
  }

  async readVersion(number: number): Promise<Version> {
    const key = await this.#storeKey(false);
    if (key === null) throw new Error(t("versions.empty"));
    return this.#store.read(key, number);
  }

  /** Looks at a version without touching the draft. */
  async view(number: number): Promise<void> {
    try {
      const version = await this.readVersion(number);
      const diagram = await this.session.engine.diagram(version.source, { previous: version.drawing });
      set({ viewing: { number, diagram, source: version.source }, selected: [] });
    } catch (error) {
      notify("error", t("versions.failed", { reason: (error as Error).message }));
    }
  }

  stopViewing(): void {
    set({ viewing: null });
  }

  /** Brings a version back: one step of the history, and a new version. */
  async restore(number: number): Promise<void> {
    try {
      const version = await this.readVersion(number);
      set({ viewing: null, adopted: true });
      this.adopt(version.source, version.drawing);
      await this.#settled();
      await this.save(t("versions.restored", { n: number }));
    } catch (error) {
      notify("error", t("versions.failed", { reason: (error as Error).message }));
    }
  }

  /** Makes a text the draft's, drawn as it was drawn. */
  adopt(source: string, drawing: StoredDrawing): void {
    this.replaceText(source);
    this.session.open(source, drawing, get().board);
  }

  /** Resolves once nothing is being drawn. */
  #settled(): Promise<void> {
    return settled();
  }
}

/** Resolves once nothing is being drawn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    if (!get().busy) return resolve();
    const stop = useStudio.subscribe((state) => {
      if (state.busy) return;
      stop();
      resolve();
    });
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const studio = new Studio();
// The engine is fetched and compiled while the page is still being put together.
studio.session.warm();

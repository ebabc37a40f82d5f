// The versions of the open design: saving, looking, comparing, bringing back, and what to do when someone else was first.
import type { Diagram, StoredDrawing } from "spandrel";
import { compare } from "../canvas/compare";
import type { Session } from "../engine/session";
import { i18n } from "../i18n";
import { createProject } from "../state/api";
import { ApiError, Unreachable } from "../state/http";
import { readDraft, storeDraft } from "../state/drafts";
import { notify, useStudio } from "../state/store";
import * as versions from "../state/versions";
import { VersionConflict } from "../state/versions";
import { connection } from "./connection";

/** The text rests this long, unsaved, before it becomes a version by itself, in milliseconds. */
const IDLE = 5 * 60_000;

const t = i18n.t.bind(i18n);
const set = useStudio.setState;
const get = useStudio.getState;

/** What the history needs of the studio. */
export interface Desk {
  readonly session: Session;
  readonly text: string;
  readonly designId: string;
  readonly code: string | null;
  /** The account that the design belongs to, `null` where it belongs to none yet. */
  readonly account: string | null;
  setCode(code: string): void;
  /** Makes a text the draft's, drawn as it was drawn. */
  adopt(source: string, drawing: StoredDrawing): void;
  settled(): Promise<void>;
  keep(): void;
  /** Puts a copy of the open design beside it. */
  copy(name: string, source: string, drawing: StoredDrawing): Promise<string>;
}

export class History {
  #desk: Desk;
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** The text of the version that the draft came from, as far as it is known. */
  #saved: string | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Another design is open. */
  opened(): void {
    clearTimeout(this.#idle);
    this.#saved = undefined;
    set({ versions: undefined, versionsError: "", viewing: null, comparing: null, conflict: null });
    void this.load();
  }

  /** The text changed: five quiet minutes from now it becomes a version. */
  touched(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#saveIdle(), IDLE);
  }

  async #saveIdle(): Promise<void> {
    const { follower, broken, proposal } = get();
    // A text with errors is no version yet, and one of two tabs is enough.
    if (follower || broken || proposal || this.#desk.text.trim() === "" || this.#desk.text === this.#saved) return;
    await this.save(t("versions.idle"), true);
  }

  /** The server's name of the open design; `null` where there is none or no server. */
  get #code(): string | null {
    const { server, account } = get();
    return server && this.#desk.account === (account?.id ?? null) ? this.#desk.code : null;
  }

  async load(): Promise<void> {
    const design = this.#desk.designId;
    try {
      const found = await versions.list(design, this.#code);
      if (design !== this.#desk.designId) return;
      set({ versions: found, versionsError: "" });
      if (this.#code !== null) void versions.keepNewest(design, this.#code, found).catch(() => undefined);
    } catch (error) {
      if (this.#away(error)) return this.load();
      set({ versionsError: (error as Error).message });
    }
  }

  /** Whether nobody answered; from now on the server counts as away. */
  #away(error: unknown): boolean {
    if (!(error instanceof Unreachable) || !get().server) return false;
    connection.lost();
    return true;
  }

  /** Saves the text as a version: first here, then where the server is. `undefined` where that was not possible. */
  async save(message = "", quiet = false): Promise<number | undefined> {
    const desk = this.#desk;
    const source = desk.text;
    const { base, account } = get();
    try {
      if (base > 0 && (await this.#isSame(base, source))) {
        if (!quiet) notify("info", t("versions.same", { n: base }));
        return base;
      }
      const author = account && !account.isLocal ? account.name : "";
      const info = await versions.writeDown(desk.designId, { source, drawing: desk.session.drawing, message, author, base });
      clearTimeout(this.#idle);
      this.#saved = source;
      set({ base: info.number });
      desk.keep();
      await this.sync();
      const waits = get().versions?.find(({ number }) => number === info.number)?.waiting ?? false;
      if (!get().conflict && !quiet) {
        notify("info", t(waits && desk.code !== null ? "versions.savedHere" : "versions.saved", { n: info.number }));
      }
      return info.number;
    } catch (error) {
      if (error instanceof VersionConflict) {
        await this.load();
        set({ base: error.theirs.number });
        notify("error", t("versions.otherTab", { n: error.theirs.number }));
      } else {
        notify("error", t("versions.notSaved", { reason: (error as Error).message }));
      }
      return undefined;
    }
  }

  async #isSame(base: number, source: string): Promise<boolean> {
    const known = get().versions?.[0];
    if (known?.number !== base) return false;
    const newest = await this.read(base).catch(() => undefined);
    return newest?.source === source && JSON.stringify(newest.drawing) === JSON.stringify(this.#desk.session.drawing);
  }

  /** The server's name of the open design, made where it has none yet. */
  async projectCode(): Promise<string | null> {
    const { server, account } = get();
    if (!server || (this.#desk.account !== null && this.#desk.account !== account?.id)) return null;
    if (this.#desk.code === null) {
      const design = this.#desk.designId;
      const project = await createProject(get().name, design);
      if (design === this.#desk.designId) this.#desk.setCode(project.project_code);
    }
    return this.#desk.code;
  }

  /** Sends what waits of the open design, and shows what there is then. */
  async sync(): Promise<void> {
    const design = this.#desk.designId;
    try {
      const code = get().server && (await versions.designsWaiting()).includes(design) ? await this.projectCode() : null;
      if (code !== null) await versions.send(design, code);
    } catch (error) {
      if (error instanceof VersionConflict) await this.#conflict(error);
      else if (!this.#away(error)) notify("error", t("versions.notSent", { reason: (error as Error).message }));
    }
    await this.load();
  }

  /** Sends what waits of designs that are not open. A conflict among them is for the person, once they open it. */
  async syncOthers(): Promise<void> {
    for (const design of await versions.designsWaiting()) {
      if (design === this.#desk.designId) continue;
      const draft = await readDraft(design);
      if (!draft || (draft.account !== null && draft.account !== get().account?.id)) continue;
      try {
        const code = draft.code ?? (await createProject(draft.name, design)).project_code;
        await storeDraft({ ...draft, code, account: get().account?.id ?? null }, false);
        await versions.send(design, code);
      } catch (error) {
        if (this.#away(error)) return;
        if (!(error instanceof VersionConflict || error instanceof ApiError)) throw error;
      }
    }
  }

  async #conflict({ theirs }: VersionConflict): Promise<void> {
    const { source } = await versions.read(this.#desk.designId, this.#desk.code, theirs.number);
    set({ conflict: { theirs, theirSource: source, mySource: this.#desk.text } });
  }

  /** Mine becomes the newest version, theirs stays below it. */
  async putOnTop(): Promise<void> {
    const { conflict } = get();
    if (!conflict) return;
    await versions.putOnTop(this.#desk.designId, conflict.theirs.number);
    set({ conflict: null });
    await this.sync();
    const newest = get().versions?.[0]?.number;
    if (newest !== undefined && !get().conflict) {
      set({ base: newest });
      this.#desk.keep();
      notify("info", t("versions.saved", { n: newest }));
    }
  }

  /** Theirs is the design's; mine goes on as a design of its own. */
  async takeTheirs(): Promise<void> {
    const { conflict, name } = get();
    if (!conflict) return;
    const copy = await this.#desk.copy(t("versions.copyOf", { name }), this.#desk.text, this.#desk.session.drawing);
    await versions.giveTo(this.#desk.designId, copy);
    const theirs = await this.read(conflict.theirs.number);
    set({ conflict: null, base: theirs.number });
    this.#desk.adopt(theirs.source, theirs.drawing);
    this.#saved = theirs.source;
    this.#desk.keep();
    await this.load();
    notify("info", t("versions.copied", { name: t("versions.copyOf", { name }) }));
    void this.syncOthers();
  }

  read(number: number): Promise<versions.Version> {
    const waiting = get().versions?.find((version) => version.number === number)?.waiting ?? false;
    return versions.read(this.#desk.designId, this.#code, number, waiting);
  }

  /** The text and the drawing of a version, or of the draft (0). */
  async #side(number: number): Promise<{ source: string; diagram: Diagram }> {
    const { diagram, board } = get();
    if (number === 0 && diagram) return { source: this.#desk.text, diagram };
    const version = number === 0 ? { source: this.#desk.text, drawing: this.#desk.session.drawing } : await this.read(number);
    const engine = this.#desk.session.engine;
    return { source: version.source, diagram: await engine.diagram(version.source, { previous: version.drawing, board }) };
  }

  /** Looks at a version without touching the draft. */
  async view(number: number): Promise<void> {
    await this.#said(async () => {
      const { source, diagram } = await this.#side(number);
      set({ viewing: { number, diagram, source }, comparing: null, selected: [] });
    });
  }

  /** Shows what is different in `to` against `from`; 0 is the draft. */
  async compare(from: number, to: number): Promise<void> {
    await this.#said(async () => {
      const [a, b] = [await this.#side(from), await this.#side(to)];
      const { moved } = await this.#desk.session.engine.diff(a.source, b.source);
      const changes = compare(a.diagram, b.diagram, moved);
      set({
        comparing: { from, to, fromSource: a.source, toSource: b.source, before: a.diagram, diagram: b.diagram, changes },
        viewing: null,
        selected: [],
      });
    });
  }

  stop(): void {
    set({ viewing: null, comparing: null });
  }

  /** Brings a version back: one step of the history, and a new version. */
  async restore(number: number): Promise<void> {
    await this.#said(async () => {
      const version = await this.read(number);
      this.#desk.adopt(version.source, version.drawing);
      await this.#desk.settled();
      set({ viewing: null, comparing: null, adopted: true });
      await this.save(t("versions.restored", { n: number }));
    });
  }

  async #said(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#away(error);
      notify("error", t("versions.failed", { reason: (error as Error).message }));
    }
  }
}

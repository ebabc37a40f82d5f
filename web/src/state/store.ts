// What the interface shows. The text itself is not here: it lives in the editor, with its one history.
import type { Diagnostic, Diagram } from "spandrel";
import { create } from "zustand";
import type { Verdict } from "../assistant/answer";
import type { Piece } from "../assistant/pieces";
import type { Comparison } from "../canvas/compare";
import type { Account } from "./account";
import type { VersionInfo } from "./versions";

export type SidePanel = "assistant" | "inspector" | "versions" | "problems";

export type Screen = "studio" | "designs" | "templates" | "settings" | "account";

export interface Message {
  id: string;
  from: "person" | "spandrel";
  text: string;
  verdict?: Verdict;
  /** Who made it; absent: rules, without a model. */
  provider?: string;
  /** Why this browser answered although a server was asked. */
  alone?: string;
  state?: "working" | "proposed" | "applied" | "discarded" | "failed";
}

/** Something that is shown against something else. */
interface Review {
  /** What it is compared with. */
  before: Diagram | undefined;
  diagram: Diagram;
  changes: Comparison;
}

/** A change that waits for a yes or a no. */
export interface Proposal extends Review {
  message: string;
  /** The text it was made for, and the one that comes of what is taken of it. */
  base: string;
  source: string;
  /** The text that was proposed, whole. */
  whole: string;
  /** The drawing of the whole, whatever is taken of it. */
  all: Diagram;
  /** Still being written: `source` is what there is of it. */
  growing: boolean;
  /** What can be taken or left by itself; `null` until that is known, empty where only all or nothing makes sense. */
  pieces: Piece[] | null;
  /** Keys of the pieces that are left. */
  refused: ReadonlySet<string>;
}

/** `0` is the draft. */
export interface Compared extends Review {
  from: number;
  to: number;
  fromSource: string;
  toSource: string;
}

/** Someone saved in the meantime: their version, and what waits here. */
export interface Conflict {
  theirs: VersionInfo;
  theirSource: string;
  mySource: string;
}

export interface Notice {
  id: number;
  kind: "info" | "error";
  text: string;
  action?: { label: string; run: () => void };
}

/** Whether there is a server: not known yet, there, out of reach, or there for those who sign in. */
export type Link = "unknown" | "here" | "away" | "locked";

export interface StudioState {
  status: "starting" | "ready" | "failed";
  failure: string;
  screen: Screen;
  /** Which design is open. */
  openedId: string;
  name: string;
  /** Whether there is a text, or a person has asked for an empty page. */
  begun: boolean;
  diagram: Diagram | undefined;
  /** The drawing is older than the text, because the text has errors. */
  broken: boolean;
  busy: boolean;
  problems: Diagnostic[];
  board: string;
  versions: VersionInfo[] | undefined;
  versionsError: string;
  /** The version the text came from. */
  base: number;
  /** The version that is looked at, instead of the draft. */
  viewing: { number: number; diagram: Diagram; source: string } | null;
  comparing: Compared | null;
  conflict: Conflict | null;
  messages: Message[];
  proposal: Proposal | null;
  /** What was proposed or looked at has just become the draft. */
  adopted: boolean;
  renaming: { id: string; kind: "node" | "edge" } | null;
  selected: string[];
  side: SidePanel;
  sideOpen: boolean;
  editorOpen: boolean;
  paletteOpen: boolean;
  /** What the command palette asks when it opens. */
  palette: "commands" | "connect" | "move";
  /** The diagram beside the canvas, as text or as a list. */
  left: "source" | "list";
  /** A node that the canvas is asked to show. */
  focus: string | null;
  dark: boolean;
  link: Link;
  account: Account | null;
  /** The leave to choose a new password that the link of a mail brought. */
  resetToken: string | null;
  /** Whether a server keeps the versions. */
  server: boolean;
  /** This tab shows what another tab is changing. */
  follower: boolean;
  notices: Notice[];
}

export const useStudio = create<StudioState>(() => ({
  status: "starting",
  failure: "",
  screen: "studio",
  openedId: "",
  name: "",
  begun: false,
  diagram: undefined,
  broken: false,
  busy: false,
  problems: [],
  board: "",
  versions: undefined,
  versionsError: "",
  base: 0,
  viewing: null,
  comparing: null,
  conflict: null,
  messages: [],
  proposal: null,
  adopted: false,
  renaming: null,
  selected: [],
  side: "assistant",
  sideOpen: true,
  editorOpen: true,
  paletteOpen: false,
  palette: "commands",
  left: "source",
  focus: null,
  dark: false,
  link: "unknown",
  account: null,
  resetToken: null,
  server: false,
  follower: false,
  notices: [],
}));

let notices = 0;

/** Says something at the edge of the page for a few seconds; errors stay longer. */
export function notify(kind: Notice["kind"], text: string, action?: Notice["action"]): void {
  announce(kind, text, action, kind === "error" ? 9000 : 5000);
}

/** The same for so many milliseconds; gives what `dismiss` asks for. */
export function announce(kind: Notice["kind"], text: string, action: Notice["action"], forMs: number): number {
  const id = ++notices;
  const notice: Notice = action ? { id, kind, text, action } : { id, kind, text };
  useStudio.setState((state) => ({ notices: [...state.notices.slice(-2), notice] }));
  setTimeout(() => dismiss(id), forMs);
  return id;
}

export function dismiss(id: number): void {
  useStudio.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

// What the interface shows. The text itself is not here: it lives in the editor, with its one history.
import type { Classified, Diagnostic, Diagram } from "spandrel";
import { create } from "zustand";
import type { VersionInfo } from "./versions";

export type SidePanel = "assistant" | "inspector" | "versions" | "problems";

export interface Message {
  id: string;
  from: "person" | "spandrel";
  text: string;
  verdict?: Omit<Classified, "source"> & { source: string };
  /** Who made it; absent: the offline generator. */
  provider?: string;
  state?: "working" | "proposed" | "applied" | "discarded" | "failed";
}

/** A change that waits for a yes or a no. */
export interface Proposal {
  message: string;
  source: string;
  diagram: Diagram;
  added: string[];
  removed: string[];
  changed: string[];
}

export interface Notice {
  id: number;
  kind: "info" | "error";
  text: string;
  action?: { label: string; run: () => void };
}

export interface StudioState {
  status: "starting" | "ready" | "failed";
  failure: string;
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
  /** Whether a server keeps the versions. */
  server: boolean;
  notices: Notice[];
}

export const useStudio = create<StudioState>(() => ({
  status: "starting",
  failure: "",
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
  server: false,
  notices: [],
}));

let notices = 0;

/** Says something at the edge of the page for a few seconds; errors stay longer. */
export function notify(kind: Notice["kind"], text: string, action?: Notice["action"]): void {
  const id = ++notices;
  const notice: Notice = action ? { id, kind, text, action } : { id, kind, text };
  useStudio.setState((state) => ({ notices: [...state.notices.slice(-2), notice] }));
  setTimeout(() => dismiss(id), kind === "error" ? 9000 : 5000);
}

export function dismiss(id: number): void {
  useStudio.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

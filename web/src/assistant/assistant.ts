// The conversation: a request becomes a proposal, and a proposal that is accepted becomes one step of the history and
// a version. While the answer is made the document is untouched, and stopping is immediate.
import { connection } from "../app/connection";
import { studio } from "../app/studio";
import { i18n } from "../i18n";
import { inWords } from "../i18n/engine";
import { preferences } from "../state/preferences";
import { type Message, notify, type Proposal, useStudio } from "../state/store";
import { type Answer, answerTo, type Listener, type Question } from "./answer";
import { Growth } from "./growth";
import { accepted, growing, propose } from "./proposal";
import { applyView } from "./view";

/** As the proxy has it. */
export const MAX_QUERY = 512;

/** How long the first request waits to learn whether there is a server, in milliseconds. */
const PATIENCE = 5_000;
/** How long a text that is there may still be shown growing, in milliseconds. */
const REVEAL = 700;

const t = i18n.t.bind(i18n);
const get = useStudio.getState;
const set = useStudio.setState;

let accepting = false;
let running: AbortController | undefined;
/** The conversation on the server, of the design it belongs to. */
let session: { design: string; id: string } | undefined;

/** Stops the answer that is being made; what was drawn of it goes away. */
export function stop(): void {
  running?.abort(new DOMException(t("chat.stopped"), "AbortError"));
}

/** Asks; what comes of it is in the store. */
export async function ask(query: string): Promise<void> {
  const text = query.trim();
  if (text === "" || text.length > MAX_QUERY || running) return;
  const controller = new AbortController();
  running = controller;
  const id = crypto.randomUUID();
  const base = studio.text;
  discardProposal();
  set((state) => ({
    begun: true,
    messages: [
      ...state.messages,
      { id: crypto.randomUUID(), from: "person", text },
      { id, from: "spandrel", text: "", state: "working" },
    ],
  }));
  const growth = new Growth(studio.session.engine, studio.session.drawing, (source, diagram) => growing(base, source, diagram));
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error));
  });
  let outcome: "propose" | "accept" | "said" = "said";
  try {
    // Whatever still runs when the person stops is left to itself.
    outcome = await Promise.race([stopped, answer(id, text, base, growth, controller.signal)]);
  } catch (error) {
    if (get().proposal?.growing) set({ proposal: null });
    if (controller.signal.aborted) update(id, { text: t("chat.stopped"), state: "discarded" });
    else update(id, { text: t("chat.failed", { reason: (error as Error).message }), state: "failed" });
  } finally {
    growth.end();
    if (running === controller) running = undefined;
  }
  if (outcome === "accept") await acceptProposal(text);
}

/** What is to be done with the answer: on an empty page there is nothing to weigh it against. */
async function answer(
  id: string,
  query: string,
  base: string,
  growth: Growth,
  signal: AbortSignal,
): Promise<"propose" | "accept" | "said"> {
  const { engine } = studio.session;
  const refused = (await engine.checkRequest(query)).find(({ severity }) => severity === "error");
  if (refused) throw new Error(inWords(refused.message));
  let words = "";
  const listener: Listener = {
    intent: (verdict) => update(id, { verdict, state: "working" }),
    source: (delta) => growth.add(delta),
    reset: () => {
      words = "";
      growth.reset();
    },
    message: (delta) => {
      words += delta;
      update(id, { text: words, state: "working" });
    },
  };
  const found = await answerTo(await question(query, base), engine, listener, signal);
  await growth.drawn(REVEAL);
  signal.throwIfAborted();
  growth.end();
  if (found.sessionId) session = { design: studio.designId, id: found.sessionId };
  const about = aboutOf(found);
  if (found.view && !applyView(found.view)) {
    update(id, { text: t("chat.viewUnclear"), ...about });
    return "said";
  }
  if (found.d2 === undefined || found.d2 === studio.text) {
    set({ proposal: null });
    update(id, { text: found.message || t("chat.unclear"), ...about });
    return "said";
  }
  await propose(found.d2, found.message);
  signal.throwIfAborted();
  update(id, { text: found.message, ...about, state: "proposed" });
  return base.trim() === "" && studio.text.trim() === "" ? "accept" : "propose";
}

function aboutOf(found: Answer): Pick<Message, "verdict" | "provider" | "alone"> {
  const { intent, confidence, source, provider, alone } = found;
  return { verdict: { intent, confidence, source }, ...(provider ? { provider } : {}), ...(alone ? { alone } : {}) };
}

async function question(query: string, source: string): Promise<Question> {
  await connection.known(PATIENCE);
  if (!get().server || preferences.get().assistant === "browser") return { query, source };
  try {
    const project = await studio.history.projectCode();
    if (project === null) return { query, source };
    // What only this browser has so far is no version that the server knows.
    const base = get().versions?.find(({ waiting }) => !waiting)?.number ?? 0;
    return { query, source, server: { project, base, session: session?.design === studio.designId ? session.id : null, model: preferences.get().model } };
  } catch (error) {
    return { query, source, alone: (error as Error).message };
  }
}

/** One step of the history, then a version with the explanation. */
export async function acceptProposal(query = lastQuery()): Promise<void> {
  const { proposal } = get();
  if (!proposal || proposal.growing || accepting) return;
  accepting = true;
  try {
    await apply(proposal, query);
  } catch (error) {
    notify("error", t("chat.notApplied", { reason: (error as Error).message }));
  } finally {
    accepting = false;
  }
}

async function apply(proposal: Proposal, query: string): Promise<void> {
  const source = await accepted(proposal);
  const partly = proposal.refused.size > 0;
  settle("applied");
  studio.replaceText(source);
  // What is proposed stays in view until the document shows the same.
  await studio.settled();
  set({ proposal: null, adopted: true });
  if (get().name === t("app.untitled")) studio.rename(titleOf(source, query));
  await studio.save([t(partly ? "versions.partly" : "versions.initial", { query }), proposal.message].filter(Boolean).join("\n\n"));
}

/** What a design is called that nobody has named: its first comment, else what was asked for. */
function titleOf(source: string, query: string): string {
  const comment = /^#[ \t]*(\S.{0,59})$/m.exec(source.split("\n", 1)[0] ?? "")?.[1];
  const words = (comment ?? query).trim();
  return words.charAt(0).toUpperCase() + words.slice(1, 60);
}

/** The document was never touched. */
export function discardProposal(): void {
  if (!get().proposal) return;
  settle("discarded");
  set({ proposal: null });
}

const lastQuery = (): string => get().messages.findLast((message) => message.from === "person")?.text ?? "";

function settle(state: NonNullable<Message["state"]>): void {
  const proposed = get().messages.findLast((message) => message.state === "proposed");
  if (proposed) update(proposed.id, { state });
}

/** Without a new state the message is settled. */
function update(id: string, change: Partial<Message>): void {
  set((state) => ({
    messages: state.messages.map((message) => {
      if (message.id !== id) return message;
      const { state: _, ...rest } = message;
      return { ...rest, ...change };
    }),
  }));
}

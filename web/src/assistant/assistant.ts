// The conversation: a request becomes a proposal, and a proposal that is accepted becomes one step of the history and
// a version. With a server it is asked; without one, or when it has no answer, the engine answers by itself.
import { settled, studio } from "../app/studio";
import { compare } from "../canvas/compare";
import { i18n } from "../i18n";
import { ApiError, propose, Unreachable } from "../state/api";
import { type Message, type Proposal, useStudio } from "../state/store";

/** As the proxy has it. */
export const MAX_QUERY = 512;

const t = i18n.t.bind(i18n);
const get = useStudio.getState;

let running: AbortController | undefined;
let sessionId: string | null = null;

interface Answer {
  intent: string;
  message: string;
  confidence: number;
  source: string;
  provider?: string;
  /** The whole text that is proposed; absent: an answer in words. */
  d2?: string;
}

export function stop(): void {
  running?.abort();
}

/** Asks; what comes of it is in the store. */
export async function ask(query: string): Promise<void> {
  const text = query.trim();
  if (text === "" || text.length > MAX_QUERY || running) return;
  const controller = new AbortController();
  running = controller;
  const id = crypto.randomUUID();
  const first = studio.text.trim() === "";
  discardProposal();
  useStudio.setState((state) => ({
    begun: true,
    messages: [
      ...state.messages,
      { id: crypto.randomUUID(), from: "person", text },
      { id, from: "spandrel", text: "", state: "working" },
    ],
  }));
  try {
    const answer = await answerTo(text, controller.signal);
    if (controller.signal.aborted) throw controller.signal.reason;
    const verdict = { intent: answer.intent as never, confidence: answer.confidence, source: answer.source };
    const about = { verdict, ...(answer.provider ? { provider: answer.provider } : {}) };
    if (answer.d2 === undefined || answer.d2 === studio.text) {
      update(id, { text: answer.message || t("chat.unclear"), ...about });
      return;
    }
    const proposal = await makeProposal(answer.d2, answer.message);
    update(id, { text: answer.message, ...about, state: "proposed" });
    useStudio.setState({ proposal, selected: [] });
    // On an empty page there is nothing to weigh it against.
    if (first) await acceptProposal(text);
  } catch (error) {
    if (controller.signal.aborted) {
      update(id, { text: t("chat.discarded"), state: "discarded" });
    } else {
      update(id, { text: t("chat.failed", { reason: (error as Error).message }), state: "failed" });
    }
  } finally {
    if (running === controller) running = undefined;
  }
}

async function answerTo(query: string, signal: AbortSignal): Promise<Answer> {
  const engine = studio.session.engine;
  const found = await engine.checkRequest(query);
  const refused = found.find((diagnostic) => diagnostic.severity === "error");
  if (refused) throw new Error(refused.message);
  if (get().server) {
    try {
      const project = await studio.projectCode();
      if (project) {
        const answer = await propose(
          { project, query, source: studio.text, base: get().base, session: sessionId },
          signal,
        );
        sessionId = answer.session_id;
        return {
          intent: answer.intent,
          message: answer.message,
          confidence: answer.confidence,
          source: answer.classification_source,
          ...(answer.provider === "offline" ? {} : { provider: answer.provider }),
          ...(answer.payload.d2 === null ? {} : { d2: answer.payload.d2 }),
        };
      }
    } catch (error) {
      if (signal.aborted || !canAnswerAlone(error)) throw error;
      if (error instanceof ApiError && error.status === 409) sessionId = null;
    }
  }
  return offline(query);
}

/** Whether a refusal of the server leaves room for an answer made here. */
function canAnswerAlone(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof ApiError && (error.status >= 500 || [404, 409, 429].includes(error.status));
}

/** The engine's own answer. */
async function offline(query: string): Promise<Answer> {
  const engine = studio.session.engine;
  const source = studio.text;
  const has_diagram = source.trim() !== "";
  const verdict = await engine.classify(query, { has_diagram });
  const about = { intent: verdict.intent, confidence: verdict.confidence, source: verdict.source, message: "" };
  const draws = verdict.intent === "DSL_CREATE" || verdict.intent === "DSL_UPDATE";
  if (!draws) return { ...about, message: t("chat.unclear") };
  const updating = verdict.intent === "DSL_UPDATE" && has_diagram;
  const made = await engine.generate(query, updating ? { source, has_diagram } : { has_diagram: false });
  return { ...about, message: made.message, d2: made.source };
}

async function makeProposal(d2: string, message: string): Promise<Proposal> {
  const diagram = await studio.session.engine.diagram(d2, { previous: studio.session.drawing });
  return { message, source: d2, diagram, ...compare(get().diagram, diagram) };
}

/** One step of the history, then a version. */
export async function acceptProposal(query = lastQuery()): Promise<void> {
  const { proposal } = get();
  if (!proposal) return;
  settle("applied");
  useStudio.setState({ proposal: null, adopted: true });
  studio.replaceText(proposal.source);
  if (get().name === t("app.untitled")) studio.rename(titleOf(proposal.source, query));
  await settled();
  await studio.save(t("versions.initial", { query }));
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
  useStudio.setState({ proposal: null });
}

const lastQuery = (): string => get().messages.findLast((message) => message.from === "person")?.text ?? "";

function settle(state: NonNullable<Message["state"]>): void {
  const proposed = get().messages.findLast((message) => message.state === "proposed");
  if (proposed) update(proposed.id, { state });
}

function update(id: string, change: Partial<Message>): void {
  useStudio.setState((state) => ({
    messages: state.messages.map((message) => {
      if (message.id !== id) return message;
      const { state: _, ...rest } = message;
      return { ...rest, ...change };
    }),
  }));
}


// Where an answer comes from: the proxy's stream, or the engine in this browser. Both tell the same things in the
// same order: the intent, the text piece by piece, the words, and at the end the whole.
import { i18n } from "../i18n";
import { designStream, type DesignAnswer } from "../state/api";
import { ApiError, asError, Unreachable } from "../state/http";
import type { AssistContext, Classified, Generated, Question as Asked } from "spandrel";
import type { ViewRequest } from "../canvas/apply-view";

const t = i18n.t.bind(i18n);

export interface Verdict {
  intent: string;
  confidence: number;
  source: string;
}

/** What is told while an answer is made. */
export interface Listener {
  intent(verdict: Verdict): void;
  /** More of the D2 text. */
  source(delta: string): void;
  /** What was written is thrown away: a corrected attempt begins. */
  reset(): void;
  message(delta: string): void;
}

export interface Answer extends Verdict {
  message: string;
  /** Who made it; absent: the rules of this browser's engine or the server's. */
  provider?: string;
  /** Why the server was not the one to answer, where it was asked. */
  alone?: string;
  /** The whole text that is proposed; absent: an answer in words. */
  d2?: string;
  view?: ViewRequest;
  sessionId?: string;
}

export interface Question {
  query: string;
  source: string;
  /** What the server needs to know; absent: there is none, or it is not wanted. */
  server?: { project: string; base: number; session: string | null; model: string };
  /** Why the server is not asked although it is there. */
  alone?: string;
}

/** What the offline answer needs of the engine. */
export interface Brain {
  classify(query: string, context: AssistContext): Promise<Classified>;
  generate(query: string, context: AssistContext): Promise<Generated>;
  clarify(query: string, context: AssistContext): Promise<Asked>;
  answer(query: string, context: AssistContext): Promise<{ message: string; known: boolean; sources: string[] }>;
  view(query: string, context: AssistContext): Promise<ViewRequest>;
}

/** Asks the server, and where it has no answer, the engine. */
export async function answerTo(question: Question, brain: Brain, listener: Listener, signal: AbortSignal): Promise<Answer> {
  if (question.server) {
    try {
      return await fromServer(question, question.server, listener, signal);
    } catch (error) {
      if (signal.aborted || !leavesRoom(error)) throw error;
      listener.reset();
      return { ...(await offline(question, brain, listener, signal)), alone: (error as Error).message };
    }
  }
  const made = await offline(question, brain, listener, signal);
  return question.alone === undefined ? made : { ...made, alone: question.alone };
}

/** Whether a failure of the server leaves room for an answer made here. */
function leavesRoom(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof ApiError && (error.status >= 500 || [401, 403, 404, 408, 409, 429].includes(error.status));
}

async function fromServer(
  { query, source }: Question,
  server: NonNullable<Question["server"]>,
  listener: Listener,
  signal: AbortSignal,
): Promise<Answer> {
  for await (const { event, data } of designStream({ ...server, query, source }, signal)) {
    signal.throwIfAborted();
    const told = JSON.parse(data) as Record<string, unknown>;
    if (event === "intent") listener.intent(told as unknown as Verdict);
    else if (event === "source") {
      if (told["reset"] === true) listener.reset();
      else if (typeof told["delta"] === "string") listener.source(told["delta"]);
    } else if (event === "message" && typeof told["delta"] === "string") listener.message(told["delta"]);
    else if (event === "error") throw asError(500, told, "the server gave up");
    else if (event === "done") return whole((told as unknown as { response: DesignAnswer }).response);
  }
  throw new Unreachable("the answer broke off");
}

/** Only what changes the diagram carries a text that is proposed. */
const DRAWS = new Set(["DSL_CREATE", "DSL_UPDATE"]);

function whole(answer: DesignAnswer): Answer {
  const { d2, view } = answer.payload;
  return {
    intent: answer.intent,
    message: answer.message,
    confidence: answer.confidence,
    source: answer.classification_source,
    sessionId: answer.session_id,
    ...(answer.provider === "offline" ? {} : { provider: answer.provider }),
    ...(d2 !== null && DRAWS.has(answer.intent) ? { d2 } : {}),
    ...(view ? { view } : {}),
  };
}

async function offline({ query, source }: Question, brain: Brain, listener: Listener, signal: AbortSignal): Promise<Answer> {
  const has_diagram = source.trim() !== "";
  const found = await brain.classify(query, { has_diagram });
  signal.throwIfAborted();
  const verdict: Verdict = { intent: found.intent, confidence: found.confidence, source: found.source };
  listener.intent(verdict);
  switch (verdict.intent) {
    case "DSL_CREATE":
    case "DSL_UPDATE": {
      const updating = verdict.intent === "DSL_UPDATE" && has_diagram;
      const made = await brain.generate(query, updating ? { source, has_diagram } : { has_diagram: false });
      signal.throwIfAborted();
      // A diagram is shown as it grows; a change is shown by what it does to the one that is there.
      if (!updating) listener.source(made.source);
      return { ...verdict, message: made.message.trim(), d2: made.source };
    }
    case "EXPERT_QA": {
      const said = await brain.answer(query, { source, has_diagram });
      return { ...verdict, message: said.message };
    }
    case "VIEW_TOGGLE":
      return { ...verdict, message: t("chat.viewed"), view: await brain.view(query, { source, has_diagram }) };
    case "OUT_OF_SCOPE":
      return { ...verdict, message: t("chat.outOfScope") };
    default: {
      const question = await brain.clarify(query, { source, has_diagram });
      return { ...verdict, message: `${question.message}\n\n${question.examples.join("\n")}` };
    }
  }
}

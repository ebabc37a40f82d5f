// A language model that writes what it is told to, a piece at a time, behind the interface of an OpenAI-compatible server.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeModel {
  /** The address that a configuration names. */
  url: string;
  /** What it answers, in pieces. */
  pieces: string[];
  /** Pieces that it still holds back; `Infinity` lets all go. */
  allowed: number;
  /** The models that were asked for, in order. */
  asked: string[];
  stop(): Promise<void>;
}

export async function startModel(): Promise<FakeModel> {
  const server = createServer(async (request, response) => {
    if (request.method !== "POST") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ object: "list", data: [] }));
      return;
    }
    const { model, stream } = JSON.parse(await read(request)) as { model: string; stream?: boolean };
    fake.asked.push(model);
    const about = { id: "chatcmpl-1", created: 1, model };
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    if (!stream) {
      response.setHeader("content-type", "application/json");
      const message = { role: "assistant", content: fake.pieces.join("") };
      response.end(JSON.stringify({ ...about, object: "chat.completion", usage, choices: [{ index: 0, finish_reason: "stop", message }] }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (choice: object, more: object = {}): void =>
      void response.write(`data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [{ index: 0, finish_reason: null, ...choice }], ...more })}\n\n`);
    for (const [at, content] of fake.pieces.entries()) {
      while (at >= fake.allowed && !response.closed) await new Promise((next) => setTimeout(next, 20));
      send({ delta: { role: "assistant", content } });
    }
    send({ delta: {}, finish_reason: "stop" }, { usage });
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const fake: FakeModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    pieces: [],
    allowed: Number.POSITIVE_INFINITY,
    asked: [],
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return fake;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

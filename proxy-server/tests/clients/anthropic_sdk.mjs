// Anthropic's JavaScript client against the relay: only base URL and key are set.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";

const { RELAY: baseURL, RELAY_KEY: apiKey } = process.env;
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const TEXT = "Hello from the model \u{1f600}";
const input_schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ name: "get_weather", description: "Of a city.", input_schema }];

const models = [];
for await (const model of client.models.list()) models.push(model.id);
assert.ok(models.includes("anthropic-model"), String(models));

for (const model of ["anthropic-model", "chat-model", "responses-model", "gemini-model", "ollama-model"]) {
  const ask = { model, max_tokens: 100 };
  const hello = [{ role: "user", content: "Say hello" }];
  const whole = await client.messages.create({ ...ask, messages: hello });
  assert.equal(whole.content[0].text, TEXT, model);
  assert.equal(whole.usage.output_tokens, 9, model);

  let text = "";
  const stream = client.messages.stream({ ...ask, messages: hello }).on("text", (more) => (text += more));
  const final = await stream.finalMessage();
  assert.deepEqual([text, final.stop_reason], [TEXT, "end_turn"], model);

  if (model === "responses-model") continue;
  const messages = [{ role: "user", content: "What is the weather in Paris?" }];
  const answer = await client.messages.stream({ ...ask, messages, tools }).finalMessage();
  const call = answer.content.find((block) => block.type === "tool_use");
  assert.deepEqual([call.name, call.input, answer.stop_reason], ["get_weather", { city: "Paris" }, "tool_use"]);
  const result = { type: "tool_result", tool_use_id: call.id, content: "rain" };
  messages.push({ role: "assistant", content: answer.content }, { role: "user", content: [result] });
  const last = await client.messages.create({ ...ask, messages, tools });
  assert.equal(last.content[0].text, TEXT, model);
}

const x = { max_tokens: 5, messages: [{ role: "user", content: "x" }] };
await assert.rejects(client.messages.create({ model: "no such model", ...x }), Anthropic.NotFoundError);
const stranger = new Anthropic({ baseURL, apiKey: "sp_nobody_wrong", maxRetries: 0 });
await assert.rejects(stranger.messages.create({ model: "chat-model", ...x }), Anthropic.AuthenticationError);

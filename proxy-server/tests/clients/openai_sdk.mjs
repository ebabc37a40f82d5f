// OpenAI's JavaScript client against the relay: only base URL and key are set.
import assert from "node:assert/strict";
import OpenAI from "openai";

const { RELAY: baseURL, RELAY_KEY: apiKey } = process.env;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const TEXT = "Hello from the model \u{1f600}";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function", function: { name: "get_weather", description: "Of a city.", parameters } }];

const models = (await client.models.list()).data.map((model) => model.id);
assert.ok(models.includes("chat-model") && models.includes("gemini-model"), String(models));

for (const model of ["chat-model", "anthropic-model", "responses-model", "gemini-model", "ollama-model"]) {
  const hello = [{ role: "user", content: "Say hello" }];
  const whole = await client.chat.completions.create({ model, messages: hello });
  assert.equal(whole.choices[0].message.content, TEXT, model);
  assert.equal(whole.usage.total_tokens, 21, model);

  let text = "";
  let finish = null;
  for await (const chunk of await client.chat.completions.create({ model, messages: hello, stream: true })) {
    text += chunk.choices[0]?.delta?.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  assert.deepEqual([text, finish], [TEXT, "stop"], model);

  if (model === "responses-model") continue;
  const messages = [{ role: "user", content: "What is the weather in Paris?" }];
  const stream = client.chat.completions.stream({ model, messages, tools });
  const answer = (await stream.finalChatCompletion()).choices[0];
  assert.equal(answer.finish_reason, "tool_calls", model);
  const call = answer.message.tool_calls[0];
  assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ["get_weather", { city: "Paris" }]);
  messages.push(answer.message, { role: "tool", tool_call_id: call.id, content: "rain" });
  const last = await client.chat.completions.create({ model, messages, tools });
  assert.equal(last.choices[0].message.content, TEXT, model);
}

let text = "";
for await (const event of await client.responses.create({ model: "responses-model", input: "hi", stream: true })) {
  if (event.type === "response.output_text.delta") text += event.delta;
}
assert.equal(text, TEXT);
assert.equal((await client.responses.create({ model: "responses-model", input: "hi" })).output_text, TEXT);

const x = { messages: [{ role: "user", content: "x" }] };
await assert.rejects(client.chat.completions.create({ model: "no such model", ...x }), OpenAI.NotFoundError);
const stranger = new OpenAI({ baseURL, apiKey: "sp_nobody_wrong", maxRetries: 0 });
await assert.rejects(stranger.chat.completions.create({ model: "chat-model", ...x }), OpenAI.AuthenticationError);

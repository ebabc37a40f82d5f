"""OpenAI's Python client against the relay: only base URL and key are set."""

import json
import os

import openai

client = openai.OpenAI(base_url=os.environ["RELAY"], api_key=os.environ["RELAY_KEY"], max_retries=0)
TEXT = "Hello from the model \U0001f600"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
]

models = {model.id for model in client.models.list()}
assert {"chat-model", "anthropic-model", "gemini-model"} <= models, models
assert client.models.retrieve("chat-model").id == "chat-model"

for model in ["chat-model", "anthropic-model", "responses-model", "gemini-model", "ollama-model"]:
    ask = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello"}]
    whole = client.chat.completions.create(model=model, messages=ask)
    assert whole.choices[0].message.content == TEXT, (model, whole)
    assert whole.choices[0].finish_reason == "stop", (model, whole)
    assert (whole.usage.prompt_tokens, whole.usage.completion_tokens) == (12, 9), (model, whole.usage)

    text, usage, finish = "", None, None
    options = {"include_usage": True}
    for chunk in client.chat.completions.create(model=model, messages=ask, stream=True, stream_options=options):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    assert (text, finish) == (TEXT, "stop"), (model, text, finish)
    assert (usage.prompt_tokens, usage.completion_tokens) == (12, 9), (model, usage)

    # A picture travels along.
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    seen = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]}]
    assert client.chat.completions.create(model=model, messages=seen).choices[0].message.content == TEXT

    if model == "responses-model":
        continue
    for stream in [False, True]:
        asked = [{"role": "user", "content": "What is the weather in Paris?"}]
        if stream:
            name, arguments, identity, finish = "", "", "", None
            for chunk in client.chat.completions.create(model=model, messages=asked, tools=TOOLS, stream=True):
                for choice in chunk.choices:
                    finish = choice.finish_reason or finish
                    for call in choice.delta.tool_calls or []:
                        identity = call.id or identity
                        name += call.function.name or ""
                        arguments += call.function.arguments or ""
        else:
            choice = client.chat.completions.create(model=model, messages=asked, tools=TOOLS).choices[0]
            finish, call = choice.finish_reason, choice.message.tool_calls[0]
            identity, name, arguments = call.id, call.function.name, call.function.arguments
        assert (name, json.loads(arguments), finish) == ("get_weather", {"city": "Paris"}, "tool_calls"), model
        call = {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}
        asked.append({"role": "assistant", "content": None, "tool_calls": [call]})
        asked.append({"role": "tool", "tool_call_id": identity, "content": "rain"})
        last = client.chat.completions.create(model=model, messages=asked, tools=TOOLS)
        assert last.choices[0].message.content == TEXT, (model, last)

whole = client.responses.create(model="responses-model", input="Say hello")
assert whole.output_text == TEXT, whole
text, ended = "", False
for event in client.responses.create(model="responses-model", input="Say hello", stream=True):
    if event.type == "response.output_text.delta":
        text += event.delta
    ended = ended or event.type == "response.completed"
assert text == TEXT and ended, text

try:
    client.chat.completions.create(model="no such model", messages=[{"role": "user", "content": "x"}])
    raise AssertionError("a model that does not exist answered")
except openai.NotFoundError as error:
    assert error.code == "model_not_found", error.body
try:
    stranger = openai.OpenAI(base_url=os.environ["RELAY"], api_key="sp_nobody_wrong", max_retries=0)
    stranger.chat.completions.create(model="chat-model", messages=[{"role": "user", "content": "x"}])
    raise AssertionError("a stranger was let in")
except openai.AuthenticationError as error:
    assert "key" in error.message or "sign in" in error.message, error.message

"""Anthropic's Python client against the relay: only base URL and key are set."""

import os

import anthropic

client = anthropic.Anthropic(base_url=os.environ["RELAY"], api_key=os.environ["RELAY_KEY"], max_retries=0)
TEXT = "Hello from the model \U0001f600"
TOOLS = [
    {
        "name": "get_weather",
        "description": "The weather of a city.",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]

models = {model.id for model in client.models.list()}
assert {"chat-model", "anthropic-model", "gemini-model"} <= models, models

for model in ["anthropic-model", "chat-model", "responses-model", "gemini-model", "ollama-model"]:
    ask = {"model": model, "max_tokens": 100, "system": "Be brief."}
    hello = [{"role": "user", "content": "Say hello"}]
    whole = client.messages.create(messages=hello, **ask)
    assert whole.content[0].text == TEXT, (model, whole)
    assert whole.stop_reason == "end_turn", (model, whole)
    assert (whole.usage.input_tokens, whole.usage.output_tokens) == (12, 9), (model, whole.usage)

    with client.messages.stream(messages=hello, **ask) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert (text, final.content[0].text, final.stop_reason) == (TEXT, TEXT, "end_turn"), (model, text)
    assert final.usage.output_tokens == 9, (model, final.usage)

    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    picture = [{"role": "user", "content": [{"type": "image", "source": source}, {"type": "text", "text": "What?"}]}]
    assert client.messages.create(messages=picture, **ask).content[0].text == TEXT

    if model == "responses-model":
        continue
    for streamed in [False, True]:
        asked = [{"role": "user", "content": "What is the weather in Paris?"}]
        if streamed:
            with client.messages.stream(messages=asked, tools=TOOLS, **ask) as stream:
                answer = stream.get_final_message()
        else:
            answer = client.messages.create(messages=asked, tools=TOOLS, **ask)
        call = next(block for block in answer.content if block.type == "tool_use")
        assert (call.name, call.input, answer.stop_reason) == ("get_weather", {"city": "Paris"}, "tool_use"), model
        asked.append({"role": "assistant", "content": [block.model_dump() for block in answer.content]})
        result = {"type": "tool_result", "tool_use_id": call.id, "content": "rain"}
        asked.append({"role": "user", "content": [result]})
        last = client.messages.create(messages=asked, tools=TOOLS, **ask)
        assert last.content[0].text == TEXT, (model, last)

try:
    client.messages.create(model="no such model", max_tokens=5, messages=[{"role": "user", "content": "x"}])
    raise AssertionError("a model that does not exist answered")
except anthropic.NotFoundError as error:
    assert error.body["error"]["type"] == "not_found_error", error.body
try:
    stranger = anthropic.Anthropic(base_url=os.environ["RELAY"], api_key="sp_nobody_wrong", max_retries=0)
    stranger.messages.create(model="chat-model", max_tokens=5, messages=[{"role": "user", "content": "x"}])
    raise AssertionError("a stranger was let in")
except anthropic.AuthenticationError as error:
    assert error.body["error"]["type"] == "authentication_error", error.body

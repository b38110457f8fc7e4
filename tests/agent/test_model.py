"""Language models through the real clients, against local servers that speak their protocols."""

import asyncio
from collections.abc import Iterator

import pytest

from atlas.agent.errors import ModelFailed
from atlas.agent.messages import (
    ModelSaid,
    Prompt,
    RecordsSaid,
    TextDelta,
    ToolCall,
    ToolSaid,
    ToolSpec,
    Usage,
    UserSaid,
)
from atlas.agent.model import language_model
from tests.fakes.provider import Fault, Provider, serving
from tests.fakes.said import Call, Heard, Reply

TOOL = ToolSpec(
    "execute_sql",
    "Run SQL",
    {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]},
)
QUESTION = Prompt("Be exact.", (UserSaid("How many?"),), (TOOL,))
LOOKING = Reply("Looking it up.", (Call("t1", "execute_sql", {"sql": "SELECT 1"}),))
RETRIES = 2


@pytest.fixture(params=["openai", "anthropic"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    with serving(request.param, lambda _heard: LOOKING) as server:
        yield server


def ask(provider: Provider, prompt: Prompt = QUESTION) -> list[object]:
    events: list[object] = []

    async def run() -> None:
        model = language_model(
            provider.kind, "m", base_url=provider.base_url, api_key="sk-secret-value"
        )
        # Closes its connections, which a server keeps for all runs.
        async with model._model.client:  # type: ignore[attr-defined]  # of these two clients
            async for event in model.stream(prompt):
                events.append(event)

    asyncio.run(run())
    return events


def test_text_and_tool_calls_stream(provider: Provider) -> None:
    events = ask(provider)

    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == "Looking it up."
    call = ToolCall("t1", "execute_sql", {"sql": "SELECT 1"})
    assert [e for e in events if isinstance(e, ToolCall)] == [call]
    assert isinstance(events[-1], Usage)


def test_history_and_what_was_shown_are_sent(provider: Provider) -> None:
    call = ToolCall("t1", "execute_sql", {"sql": "SELECT 1"})
    messages = (UserSaid("q"), ModelSaid("", (call,)), ToolSaid("t1", "execute_sql", "[1]"))

    ask(provider, Prompt("Be exact.", messages, (TOOL,), resumed="The first"))

    system, question, called, told, shown, go_on = provider.heard()
    assert (system, question) == (Heard("system", "Be exact."), Heard("user", "q"))
    assert called == Heard("assistant", "", (Call("t1", "execute_sql", {"sql": "SELECT 1"}),))
    assert told == Heard("tool", "[1]", call_id="t1")
    assert shown == Heard("assistant", "The first")
    assert (go_on.role, "Go on exactly where it stopped" in go_on.text) == ("user", True)


def test_records_are_marked_as_such(provider: Provider) -> None:
    ask(provider, Prompt("Be exact.", (RecordsSaid("Done: a ticket."),), (TOOL,)))

    assert provider.heard()[1] == Heard("user", "[records] Done: a ticket.")


@pytest.mark.parametrize(
    ("status", "tries", "code"),
    [
        (401, 1, "model_auth"),
        (429, RETRIES + 1, "model_rate_limit"),
        (500, RETRIES + 1, "model_failed"),
    ],
)
def test_a_refusing_provider_gives_a_sentence_without_its_words(
    provider: Provider, status: int, tries: int, code: str
) -> None:
    provider.faults.extend([Fault(status, retry_after_s=0.01)] * tries)

    with pytest.raises(ModelFailed) as failure:
        ask(provider)

    assert failure.value.code == code
    assert "secret" not in failure.value.user_message
    assert not provider.faults


def test_a_provider_that_was_busy_is_asked_again(provider: Provider) -> None:
    provider.faults.extend([Fault(429, retry_after_s=0.01)] * RETRIES)

    assert [e for e in ask(provider) if isinstance(e, ToolCall)]


@pytest.mark.parametrize("quietly", [False, True], ids=["torn", "ended quietly"])
@pytest.mark.parametrize("missing", range(2, 9))
def test_a_cut_stream_is_no_answer_wherever_it_was_cut(
    provider: Provider, missing: int, quietly: bool
) -> None:
    pieces = len(list(provider.protocol.lines(LOOKING))) - missing
    provider.faults.append(Fault(pieces=pieces, quietly=quietly))

    with pytest.raises(ModelFailed) as failure:
        ask(provider)

    assert failure.value.code == "model_unreachable"
    assert failure.value.retryable


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [
        ("openai", None, "model_no_key"),
        ("nobody", None, "model_no_key"),
        ("nobody", "k", "model_unknown"),
    ],
)
def test_a_model_without_key_or_of_nobody_is_refused(kind: str, key: str | None, code: str) -> None:
    with pytest.raises(ModelFailed) as failure:
        language_model(kind, "m", base_url=None, api_key=key)

    assert (failure.value.code, failure.value.retryable) == (code, False)

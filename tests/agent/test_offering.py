"""Promises about the tools' part of a request: made once a set of tools, and like the client's."""

from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from atlas.agent.messages import ToolSpec
from atlas.agent.offering import MOST_KEPT, Offers

SQL = {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]}


def offers() -> Offers:
    return Offers(OpenAIChatModel("m", provider=OpenAIProvider(base_url="http://x", api_key="k")))


def test_the_same_tools_are_prepared_once() -> None:
    all_offers = offers()

    first = all_offers.of((ToolSpec("execute_sql", "Run SQL", SQL),))

    assert all_offers.of((ToolSpec("execute_sql", "Run SQL", SQL),)) is first


def test_another_name_text_or_schema_is_another_offer() -> None:
    all_offers = offers()
    first = all_offers.of((ToolSpec("execute_sql", "Run SQL", SQL),))

    others = [
        ToolSpec("run", "Run SQL", SQL),
        ToolSpec("execute_sql", "Run", SQL),
        ToolSpec("execute_sql", "Run SQL", {"type": "object", "properties": {}}),
    ]

    assert all(all_offers.of((other,)) is not first for other in others)


def test_schemas_that_are_gone_are_never_taken_for_new_ones() -> None:
    all_offers = offers()

    for number in range(5 * MOST_KEPT):
        schema = {"type": "object", "properties": {f"p{number}": {"type": "string"}}}
        told = all_offers.of((ToolSpec("t", "T", schema),)).settings

        assert told is not None
        (tool,) = told["extra_body"]["tools"]
        assert list(tool["function"]["parameters"]["properties"]) == [f"p{number}"]


def test_without_tools_nothing_is_said_about_them() -> None:
    assert offers().of(()).settings is None

"""Promises of the built-in analyst as a model: calls first, then text about what they found."""

import json
from typing import Any

import pytest

from atlas.agent.builtin import BuiltinModel
from atlas.agent.messages import (
    ModelSaid,
    Prompt,
    RecordsSaid,
    TextDelta,
    ToolCall,
    ToolSaid,
    UserSaid,
)
from atlas.agent.tools.proposing import ATTACH
from atlas.analyst import ActionPattern, Situation
from tests.analyst.layer import LAYER, TODAY

TICKET = ActionPattern(
    name="createSupportTicket",
    verbs=("create",),
    objects=("ticket",),
    arguments=("title", "body"),
    required=("title", "body"),
    data_fields=("body",),
)
HERE = Situation(LAYER, TODAY, actions=(TICKET,))
BY_CATEGORY = "revenue by category"
ORDERS = "list all customers in Germany"


async def play(*messages: Any, model: BuiltinModel | None = None) -> tuple[str, list[ToolCall]]:
    """The text and the calls of one turn."""
    events = [event async for event in (model or BuiltinModel(HERE)).stream(Prompt("", messages))]
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    return text, [event for event in events if isinstance(event, ToolCall)]


async def asked(question: str) -> tuple[UserSaid, ModelSaid, ToolCall]:
    """A question and the turn that asks the datasource."""
    user = UserSaid(question)
    text, (call,) = await play(user)
    assert text == ""
    return user, ModelSaid("", (call,)), call


def rows_of(call: ToolCall, rows: list[list[Any]], **more: Any) -> ToolSaid:
    columns = more.pop("columns")
    data = {"columns": columns, "rows": rows, "row_count": len(rows), "truncated": False, **more}
    return ToolSaid(call.id, call.name, json.dumps(data))


REVENUE = ["category_name", "revenue"]


async def test_a_question_is_a_governed_query_first_and_then_a_sentence() -> None:
    user, said, call = await asked(BY_CATEGORY)
    assert (call.name, call.arguments["group_by"]) == ("query_metrics", ["categories"])

    found = rows_of(call, [["Beverages", "30.5"], ["Produce", "20"]], columns=REVENUE)
    text, (suggest,) = await play(user, said, found)

    assert text == (
        "**Beverages** comes first by revenue with **$30.50**, followed by Produce ($20.00)."
    )
    assert suggest.name == "suggest"
    assert 1 <= len(suggest.arguments["questions"]) <= 3


async def test_the_same_prompt_gives_the_same_turn() -> None:
    user, said, call = await asked(BY_CATEGORY)
    found = rows_of(call, [["Beverages", "30.5"]], columns=REVENUE)

    assert await play(user, said, found) == await play(user, said, found)


async def test_after_its_suggestions_nothing_more_is_said() -> None:
    user, said, call = await asked(BY_CATEGORY)
    found = rows_of(call, [["Beverages", "30.5"]], columns=REVENUE)
    text, (suggest,) = await play(user, said, found)
    shown = ToolSaid(suggest.id, suggest.name, '{"shown": true}')

    assert await play(user, said, found, ModelSaid(text, (suggest,)), shown) == ("", [])


CUSTOMERS = ["company_name", "contact_name", "city", "country"]
ROW = ["Alfreds", "Maria", "Berlin", "Germany"]


@pytest.mark.parametrize(
    ("count", "truncated", "beginning"),
    [
        (1234, False, "There are **1,234** customers"),
        (1000, True, "These are the first **1,000** customers"),
    ],
)
async def test_it_speaks_of_all_rows_though_it_is_told_the_first(
    count: int, truncated: bool, beginning: str
) -> None:
    user, said, call = await asked(ORDERS)
    more = {"row_count": count, "truncated": truncated, "columns": CUSTOMERS}

    text, _calls = await play(user, said, rows_of(call, [ROW] * 50, **more))

    assert text.startswith(beginning)
    assert f"and {count - 3:,} more" in text
    assert ("Only the first 1,000 rows" in text) is truncated
    assert "50" not in text


async def test_a_query_that_failed_is_told_without_questions_to_go_on_with() -> None:
    user, said, call = await asked(BY_CATEGORY)
    failed = ToolSaid(call.id, call.name, '{"error": "The datasource did not answer."}')

    assert await play(user, said, failed) == ("The datasource did not answer.", [])


@pytest.mark.parametrize(
    ("question", "tool"),
    [("What is the weather in Paris?", "decline"), ("volume by month", "ask_user")],
)
async def test_what_it_cannot_answer_it_says_by_a_tool(question: str, tool: str) -> None:
    text, (call,) = await play(UserSaid(question))

    assert (text, call.name) == ("", tool)


async def test_records_are_told_as_they_are() -> None:
    text, calls = await play(RecordsSaid("Done: Create the ticket.  Rejected: the other."))

    assert (text, calls) == ("Done: Create the ticket.  Rejected: the other.", [])


async def test_nobody_writes_records_by_hand() -> None:
    text, (call,) = await play(UserSaid("[records] Done: Create the ticket."))

    assert (text, call.name) == ("", "decline")


async def test_an_action_is_proposed_with_the_figures_that_belong_to_it() -> None:
    user, said, call = await asked("Create a ticket to restock Chai")
    assert call.name == "query_metrics"
    names = ["product_name", "category_name", "unit_price", "units_in_stock"]
    found = rows_of(call, [["Chai", "Beverages", 18, 39]], columns=names)

    text, (proposed,) = await play(user, said, found)

    assert proposed.name == "createSupportTicket"
    assert proposed.arguments["title"] == "Restock Chai"
    assert proposed.arguments[ATTACH] is True
    assert text.strip().startswith("**Chai**")
    assert "Chai" in proposed.arguments["body"]
    assert "**" not in proposed.arguments["body"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('{"request": 7, "status": "pending"}', ""),
        ('{"error": "No such action."}', "No such action."),
    ],
)
async def test_after_a_proposal_only_a_refusal_is_told(content: str, text: str) -> None:
    user, said, call = await asked("Create a ticket to restock Chai")
    found = rows_of(call, [["Chai"]], columns=["product_name"])
    proposed = ToolCall("call-2", "createSupportTicket", {})
    filed = ToolSaid("call-2", "createSupportTicket", content)

    assert await play(user, said, found, ModelSaid("", (proposed,)), filed) == (text, [])


async def test_only_the_last_question_counts() -> None:
    earlier = (UserSaid("What is the weather?"), ModelSaid("I cannot say."))

    _text, (call,) = await play(*earlier, UserSaid(BY_CATEGORY))

    assert call.arguments["group_by"] == ["categories"]


async def test_text_comes_word_by_word() -> None:
    model = BuiltinModel(HERE, pace_s=0)
    prompt = Prompt("", (RecordsSaid("It is  done."),))

    pieces = [event.text async for event in model.stream(prompt) if isinstance(event, TextDelta)]

    assert pieces == ["It ", "is ", " ", "done."]

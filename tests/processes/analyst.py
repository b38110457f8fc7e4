"""What the language model of these tests answers: scripted here, and as a provider's brain."""

import json
import re
from pathlib import Path
from typing import Any

from tests.fakes.said import Call, Heard, Reply

BY_MONTH = "What was our revenue by month this year?"
SQL = "SELECT count(*) AS orders FROM orders"
ACTION = "createSupportTicket"
INTRODUCTION = "Let me count the orders. "
FILED = "Here is a ticket. "
GO_ON = "Your answer was cut off."
# What the records say of a ticket, by how it ended.
DONE = "Done: Create the ticket “Restock Chai”"
REJECTED = "“The shelf is full”"
CHANGED = "ann changed it first: Title from “Restock Ikura” to “Restock Ikura today”"
FAILED = "Failed, and nothing was done: Create the ticket “Restock Konbu”"
UNKNOWN = "It is not known whether this happened: Create the ticket “Restock Tofu”"
PRODUCTS = ("Chai", "Chang", "Ikura", "Konbu", "Tofu")


def answer(heard: list[Heard]) -> Reply:
    """Say what follows from the messages; the figures and records come from them alone."""
    asked = max(i for i, m in enumerate(heard) if m.role == "user" and GO_ON not in m.text)
    since = heard[asked + 1 :]
    resumed = "".join(m.text for m in since if m.role == "assistant" and not m.calls)
    results = [json.loads(m.text) for m in since if m.role == "tool"]
    whole = _whole(heard[asked].text, results)
    return Reply(whole.text.removeprefix(resumed), whole.calls)


def _whole(question: str, results: list[dict[str, Any]]) -> Reply:
    if question.startswith("[records] "):
        return Reply("The records say: " + question.removeprefix("[records] "))
    if wanted := re.search(r"restock (\w+)", question):
        return _filed(wanted[1], results)
    if not results:
        return Reply(INTRODUCTION, (Call("q1", "execute_sql", {"sql": SQL, "title": "Orders"}),))
    return Reply(f"There are {results[-1]['rows'][0][0]} orders in the shop.")


def _filed(product: str, results: list[dict[str, Any]]) -> Reply:
    if results:
        return Reply("It waits for approval.")
    return Reply(FILED, (Call("a1", ACTION, {"title": f"Restock {product}"}),))


def write_script(folder: Path) -> str:
    """The same as a script, as far as a script can; returns the value for ATLAS_MODEL."""
    query = {"name": "execute_sql", "arguments": {"sql": SQL, "title": "Orders"}}
    scenes: list[dict[str, Any]] = [
        {"match": rf"^\[records\] .*{word}", "turns": [{"text": f"The records say: {word}"}]}
        for word in (DONE, REJECTED, CHANGED, FAILED, UNKNOWN)
    ]
    for product in PRODUCTS:
        call = {"name": ACTION, "arguments": {"title": f"Restock {product}"}}
        turns = [{"text": FILED, "calls": [call]}]
        scenes.append({"match": f"restock {product}", "turns": turns})
    counted = {"text": "They are in the table."}
    scenes.append(
        {"match": "revenue", "turns": [{"text": INTRODUCTION, "calls": [query]}, counted]}
    )
    path = folder / "script.json"
    path.write_text(json.dumps(scenes))
    return f"scripted:{path}"

"""Actions asked for in words, and what is proposed."""

from typing import Any

import pytest

from atlas.analyst import ActionPattern, Answer, Propose, Refuse, Situation, analyse
from tests.analyst.layer import LAYER, TODAY

TICKET = ActionPattern(
    name="createSupportTicket",
    verbs=("create", "open", "file", "raise"),
    objects=("ticket", "issue"),
    arguments=("title", "body", "priority"),
    required=("title", "body"),
    data_fields=("body",),
)
EMAIL = ActionPattern(
    name="sendEmail",
    verbs=("send", "write", "email"),
    objects=("email", "mail", "message"),
    arguments=("to", "subject", "body"),
    required=("to", "subject", "body"),
    data_fields=("body",),
)
HERE = Situation(LAYER, TODAY, actions=(TICKET, EMAIL))

PROPOSED: list[tuple[str, str, dict[str, Any]]] = [
    ("Create a ticket to restock Chai", "createSupportTicket",
     {"title": "Restock Chai", "body": "Restock Chai."}),
    ("please open a ticket for Chang", "createSupportTicket", {"title": "Chang", "body": "Chang."}),
    ("Could you file an issue: Tofu is low on stock", "createSupportTicket",
     {"title": "Tofu is low on stock", "body": "Tofu is low on stock."}),
    ("open a high priority ticket about late orders", "createSupportTicket",
     {"title": "Late orders", "body": "Late orders.", "priority": "high"}),
    ("Create an urgent ticket to call Ernst Handel", "createSupportTicket",
     {"title": "Call Ernst Handel", "body": "Call Ernst Handel.", "priority": "high"}),
    ("Send an email to sales@example.com with the top 5 products by revenue", "sendEmail",
     {"to": "sales@example.com", "subject": "Top 5 products by revenue",
      "body": "Top 5 products by revenue."}),
    ("Email top 3 customers by revenue to boss@example.com", "sendEmail",
     {"to": "boss@example.com", "subject": "Top 3 customers by revenue",
      "body": "Top 3 customers by revenue."}),
    ("Send an email to a@example.com with revenue by category last quarter", "sendEmail",
     {"to": "a@example.com", "subject": "Revenue by category last quarter (Q3 2026)",
      "body": "Revenue by category last quarter."}),
    ("Send an email to a@example.com with revenue in March", "sendEmail",
     {"to": "a@example.com", "subject": "Revenue in March (Mar 2026)",
      "body": "Revenue in March."}),
    ("Send an email to a@example.com with revenue in March 2025", "sendEmail",
     {"to": "a@example.com", "subject": "Revenue in March 2025",
      "body": "Revenue in March 2025."}),
    ("send an email to bob@example.com saying hello from Atlas", "sendEmail",
     {"to": "bob@example.com", "subject": "Hello from Atlas", "body": "Hello from Atlas."}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "action", "arguments"), PROPOSED,
                         ids=[question for question, _, _ in PROPOSED])  # fmt: skip
def test_an_action_is_proposed(question: str, action: str, arguments: dict[str, Any]) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Propose), found
    assert (found.action, found.arguments) == (action, arguments)


def test_the_product_of_a_ticket_comes_with_its_figures() -> None:
    found = analyse("Create a ticket to restock Chai", HERE)

    assert isinstance(found, Propose)
    assert found.attach is not None
    assert (found.attach.kind, found.attach.entity) == ("list", "products")
    assert found.attach.filters[0].values == ("Chai",)
    assert found.attach_as == "body"


def test_the_figures_of_an_email_are_planned_as_a_question() -> None:
    found = analyse("Send an email to sales@example.com with the top 5 products by revenue", HERE)
    alone = analyse("top 5 products by revenue", HERE)

    assert isinstance(found, Propose)
    assert isinstance(alone, Answer)
    assert found.attach is not None
    assert found.attach.core() == alone.query.core()


NOT_PROPOSED = [
    ("Send an email with the top 5 products",
     "Please name the e-mail address it should go to."),
    ("Send an email to a@example.com", "Please say what the message should contain."),
    ("Send an email to a@example.com with the profit by month",
     "I could not work out the figures for “Profit by month”, so I propose nothing."),
    ("Create a ticket", "Please say what it is about, for example “to restock Chai”."),
    ("Delete the ticket", "I can only read data; I cannot delete anything."),
    ("Create a chart of revenue", "I do not know what “Create” means here."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "message"), NOT_PROPOSED, ids=[q for q, _ in NOT_PROPOSED])
def test_what_is_missing_is_said_and_nothing_is_proposed(question: str, message: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Refuse), found
    assert found.message == message


def test_questions_propose_nothing() -> None:
    assert isinstance(analyse("revenue by month", HERE), Answer)
    assert isinstance(analyse("which orders are late", HERE), Answer)


def test_without_the_action_nothing_is_proposed() -> None:
    assert isinstance(analyse("Create a ticket to restock Chai", Situation(LAYER, TODAY)), Refuse)

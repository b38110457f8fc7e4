"""Promises about what makes a conversation untrusted, and what does not."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role
from atlas.agent.assigning import Brief, Said, given_at_start
from atlas.agent.trust import Given, is_untrusted
from atlas.semantic.layer import SemanticLayer
from plugins_app.host.contexts.fragments import Fragment

TABLE = {
    Given.WORDS: False,
    Given.LAYER: False,
    Given.NOTICE: False,
    Given.ANSWER: False,
    Given.OTHERS: True,
    Given.FRAGMENT: True,
    Given.RECORDS: True,
    Given.ROWS: True,
    Given.EXPLORED: True,
    Given.TOOL_RESULT: True,
    Given.EARLIER: True,
}


def test_the_table_names_everything() -> None:
    assert set(TABLE) == set(Given)


@pytest.mark.parametrize(("given", "untrusted"), TABLE.items())
def test_one_untrusted_thing_is_enough(given: Given, untrusted: bool) -> None:
    assert is_untrusted({given}) is untrusted
    assert is_untrusted({Given.WORDS, Given.LAYER, given}) is untrusted


def test_nothing_given_is_trusted() -> None:
    assert not is_untrusted(())


PLAIN = {Given.WORDS, Given.LAYER}
FAILED = Fragment("news", error="It did not answer")


@pytest.mark.parametrize(
    ("changes", "context", "more"),
    [
        ({}, [], set()),
        ({"history": (Said("How much?", "42."),)}, [], {Given.ANSWER}),
        ({"was_untrusted": True}, [], {Given.EARLIER}),
        ({"has_others_words": True}, [], {Given.OTHERS}),
        ({"records": "Done: a ticket."}, [], {Given.RECORDS}),
        ({}, [Fragment("news", text="Buy now")], {Given.FRAGMENT}),
        ({}, [Fragment("news", terms={"churn": "who left"})], {Given.FRAGMENT}),
        ({}, [FAILED], set()),
    ],
)
def test_what_a_run_begins_with(
    changes: dict[str, Any], context: list[Fragment], more: set[Given]
) -> None:
    principal = Principal(1, "ann", Role.ANALYST, uuid.uuid4())
    brief = Brief(principal, uuid.uuid4(), "How much?", SemanticLayer(), "none", Path(), **changes)

    assert given_at_start(brief, context) == PLAIN | more

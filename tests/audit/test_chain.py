"""The chain itself, without a database."""

import pytest

from atlas.audit.chain import START, Content, link_after

CONTENT = Content(7, 1_700_000_000_000_000, 900, "query.started", 1, "ann", None, "demo", "{}")
DIGEST = "34cbf786149d9c579bb747be0d8c6d4e43f3dc0a7ab3b700faa6a2218b59d50c"


def test_chain_numbers_from_one_and_is_the_same_every_time():
    first = link_after(START, CONTENT)
    assert first.number == 1
    assert first.digest.hex() == DIGEST


@pytest.mark.parametrize("field", Content._fields)
def test_chain_differs_when_any_field_of_an_entry_does(field):
    value = getattr(CONTENT, field)
    other = value + 1 if isinstance(value, int) else f"{value} "
    changed = CONTENT._replace(**{field: other})
    assert link_after(START, changed).digest != link_after(START, CONTENT).digest


def test_chain_differs_when_the_link_before_does():
    first = link_after(START, CONTENT)
    assert link_after(first, CONTENT).number == 2
    assert link_after(first, CONTENT).digest != first.digest
    assert link_after(first._replace(number=0), CONTENT).digest != first.digest


def test_chain_cannot_be_fooled_by_moving_text_between_fields():
    left = CONTENT._replace(actor_name="ann", subject="demo")
    right = CONTENT._replace(actor_name="ann,demo", subject="")
    assert link_after(START, left).digest != link_after(START, right).digest

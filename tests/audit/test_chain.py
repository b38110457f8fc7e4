"""The chain itself, without a database."""

import pytest

from atlas.audit.chain import START, Content, link_after

CONTENT = Content(
    id=7,
    at_us=1_700_000_000_000_000,
    txid=900,
    event="query.started",
    actor_id=1,
    actor_name="ann",
    actor_key="",
    conversation_id=None,
    subject="demo",
    subject_key="",
    body="{}",
)
SEALED_AT = 1_700_000_001_000_000
# What an installation has written cannot be written anew: these never change.
DIGESTS = {
    1: "34cbf786149d9c579bb747be0d8c6d4e43f3dc0a7ab3b700faa6a2218b59d50c",
    2: "0fbee660c34cb4d3ff633767a62fb8367fe056dbca1475303452b3dab6f2e49d",
}
OTHER = {"id": 8, "at_us": 0, "txid": 901, "actor_id": 2}


def link(content=CONTENT, after=START, sealed_at=SEALED_AT, form=2):
    return link_after(after, content, sealed_at, form)


@pytest.mark.parametrize("form", DIGESTS)
def test_chain_numbers_from_one_and_is_the_same_every_time(form):
    first = link(form=form)
    assert first.number == 1
    assert first.digest.hex() == DIGESTS[form]


@pytest.mark.parametrize("field", Content._fields)
def test_chain_differs_when_any_field_of_an_entry_does(field):
    changed = CONTENT._replace(**{field: OTHER.get(field, f"{getattr(CONTENT, field)} ")})
    assert link(changed).digest != link().digest


def test_chain_differs_when_it_was_sealed_at_another_time_or_in_another_form():
    digests = {link().digest, link(sealed_at=SEALED_AT + 1).digest, link(form=1).digest}
    assert len(digests) == 3


def test_chain_differs_when_the_link_before_does():
    first = link()
    assert link(after=first).number == 2
    assert link(after=first).digest != first.digest
    assert link(after=first._replace(number=0)).digest != first.digest


@pytest.mark.parametrize("form", DIGESTS)
def test_chain_cannot_be_fooled_by_moving_text_between_fields(form):
    left = CONTENT._replace(actor_name="ann", subject="demo")
    right = CONTENT._replace(actor_name="ann,demo", subject="")
    assert link(left, form=form).digest != link(right, form=form).digest

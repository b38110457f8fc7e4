"""The hash chain over audit entries: each link covers an entry and the link before it.

Form 1 covers an entry with the name of its actor in plain text, and not when it was sealed. Form
2 covers all columns of entry and seal; names are in it as keys (see `atlas.audit.personal`).
"""

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

GENESIS = bytes(32)
FORM = 2


def _microseconds(moment: str) -> str:
    """A moment that is none, such as infinity, counts as one that is far away."""
    return (
        f"CASE WHEN isfinite({moment}) THEN (extract(epoch FROM {moment}) * 1000000)::bigint"
        f" WHEN {moment} > now() THEN 9223372036854775807 ELSE -9223372036854775807 END"
    )


# The columns of an entry as exact texts and integers; `body` as PostgreSQL writes its jsonb.
COLUMNS = f"""
    e.id, {_microseconds("e.at")}, e.txid, e.event, e.actor_id, e.actor_name, e.actor_key,
    e.conversation_id::text, e.subject, e.subject_key, e.body::text
"""
SEALED_AT = _microseconds("s.sealed_at")


class Content(NamedTuple):
    """What the chain covers of one entry; `at_us` is its time in microseconds since 1970."""

    id: int
    at_us: int
    txid: int
    event: str
    actor_id: int | None
    actor_name: str
    actor_key: str
    conversation_id: str | None
    subject: str
    subject_key: str
    body: str


NOT_IN_FORM_1 = ("actor_key", "subject_key")


class Link(NamedTuple):
    """The place of one entry in the chain."""

    number: int
    digest: bytes


START = Link(0, GENESIS)

# Made once: `json.dumps` would make an encoder for each entry.
canonical = json.JSONEncoder(separators=(",", ":")).encode


def link_after(
    previous: Link, content: Sequence[object], sealed_at_us: int, form: int = FORM
) -> Link:
    """The link of `content` behind `previous`: SHA-256 over the digest and canonical JSON.

    `content` has the fields of `Content`, which one that is read by the million need not be.
    """
    number = previous.number + 1
    text = canonical(covered(number, content, sealed_at_us, form))
    return Link(number, hashlib.sha256(previous.digest + text.encode()).digest())


def covered(number: int, content: Sequence[object], sealed_at_us: int, form: int) -> list[object]:
    """What the digest of a link is made of, behind the digest before it."""
    if form == 1:
        fields = zip(Content._fields, content, strict=True)
        return [number, *(value for name, value in fields if name not in NOT_IN_FORM_1)]
    return [number, form, sealed_at_us, *content]

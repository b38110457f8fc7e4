"""The hash chain over audit entries: each link covers an entry and the link before it."""

import hashlib
import json
from typing import NamedTuple

GENESIS = bytes(32)

# The columns of an entry as exact texts and integers; `body` as PostgreSQL writes its jsonb.
COLUMNS = """
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.txid, e.event, e.actor_id,
    e.actor_name, e.conversation_id::text, e.subject, e.body::text
"""


class Content(NamedTuple):
    """What the chain covers of one entry; `at_us` is its time in microseconds since 1970."""

    id: int
    at_us: int
    txid: int
    event: str
    actor_id: int | None
    actor_name: str
    conversation_id: str | None
    subject: str
    body: str


class Link(NamedTuple):
    """The place of one entry in the chain."""

    number: int
    digest: bytes


START = Link(0, GENESIS)


def link_after(previous: Link, content: Content) -> Link:
    """The link of `content` behind `previous`: SHA-256 over the digest and canonical JSON."""
    number = previous.number + 1
    text = json.dumps([number, *content], separators=(",", ":"))
    return Link(number, hashlib.sha256(previous.digest + text.encode()).digest())

"""The only writer of the audit log."""

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.jsonable import JSON, clean_text, jsonable
from atlas.common.redaction import redact

MAX_TEXT = 64_000

# Texts that must be kept as they were: masking would change what was run or approved.
EXACT = frozenset({"sql", "sql_sent", "command", "command_sent", "arguments"})


class Actor(Protocol):
    """Whoever did it: any user of Django."""

    @property
    def pk(self) -> Any:
        """The number kept with the entry."""

    def get_username(self) -> str:
        """The name kept with the entry, also after the user is gone."""
        ...


def record(
    event: AuditEvent,
    *,
    actor: Actor | None,
    actor_name: str = "",
    conversation_id: UUID | None = None,
    subject: str = "",
    body: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Insert an entry in the caller's transaction: it commits with the thing it records.

    `actor` None with an `actor_name` is a system part, or somebody who is not signed in. `body`
    must hold neither result rows nor secrets; secrets in free text are masked all the same, and
    a text above 64,000 characters is kept as its head and the SHA-256 of the whole.
    """
    kept = {key: _kept(value, key in EXACT) for key, value in (body or {}).items()}
    return AuditEntry.objects.create(
        event=AuditEvent(event).value,
        actor_id=None if actor is None else actor.pk,
        actor_name=clean_text(actor_name or ("" if actor is None else actor.get_username()))[:200],
        conversation_id=conversation_id,
        subject=clean_text(subject)[:200],
        body=kept,
    )


def _kept(value: object, exact: bool) -> JSON:
    return _bounded(jsonable(value), exact)


def _bounded(value: JSON, exact: bool) -> JSON:
    if isinstance(value, str):
        text = value if exact else redact(value)
        return text if len(text) <= MAX_TEXT else _head(text)
    if isinstance(value, list):
        return [_bounded(item, exact) for item in value]
    if isinstance(value, dict):
        return {key: _bounded(item, exact or key in EXACT) for key, item in value.items()}
    return value


def _head(text: str) -> JSON:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"head": text[:MAX_TEXT], "sha256": digest, "length": len(text)}

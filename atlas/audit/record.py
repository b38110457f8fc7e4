"""The only writer of the audit log."""

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.personal import ADDRESS, ERASABLE, Personal, names_person, personal
from atlas.audit.through import means_of_now
from atlas.common.jsonable import JSON, clean_text, jsonable
from atlas.common.redaction import redact

MAX_TEXT = 64_000
MAX_NAME = 200

# Texts that must be kept as they were: masking would change what was run or approved.
EXACT = frozenset({"sql", "sql_sent", "command", "command_sent", "arguments"})

# Names are kept once for a person; whoever comes second at the same moment keeps one more. An
# address belongs to its entry alone, so that it can be erased without those of others.
INSERT = """
WITH name AS (
    SELECT key FROM audit_auditpersonal
    WHERE kind = 'name' AND text = %(name)s AND actor_id IS NOT DISTINCT FROM %(actor_id)s::bigint
    LIMIT 1
), person AS (
    SELECT key FROM audit_auditpersonal WHERE kind = 'subject' AND text = %(person)s LIMIT 1
), made AS (
    INSERT INTO audit_auditpersonal (key, kind, actor_id, text, salt)
    SELECT * FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(ids)s::bigint[],
        %(texts)s::text[], %(salts)s::bytea[]) AS new (key, kind, actor_id, text, salt)
    WHERE NOT (kind = 'name' AND EXISTS (SELECT FROM name))
        AND NOT (kind = 'subject' AND EXISTS (SELECT FROM person))
    RETURNING key, kind
)
INSERT INTO audit_auditentry (event, actor_id, actor_name, actor_key, conversation_id, subject,
    subject_key, body)
SELECT %(event)s, %(actor_id)s, '',
    COALESCE((SELECT key FROM name), (SELECT key FROM made WHERE kind = 'name'), ''),
    %(conversation_id)s::uuid, %(subject)s,
    COALESCE((SELECT key FROM person), (SELECT key FROM made WHERE kind = 'subject'), ''),
    %(body)s
RETURNING id, at, txid, actor_key, subject_key
"""

# The usual entry, by somebody whose name is kept already: a third of the work of the above. It
# inserts nothing when the name is not kept, or was erased meanwhile.
INSERT_KNOWN = """
INSERT INTO audit_auditentry (event, actor_id, actor_name, actor_key, conversation_id, subject,
    body)
SELECT %(event)s, %(actor_id)s, '', key, %(conversation_id)s::uuid, %(subject)s, %(body)s
FROM audit_auditpersonal
WHERE kind = 'name' AND text = %(name)s AND actor_id IS NOT DISTINCT FROM %(actor_id)s::bigint
LIMIT 1
RETURNING id, at, txid, actor_key, subject_key
"""


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
    a text above 64,000 characters is kept as its head and the SHA-256 of the whole. The name, a
    subject "user NAME" and an `address` of the body can be erased later. What was done through an
    API key or a plugin says so as `through`.
    """
    name = clean_text(actor_name or ("" if actor is None else actor.get_username()))[:MAX_NAME]
    values: dict[str, Any] = {
        "event": AuditEvent(event).value,
        "actor_id": None if actor is None else actor.pk,
        "name": name,
        "conversation_id": conversation_id,
        "subject": clean_text(subject)[:MAX_NAME],
        "body": {key: _bounded(jsonable(item), key in EXACT) for key, item in (body or {}).items()},
    }
    if means := means_of_now():
        values["body"]["through"] = means
    values["person"] = values["subject"] if names_person(values["subject"]) else ""
    is_usual = name and not values["person"] and ADDRESS not in values["body"]
    row = (_known(values) if is_usual else None) or _inserted(values, _taken_out(values))
    return _entry(values, row)


def _taken_out(values: dict[str, Any]) -> list[Personal]:
    """Move what is personal out of an entry; what is left refers to it."""
    actor_id, name, subject = values["actor_id"], values["name"], values["subject"]
    kept = [personal("name", actor_id, name)] if name else []
    if values["person"]:
        kept.append(personal("subject", None, subject))
        values["subject"] = ""
    address = values["body"].get(ADDRESS)
    if address is not None:
        kept.append(personal("address", actor_id, str(address)[:MAX_NAME]))
        values["body"][ADDRESS] = {ERASABLE: kept[-1].key}
    return kept


def _known(values: dict[str, Any]) -> tuple[Any, ...] | None:
    given: dict[str, Any] = {**values, "body": Jsonb(values["body"])}
    with connection.cursor() as cursor:
        cursor.execute(INSERT_KNOWN, given)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _inserted(values: dict[str, Any], kept: list[Personal]) -> tuple[Any, ...]:
    columns = [list(column) for column in zip(*kept, strict=True)] or [[], [], [], [], []]
    given: dict[str, Any] = {**values, "body": Jsonb(values["body"])}
    given |= zip(("keys", "kinds", "ids", "texts", "salts"), columns, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, given)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _entry(values: dict[str, Any], row: tuple[Any, ...]) -> AuditEntry:
    number, at, txid, actor_key, subject_key = row
    entry = AuditEntry(
        id=number,
        at=at,
        txid=txid,
        actor_key=actor_key,
        plain_subject=values["subject"],
        subject_key=subject_key,
        **{key: values[key] for key in ("event", "actor_id", "conversation_id", "body")},
    )
    entry._state.adding, entry._state.db = False, connection.alias
    # As entries that are read have them.
    entry.actor_name = values["name"]
    entry.subject = values["subject"] or values["person"]
    return entry


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

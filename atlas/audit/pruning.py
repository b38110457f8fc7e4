"""Removes the oldest entries of the audit log; what is left still proves itself."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import OperationalError, connection

from atlas.audit.checkpoints import own_checkpoints, write_checkpoint, write_pruned
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.audit.releasing import releasing
from atlas.audit.verifying import verify
from atlas.common.clock import database_now
from atlas.common.errors import AtlasError, BadInput

# The chain goes on from its last link, which therefore stays.
PREFIX = """
SELECT s.number, s.digest, s.number - edges.lowest + 1 FROM audit_auditseal AS s,
    (SELECT min(number) AS lowest, max(number) AS highest FROM audit_auditseal) AS edges
WHERE s.number = LEAST(edges.highest, (
    SELECT min(kept.number) FROM audit_auditseal AS kept
    JOIN audit_auditentry AS e ON e.id = kept.entry_id WHERE e.at >= %s
)) - 1
"""
ENTRIES = "id IN (SELECT entry_id FROM audit_auditseal WHERE number <= %s)"
USED = """key IN (SELECT actor_key FROM audit_auditentry AS e {0}
    UNION SELECT subject_key FROM audit_auditentry AS e {0}
    UNION SELECT body->'address'->>'erasable' FROM audit_auditentry AS e {0}
        {1} body->'address'->>'erasable' IS NOT NULL)"""
UNUSED = f"SELECT key FROM audit_auditpersonal WHERE NOT {USED.format('', 'WHERE')}"  # noqa: S608 - constants only
# With the lock, everything that was on its way is committed; it began within the hour.
STILL_UNUSED = "key = ANY(%s) AND NOT " + USED.format(
    "WHERE e.at > now() - interval '1 hour'", "AND"
)

LOCK_TRIES = 5


class NotWhole(AtlasError):
    """The log is not whole, so nothing may hide by removing a part of it."""

    code = "audit_not_whole"


@dataclass(frozen=True, slots=True)
class Pruned:
    """So many entries were removed, or would be, the last with this number."""

    count: int
    number: int


def prune(before: datetime, data_dir: Path, *, only_look: bool = False) -> Pruned:
    """Remove the sealed entries before a moment, up to the first that is younger.

    The place where the chain then begins is signed first, so that a broken-off run removes
    nothing or is repeated. Texts about people go with the last entry that refers to them. Raises
    `NotWhole` when the log does not verify, `NotOwner` where the login may not delete.
    """
    verdict = verify(own_checkpoints(data_dir))
    if not verdict.is_good:
        raise NotWhole(f"Nothing was removed. {verdict.problem} Run audit_verify.")
    if before > database_now():
        raise BadInput("The day is in the future. Name one that has passed.")
    with connection.cursor() as cursor:
        cursor.execute(PREFIX, [before])
        number, digest, count = cursor.fetchone() or (0, b"", 0)
    if not count or only_look:
        return Pruned(count, number)
    with releasing() as release:
        # Asked first, so that a login without the right leaves no trace of a removal.
        release.delete("audit_auditentry", "false", [])
    write_checkpoint(data_dir)
    write_pruned(data_dir, number, bytes(digest))
    _record(before, number, bytes(digest), count)
    with releasing() as release:
        release.delete("audit_auditentry", ENTRIES, [number])
        release.delete("audit_auditseal", "number <= %s", [number])
    _forget_unused()
    return Pruned(count, number)


def _record(before: datetime, number: int, digest: bytes, count: int) -> None:
    body = {"before": before, "number": number, "digest": digest.hex(), "count": count}
    record(AuditEvent.AUDIT_PRUNED, actor=None, actor_name="audit_prune", body=body)


def _forget_unused() -> None:
    """Delete texts that no entry refers to; where the log is busy, at the next pruning."""
    for _ in range(LOCK_TRIES):
        try:
            _forget_unused_once()
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
        else:
            return


def _forget_unused_once() -> None:
    with releasing() as release:
        release.cursor.execute(UNUSED)
        unused = [key for (key,) in release.cursor.fetchall()]
        # Whoever records waits for it a moment, and then sees what is gone. It gives up before they
        # do, so that a long transaction of somebody else keeps nobody from recording.
        release.cursor.execute("SET LOCAL lock_timeout = '500ms'")
        release.cursor.execute("LOCK TABLE audit_auditentry IN SHARE ROW EXCLUSIVE MODE")
        release.delete("audit_auditpersonal", STILL_UNUSED, [unused])

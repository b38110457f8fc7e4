"""Seals committed audit entries into the hash chain, in batches."""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from atlas.audit.chain import COLUMNS, FORM, START, Content, Link, link_after

BATCH = 5_000
LOCK = 0x0A7D17

NOW = "SELECT (extract(epoch FROM now()) * 1000000)::bigint"
LAST = "SELECT number, digest FROM audit_auditseal ORDER BY number DESC LIMIT 1"
# Entries of transactions below xmin can no longer be overtaken by a late commit. A transaction
# number beyond the snapshot comes from another server, before a restore: it is over as well.
READY = f"""
SELECT {COLUMNS} FROM audit_auditentry AS e,
    (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax OFFSET 0) AS snapshot
WHERE e.id > %(after)s AND (e.txid < snapshot.xmin OR e.txid >= snapshot.xmax)
    AND NOT EXISTS (
        SELECT 1 FROM audit_auditseal AS s WHERE s.entry_id = e.id AND s.entry_id > %(after)s)
ORDER BY e.id LIMIT %(batch)s
"""  # noqa: S608 - constants only
INSERT = """
INSERT INTO audit_auditseal (number, entry_id, digest, sealed_at, form)
SELECT number, entry_id, digest, now(), %s
FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS new (number, entry_id, digest)
"""


def seal_once(batch: int = BATCH, *, after: int = 0) -> list[int]:
    """Chain at most `batch` entries and return their ids; none when another process is at it.

    Entries up to the id `after` are taken for sealed; 0 looks at all of them.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return []
        last = _last(cursor)
        cursor.execute(NOW)
        (sealed_at_us,) = cursor.fetchone()
        cursor.execute(READY, {"after": after, "batch": batch})
        contents = [Content(*row) for row in cursor.fetchall()]
        links: list[Link] = []
        for content in contents:
            last = link_after(last, content, sealed_at_us)
            links.append(last)
        ids = [content.id for content in contents]
        if links:
            numbers, digests = zip(*links, strict=True)
            cursor.execute(INSERT, [FORM, list(numbers), ids, list(digests)])
    return ids


def _last(cursor: CursorWrapper) -> Link:
    """The end of the chain."""
    cursor.execute(LAST)
    row = cursor.fetchone()
    return START if row is None else Link(row[0], bytes(row[1]))

"""Seals committed audit entries into the hash chain, in batches."""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from atlas.audit.chain import COLUMNS, START, Content, Link, link_after

BATCH = 5_000
LOCK = 0x0A7D17

LAST = """
SELECT s.number, s.digest, e.txid, e.txid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM audit_auditseal AS s LEFT JOIN audit_auditentry AS e ON e.id = s.entry_id
ORDER BY s.number DESC LIMIT 1
"""
# Entries of transactions below xmin can no longer be overtaken by a late commit. A transaction
# number beyond the snapshot comes from another server, before a restore: it is over as well.
READY = f"""
SELECT {COLUMNS} FROM audit_auditentry AS e,
    (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax OFFSET 0) AS snapshot
WHERE e.txid >= %s AND (e.txid < snapshot.xmin OR e.txid >= snapshot.xmax)
    AND NOT EXISTS (SELECT 1 FROM audit_auditseal AS s WHERE s.entry_id = e.id)
ORDER BY e.txid < snapshot.xmin, e.txid, e.id LIMIT %s
"""  # noqa: S608 - constants only
INSERT = """
INSERT INTO audit_auditseal (number, entry_id, digest)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])
"""


def seal_once(batch: int = BATCH) -> int:
    """Chain at most `batch` entries and return how many; 0 when another process is at it.

    Entries are taken in the order of their transactions, so the last sealed one says where to
    look: every entry of an earlier transaction is sealed already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last, since = _last(cursor)
        cursor.execute(READY, [since, batch])
        contents = [Content(*row) for row in cursor.fetchall()]
        links: list[Link] = []
        for content in contents:
            last = link_after(last, content)
            links.append(last)
        if links:
            ids = [content.id for content in contents]
            numbers, digests = zip(*links, strict=True)
            cursor.execute(INSERT, [list(numbers), ids, list(digests)])
    return len(links)


def _last(cursor: CursorWrapper) -> tuple[Link, int]:
    """The end of the chain, and the lowest transaction that may have entries to seal."""
    cursor.execute(LAST)
    row = cursor.fetchone()
    if row is None:
        return START, 0
    number, digest, txid, is_of_other_server = row
    since = 0 if txid is None or is_of_other_server else txid
    return Link(number, bytes(digest)), since

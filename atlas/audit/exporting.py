"""Writes a part of the audit log as a folder that is verified without Atlas."""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from atlas.audit.chain import COLUMNS, SEALED_AT, START, Content, Link, covered
from atlas.audit.checkpoints import FILE, PUBLIC_KEY, CheckpointError, read_checkpoints
from atlas.common.errors import BadInput

VERIFIER = Path(__file__).parent / "standalone" / "verify.py"
FETCHED = 5_000

RANGE = """
SELECT min(s.number), max(s.number) FROM audit_auditseal AS s
JOIN audit_auditentry AS e ON e.id = s.entry_id
WHERE (%(since)s::timestamptz IS NULL OR e.at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s)
"""
BEFORE = "SELECT number, digest FROM audit_auditseal WHERE number = %s"
ENTRIES = f"""
SELECT s.number, s.digest, s.form, {SEALED_AT}, {COLUMNS}
FROM audit_auditseal AS s JOIN audit_auditentry AS e ON e.id = s.entry_id
WHERE s.number BETWEEN %s AND %s ORDER BY s.number
"""  # noqa: S608 - constants only
TEXTS = """
SELECT p.key, p.kind, p.actor_id, p.text, p.salt FROM audit_auditpersonal AS p
WHERE p.key IN (
    SELECT unnest(ARRAY[e.actor_key, e.subject_key, e.body->'address'->>'erasable'])
    FROM audit_auditseal AS s JOIN audit_auditentry AS e ON e.id = s.entry_id
    WHERE s.number BETWEEN %s AND %s
)
ORDER BY p.key
"""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: the numbers of the first and last entry, and the folder."""

    first: int
    last: int
    folder: Path

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def export(
    folder: Path, data_dir: Path, *, since: datetime | None = None, until: datetime | None = None
) -> Export:
    """Write the sealed entries between two moments into a new folder, with all that proves them.

    Late commits may put a few entries of other moments between them: a chain has no gaps. The
    folder holds `entries.jsonl`, `texts.jsonl` (names and addresses by their keys, without those
    that were erased), `checkpoints.jsonl`, `audit.pub`, `about.json` and `verify.py`.
    Raises `BadInput` for a folder that exists or a time without entries, `CheckpointError` when
    nothing was signed yet.
    """
    if folder.exists():
        raise BadInput(f"{folder} exists already. Name a new folder.")
    if not (data_dir / FILE).exists():
        raise CheckpointError("Nothing was signed yet. A worker signs every 15 minutes.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(RANGE, {"since": since, "until": until})
            first, last = cursor.fetchone()
            if first is None:
                raise BadInput("No sealed entry lies between these moments. Name a longer time.")
            start = _link_before(cursor, first, data_dir)
        folder.mkdir(parents=True)
        _write(folder / "entries.jsonl", map(_line, _rows(ENTRIES, first, last)))
        _write(folder / "texts.jsonl", map(_text, _rows(TEXTS, first, last)))
    for name in (FILE, PUBLIC_KEY):
        shutil.copyfile(data_dir / name, folder / name)
    shutil.copyfile(VERIFIER, folder / VERIFIER.name)
    about = {"start": {"number": start.number, "digest": start.digest.hex()}, "last": last}
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return Export(first, last, folder)


def _link_before(cursor: CursorWrapper, first: int, data_dir: Path) -> Link:
    """What the first exported entry is chained to; it may have been pruned."""
    cursor.execute(BEFORE, [first - 1])
    if row := cursor.fetchone():
        return Link(row[0], bytes(row[1]))
    signed = read_checkpoints(data_dir / FILE)
    pruned = (one for one in signed if one.pruned and one.number == first - 1)
    return next((Link(one.number, bytes.fromhex(one.digest)) for one in pruned), START)


def _rows(query: str, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [first, last])
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def _write(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(line)}\n" for line in lines)


def _text(row: tuple[Any, ...]) -> dict[str, Any]:
    key, kind, actor_id, text, salt = row
    return {"key": key, "content": [kind, actor_id, text], "salt": bytes(salt).hex()}


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    number, digest, form, sealed_at_us, *content = row
    # The number comes first in what is covered; the verifier puts it there itself.
    _number, *rest = covered(number, Content(*content), sealed_at_us, form)
    return {"number": number, "digest": bytes(digest).hex(), "content": rest}

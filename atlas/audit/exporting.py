"""Writes a part of the audit log as a folder that is verified without Atlas."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from atlas.audit.chain import COLUMNS, SEALED_AT, START, Content, covered
from atlas.audit.checkpoints import FILE, PUBLIC_KEY, CheckpointError
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
    folder holds `entries.jsonl`, `checkpoints.jsonl`, `audit.pub`, `about.json` and `verify.py`.
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
                raise BadInput("No sealed entry lies between these moments.")
            cursor.execute(BEFORE, [first - 1])
            start = cursor.fetchone() or (START.number, START.digest)
        folder.mkdir(parents=True)
        _write_entries(folder / "entries.jsonl", first, last)
    for name in (FILE, PUBLIC_KEY):
        shutil.copyfile(data_dir / name, folder / name)
    shutil.copyfile(VERIFIER, folder / VERIFIER.name)
    about = {"start": {"number": start[0], "digest": bytes(start[1]).hex()}, "last": last}
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return Export(first, last, folder)


def _write_entries(file: Path, first: int, last: int) -> None:
    with connection.chunked_cursor() as cursor, file.open("w", encoding="utf-8") as out:
        cursor.execute(ENTRIES, [first, last])
        while rows := cursor.fetchmany(FETCHED):
            out.writelines(f"{json.dumps(_line(row))}\n" for row in rows)


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    number, digest, form, sealed_at_us, *content = row
    # The number comes first in what is covered; the verifier puts it there itself.
    _number, *rest = covered(number, Content(*content), sealed_at_us, form)
    return {"number": number, "digest": bytes(digest).hex(), "content": rest}

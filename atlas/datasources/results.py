"""What happens to a stored result after its query: it is described, and read from end to end."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from atlas.common.csv_lines import csv_lines
from atlas.common.jsonable import JSON
from atlas.datasources.columns import ColumnDetails, label
from atlas.datasources.models import ResultLines, StoredResult

FETCHED = 1_000
# Smaller results are turned into CSV when somebody asks for it, in milliseconds.
LINES_FROM = 2_000
LINES_CHARACTERS = 256_000
# Read once from end to end: by offsets the database would unpack the whole result for each part.
ROWS = """
SELECT value::text FROM datasources_storedresult AS r, jsonb_array_elements(r.rows)
WHERE r.id = %s AND r.expires_at > now()
"""
LINES_FETCHED = 4
LINES = """
SELECT text FROM datasources_resultlines AS l JOIN datasources_storedresult AS r ON r.id = result_id
WHERE result_id = %s AND r.expires_at > now() ORDER BY position
"""


def batches_of(result_id: UUID) -> Iterator[list[list[JSON]]]:
    """All rows of a result that is kept, a thousand at a time; nothing when it is not.

    Whoever reads takes a connection until the last batch, in a transaction of its own.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, [result_id])
        while rows := cursor.fetchmany(FETCHED):
            yield [json.loads(text) for (text,) in rows]


def keep_lines(result_id: UUID, rows: Iterable[Sequence[JSON]]) -> None:
    """Keep the rows as CSV lines too, so that a file of millions of them is only read.

    Memory does not grow with the rows. Call it in the transaction that stores the result.
    """
    for position, text in enumerate(_joined(csv_lines(rows))):
        ResultLines.objects.create(result_id=result_id, position=position, text=text)


def lines_of(result_id: UUID) -> Iterator[str]:
    """The CSV lines of all rows of a result that is kept, many at a time, without headings.

    Whoever reads takes a connection until the last of them, in a transaction of its own.
    """
    is_empty = True
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(LINES, [result_id])
        while found := cursor.fetchmany(LINES_FETCHED):
            is_empty = False
            yield "".join(text for (text,) in found)
    if is_empty:
        for rows in batches_of(result_id):
            yield "".join(csv_lines(rows))


def _joined(lines: Iterable[str]) -> Iterator[str]:
    part: list[str] = []
    length = 0
    for line in lines:
        part.append(line)
        length += len(line)
        if length >= LINES_CHARACTERS:
            yield "".join(part)
            part, length = [], 0
    if part:
        yield "".join(part)


def describe_columns(result_id: UUID, columns: Iterable[Mapping[str, str | None]]) -> None:
    """Replace what was read off the values by what a compiled query knows of its columns.

    Each of `columns` has a name, and may have label, format and role.
    """
    details: list[ColumnDetails] = [
        {
            "name": str(column["name"]),
            "label": column.get("label") or label(str(column["name"])),
            "format": column.get("format"),
            "role": column.get("role"),
        }
        for column in columns
    ]
    StoredResult.objects.filter(pk=result_id).update(columns=details)

"""A whole stored result as a file, read and sent in parts."""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from atlas.chat.results import column_of, load_rows
from atlas.common.csv_lines import csv_lines
from atlas.common.db import in_db
from atlas.datasources.models import StoredResult

PART_ROWS = 1_000


async def csv_parts(stored: StoredResult) -> AsyncIterator[bytes]:
    """The headings, then up to 1,000 rows at a time; ends early when the result is not kept."""
    headings = [column_of(column)["label"] for column in stored.columns]
    yield _written([headings])
    for offset in range(0, stored.row_count, PART_ROWS):
        yield _written(await in_db(_rows, stored.id, offset))


def _rows(result_id: UUID, offset: int) -> list[list[object]]:
    found = load_rows([result_id], offset=offset, count=PART_ROWS).get(result_id)
    return found.rows if found else []


def _written(rows: Iterable[list[object]]) -> bytes:
    return "".join(csv_lines(rows)).encode()

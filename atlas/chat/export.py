"""A whole stored result as a file: built apart, then sent in pieces."""

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import ngettext

from atlas.chat.results import column_of
from atlas.chat.workbook import Book
from atlas.common.completion import completed
from atlas.common.csv_lines import csv_lines
from atlas.common.db import in_db
from atlas.datasources.models import StoredResult
from atlas.datasources.results import batches_of, lines_of

PIECE = 256 * 1024
BUSY_S = 0.1

Write = Callable[[StoredResult, BinaryIO], None]

# Each takes one of the few threads that may ask the database, a large result for some minutes.
_building = threading.BoundedSemaphore(2)


async def file_parts(stored: StoredResult, write: Write) -> AsyncIterator[bytes]:
    """The file that `write` makes of a result, in pieces of 256 kB.

    The file has no name and is gone with the last piece. The database is left alone while the
    pieces are taken, however slowly that is.
    """
    with tempfile.TemporaryFile(prefix="atlas-export-") as file:
        while not _building.acquire(blocking=False):  # noqa: ASYNC110 - whoever lets go is a thread
            await asyncio.sleep(BUSY_S)
        try:
            _nothing, caller_left = await completed(in_db(write, stored, file))
        finally:
            _building.release()
        if caller_left:
            raise asyncio.CancelledError
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def write_csv(stored: StoredResult, file: BinaryIO) -> None:
    """The headings and all rows; only the headings when the rows are not kept any more."""
    headings = [column_of(column)["label"] for column in stored.columns]
    for text in chain(csv_lines([headings]), lines_of(stored.id)):
        file.write(text.encode())


def write_xlsx(stored: StoredResult, file: BinaryIO) -> None:
    """The same as a workbook, which also says when there were more rows than are kept."""
    columns = [column_of(column) for column in stored.columns]
    batches = batches_of(stored.id)
    first = next(batches, [])
    with tempfile.TemporaryDirectory(prefix="atlas-export-") as folder:
        book = Book(file, columns, first, folder=Path(folder))
        for rows in chain([first], batches):
            for row in rows:
                book.add(row)
        if stored.truncated:
            more = ngettext(
                "There were more rows; the first one is kept.",
                "There were more rows; the first %(count)d are kept.",
                stored.row_count,
            )
            book.note(more % {"count": stored.row_count})
        book.close()

"""Attachments of a request as the files that an action gets."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from approvals.models import ActionRequest
from approvals.payloads import Attachment as Table
from plugins_app.sdk import Attachment

# A spreadsheet would run a text that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def files_of(request: ActionRequest) -> tuple[Attachment, ...]:
    """Write each table that belongs to the request as a UTF-8 CSV file."""
    return tuple(
        Attachment(table["name"], "text/csv", _csv(table["columns"], table["rows"]))
        for table in request.attachments
    )


def file_of(table: Table) -> Attachment:
    """Write one table of a proposal as a UTF-8 CSV file."""
    return Attachment(table.name, "text/csv", _csv(table.columns, table.rows))


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return f"'{value}"
    return "" if value is None else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

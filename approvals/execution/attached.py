"""Attachments of a request as the files that an action gets."""

from collections.abc import Sequence
from typing import Any

from approvals.filing.payloads import Attachment as Table
from approvals.models import ActionRequest
from atlas.common.csv_lines import csv_lines
from plugins_app.sdk import Attachment


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
    return "".join(csv_lines([columns, *rows])).encode()

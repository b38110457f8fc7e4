"""The typed fields of a card: every argument, whole, in the order of the action's schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import ActionRequest

LONG = 120


@dataclass(frozen=True)
class Field:
    """One argument as text; `length` is its number of characters when that is worth saying."""

    label: str
    text: str
    length: int = 0
    is_missing: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """One attachment, with all of its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def fields_of_request(request: ActionRequest) -> tuple[Field, ...]:
    """Return the stored arguments; one that the schema does not name comes last."""
    arguments = request.arguments
    labels = {field["name"]: field["label"] for field in request.contract.get("fields", [])}
    names = [name for name in labels if name in arguments]
    names += [name for name in arguments if name not in labels]
    return tuple(_field(labels.get(name, name), arguments[name]) for name in names)


def changes_between(request: ActionRequest, arguments: Mapping[str, Any]) -> list[dict[str, str]]:
    """What `arguments` would change of a request: label, before and after of each as text."""
    labels = {field["name"]: field["label"] for field in request.contract.get("fields", [])}
    before = request.arguments
    names = [*labels, *(name for name in {**before, **arguments} if name not in labels)]
    return [
        {
            "label": labels.get(name, name),
            "before": _field("", before.get(name)).text,
            "after": _field("", arguments.get(name)).text,
        }
        for name in names
        if before.get(name) != arguments.get(name)
    ]


def tables_of_request(request: ActionRequest) -> tuple[Table, ...]:
    """Return the stored attachments, with a text for each cell."""
    return tuple(
        Table(
            table["name"],
            tuple(table["columns"]),
            tuple(tuple(_text(value) for value in row) for row in table["rows"]),
        )
        for table in request.attachments
    )


def _field(label: str, value: Any) -> Field:
    if value is None or value == "" or value == []:
        return Field(label, _("not given"), is_missing=True)
    text = _text(value)
    is_long = len(text) > LONG or "\n" in text
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Field(label, text, length=len(text) if is_long else 0, is_number=is_number)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, list | dict):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return str(value)

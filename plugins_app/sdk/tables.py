"""Declarations of plugin tables, which the host creates and extends at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal["string", "number", "boolean", "date"]


@dataclass(frozen=True)
class Field:
    """One column: string is TEXT, number INTEGER, boolean BOOLEAN, date TIMESTAMPTZ.

    The default of a date may only be "now". A required field that is added to a table which
    holds rows needs a default.
    """

    type: FieldType
    required: bool = False
    unique: bool = False
    default: str | int | bool | None = None


@dataclass(frozen=True)
class Table:
    """A table of the plugin; id (UUID), created_at and updated_at are added by the host."""

    fields: Mapping[str, Field] = field(default_factory=dict)

"""Declarations of plugin tables, which the host creates and extends at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal["string", "number", "boolean", "date", "uuid", "json", "bigint", "float"]
COLUMN_TYPES: Mapping[FieldType, str] = {
    "string": "TEXT",
    "number": "INTEGER",
    "boolean": "BOOLEAN",
    "date": "TIMESTAMPTZ",
    "uuid": "UUID",
    "json": "JSONB",
    "bigint": "BIGINT",
    "float": "DOUBLE PRECISION",
}
GENERATED = ("id", "created_at", "updated_at")
"""Columns of every table that the host adds by itself."""


@dataclass(frozen=True)
class Reference:
    """Another table of the same plugin, and its unique field; rows referred to stay."""

    table: str
    field: str = "id"


@dataclass(frozen=True)
class Field:
    """One column: string is TEXT, number INTEGER, boolean BOOLEAN, date TIMESTAMPTZ.

    Beyond those: uuid is UUID, json JSONB, bigint BIGINT, float DOUBLE PRECISION. The default of
    a date may only be "now"; uuid and json have none. A required field that is added to a table
    which holds rows needs a default. A field that references an id is of type uuid.
    """

    type: FieldType
    required: bool = False
    unique: bool = False
    default: str | int | float | bool | None = None
    references: Reference | None = None


@dataclass(frozen=True)
class Table:
    """A table of the plugin; id (UUID), created_at and updated_at are added by the host.

    `updated_at` is set to the time of each change.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)

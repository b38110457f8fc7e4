"""What an engine says about its own tables, for the first draft of a semantic layer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnDescription:
    """One column; `type` is the engine's name, such as "integer" or "character varying"."""

    name: str
    type: str


@dataclass(frozen=True)
class ForeignKeyDescription:
    """Columns that point to columns of another table."""

    columns: tuple[str, ...]
    schema: str
    table: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class TableDescription:
    """One table or view that the login may read; `comment` is its owner's."""

    schema: str
    name: str
    columns: tuple[ColumnDescription, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKeyDescription, ...] = ()
    comment: str = ""


TableInspector = Callable[[], Sequence[TableDescription] | Awaitable[Sequence[TableDescription]]]

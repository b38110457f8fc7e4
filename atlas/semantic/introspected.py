"""What a database says about its tables: the material of a first layer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column; `type` is the engine's name, such as "integer" or "character varying"."""

    name: str
    type: str


@dataclass(frozen=True)
class ForeignKey:
    """Columns that point to columns of another table."""

    columns: tuple[str, ...]
    schema: str
    table: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class TableFacts:
    """One table or view as the database describes it; `comment` is its owner's."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Introspection:
    """All readable tables of one datasource."""

    datasource: str
    tables: tuple[TableFacts, ...]

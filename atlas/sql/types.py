"""What the guard is asked with and what it answers: catalog, options, query or rejection."""

import re
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Table:
    """A relation that may be read, named as the engine stores it.

    `columns` None opens every column. A tuple keeps its order when a star is expanded; a set is
    expanded in alphabetical order.
    """

    schema: str | None
    name: str
    columns: frozenset[str] | tuple[str, ...] | None

    @classmethod
    def named(cls, full_name: str) -> "Table":
        """The table of this full name, with every column open."""
        schema, _, name = full_name.rpartition(".")
        return cls(schema or None, name, None)

    @property
    def full_name(self) -> str:
        """`schema.name`, or the bare name when the table has no schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every table a query may read; unqualified names are looked up in `default_schema`."""

    tables: tuple[Table, ...]
    default_schema: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator tightens or extends for one datasource.

    `forbidden_patterns` are searched in the text as it was sent; `extra_functions` are lower-case
    names allowed beside the dialect's own list.
    """

    max_rows: int = 1000
    forbidden_patterns: tuple[re.Pattern[str], ...] = ()
    extra_functions: frozenset[str] = frozenset()


class Position(NamedTuple):
    """A place in the text as it was sent; both numbers start at 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ValidatedQuery:
    """A query that passed every stage; `sql` is rendered from the checked tree.

    It fetches at most one row more than `Options.max_rows`, so that the caller knows whether
    there was more. `tables` are `schema.name`, `columns` are `table.column`, both sorted.
    """

    sql: str
    dialect: str
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a query was refused: `message` is one sentence for people, `code` is for programs."""

    code: str
    stage: str
    message: str
    offending: str = ""
    position: Position | None = None
    suggestion: str | None = None

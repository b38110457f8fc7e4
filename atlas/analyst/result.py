"""A result with its query: cells by column, as people read them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.analyst.formats import shown, span_of
from atlas.common.jsonable import number_in
from atlas.semantic.compiled import Compiled, OutputColumn
from atlas.semantic.query import Query

Row = Sequence[object]


@dataclass(frozen=True)
class Table:
    """Rows as the datasource returned them, or the first ones of them.

    `count` is how many rows the result has; `truncated` says that the datasource has even more.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    count: int
    truncated: bool = False


@dataclass(frozen=True)
class Result:
    """A query with its rows, cells by output column; `count` may be more than is known here."""

    query: Query
    compiled: Compiled
    rows: Sequence[Row]
    count: int
    truncated: bool
    today: dt.date

    @property
    def is_whole(self) -> bool:
        """Whether every row is known here, so that the highest of them is the highest."""
        return not self.truncated and self.count == len(self.rows)

    @property
    def measures(self) -> list[OutputColumn]:
        """The columns that hold figures."""
        return [c for c in self.compiled.columns if c.role == "measure"]

    @property
    def keys(self) -> list[OutputColumn]:
        """The columns that say what a row is about."""
        return [c for c in self.compiled.columns if c.role != "measure"]

    def cell(self, row: Row, column: OutputColumn) -> object:
        """The value of a column in a row."""
        return row[self.compiled.columns.index(column)]

    def text(self, row: Row, column: OutputColumn) -> str:
        """The value of a column in a row, as people read it."""
        value = self.cell(row, column)
        if column.role == "time":
            return span_of(value, self.query.grain)
        return shown(value, column, self.compiled.currency)

    def name(self, row: Row) -> str:
        """What a row is about: "Beverages", "Mar 2026", "Beverages in Mar 2026"."""
        things = [self.text(row, c) for c in self.keys if c.role == "dimension"]
        times = [self.text(row, c) for c in self.keys if c.role == "time"]
        joined = " / ".join(things)
        return " in ".join(part for part in (joined, *times) if part)

    def place(self, row: Row) -> str:
        """What a row is about, with a preposition: "in Mar 2026", "for Beverages"."""
        things = any(c.role == "dimension" for c in self.keys)
        daily = self.query.grain == "day" and not things
        return f"{'for' if things else 'on' if daily else 'in'} {self.name(row)}"

    def by_value(self, rows: Sequence[Row], measure: OutputColumn) -> list[Row]:
        """The rows with a number in a column, the lowest first."""
        pairs = [
            (number, i)
            for i, row in enumerate(rows)
            if (number := number_in(self.cell(row, measure))) is not None
        ]
        return [rows[i] for _, i in sorted(pairs)]

    @property
    def where(self) -> str:
        """Which rows count, in brackets."""
        context = self.compiled.context
        return f" ({context})" if context else ""

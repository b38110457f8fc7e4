"""What compiling a query gives: the SQL, its columns and how to explain and draw them."""

from dataclasses import dataclass
from typing import Literal

from atlas.common.errors import AtlasError
from atlas.semantic.entities import Format
from atlas.semantic.query import Assumption

Role = Literal["measure", "dimension", "time"]


@dataclass(frozen=True)
class OutputColumn:
    """One result column. `format` "percent" means a fraction: 0.25 is shown as 25 %."""

    name: str
    label: str
    format: Format | None
    role: Role


@dataclass(frozen=True)
class Definition:
    """How a figure is defined, in words."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class ChartSpec:
    """What to draw: a line over time, bars over a category, one number, or only the table.

    `x`, `y` and `series` are names of result columns.
    """

    kind: Literal["line", "bar", "number", "table"]
    x: str | None = None
    y: tuple[str, ...] = ()
    series: str | None = None


@dataclass(frozen=True)
class Compiled:
    """One PostgreSQL SELECT and all that is needed to show and explain its rows.

    `context` is the part of the reading that says which rows count. `counted` is the plural noun
    of the rows that are listed or counted, None for other figures.
    """

    sql: str
    columns: tuple[OutputColumn, ...]
    reading: str
    definitions: tuple[Definition, ...]
    assumptions: tuple[Assumption, ...]
    chart: ChartSpec | None
    context: str = ""
    counted: str | None = None
    currency: str = "USD"


class CompileError(AtlasError):
    """The query has no safe SQL; `options` are near names or ways out.

    Codes: unknown_measure, unknown_dimension, unknown_entity, no_path, fan_out, no_time,
    no_history, bad_value, unsupported.
    """

    def __init__(self, code: str, message: str, options: tuple[str, ...] = ()) -> None:
        super().__init__(message, code=code)
        self.message = message
        self.options = options

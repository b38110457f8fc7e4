"""The typed query: what a question means, before any SQL exists."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from atlas.semantic.base import Frozen

Kind = Literal[
    "aggregate", "list", "compare", "share", "growth", "average_per", "count_having", "saved"
]
Grain = Literal["day", "week", "month", "quarter", "year"]
Direction = Literal["asc", "desc"]
FilterOp = Literal["=", "<", "<=", ">", ">=", "between", "contains", "is_null"]
CompareOp = Literal["=", "<", "<=", ">", ">=", "between"]
Value = bool | int | float | str
Relative = Annotated[
    str,
    StringConstraints(
        pattern=r"^(today|yesterday|(this|last)_(week|month|quarter|year)"
        r"|last_[1-9][0-9]{0,3}_(days|weeks|months|quarters|years)"
        r"|(month|quarter|year)_to_date)$"
    ),
]


class DateRange(Frozen):
    """Days from `start` (included) to `before` (not included); None leaves that side open."""

    start: dt.date | None = None
    before: dt.date | None = None


class Period(Frozen):
    """When: `relative` to today ("last_quarter", "last_6_months"), or fixed `ranges`.

    `dimension` is "entity.dimension"; None means the default time of the measure's entity.
    """

    relative: Relative | None = None
    ranges: tuple[DateRange, ...] = ()
    dimension: str | None = None
    label: str = ""


class Filter(Frozen):
    """A condition on one dimension; several values of one filter are alternatives.

    `between` takes two values, both included; `is_null` takes none. Days are ISO text.
    """

    dimension: str
    op: FilterOp = "="
    values: tuple[Value, ...] = ()
    negated: bool = False


class Existence(Frozen):
    """Rows of another entity that must, or must not, exist for each row."""

    entity: str
    filters: tuple[Filter, ...] = ()
    time: Period | None = None


class Having(Frozen):
    """A condition on a measure of each group."""

    measure: str
    op: CompareOp
    values: tuple[float, ...] = Field(min_length=1, max_length=2)


class Order(Frozen):
    """Order by a measure, dimension or "time"."""

    by: str
    direction: Direction = "desc"


class Assumption(Frozen):
    """Something the reading took for granted; shown, and removable."""

    key: str
    text: str


class Query(Frozen):
    """One question over the semantic layer.

    Measures, dimensions and metrics are named "entity.name" ("metrics.name" for metrics).
    A group that is a bare entity name stands for the rows of that entity, told apart by primary
    key and shown by label. `entity` is the subject of kinds list and count_having.
    `compare_to` is the second period of kind compare. For kind growth, `step` is the lag. For kind
    share, `part` names the dimensions whose filters make the part; without it they are found.
    """

    kind: Kind = "aggregate"
    entity: str | None = None
    measures: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    part: tuple[str, ...] = ()
    exists: tuple[Existence, ...] = ()
    not_exists: tuple[Existence, ...] = ()
    time: Period | None = None
    compare_to: Period | None = None
    step: Grain | None = None
    having: tuple[Having, ...] = ()
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=10_000)
    assumptions: tuple[Assumption, ...] = ()

    @model_validator(mode="after")
    def _has_a_subject(self) -> "Query":
        if self.kind in ("list", "count_having") and not self.entity:
            raise ValueError(f"a query of kind {self.kind} needs an entity")
        if self.kind not in ("list", "count_having") and not self.measures:
            raise ValueError(f"a query of kind {self.kind} needs a measure")
        return self

    def core(self) -> "Query":
        """The query without assumptions and labels: equal meaning, equal core."""
        time = self.time and self.time.model_copy(update={"label": ""})
        other = self.compare_to and self.compare_to.model_copy(update={"label": ""})
        return self.model_copy(update={"assumptions": (), "time": time, "compare_to": other})

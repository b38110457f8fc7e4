"""Stored results as pages of a table, as a chart and as one figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, Value
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from atlas.chat.cells import NOTHING, Show, is_number_column, show_for
from atlas.common.jsonable import number_in
from atlas.datasources.models import StoredResult

PAGE_ROWS = 50
CHART_POINTS = 200
MOST_SERIES = 8
SHORT = 20
LINES = ("line", "bar")


@dataclass(frozen=True)
class ResultRows:
    """Some rows of a stored result, beginning at `offset`."""

    id: UUID
    columns: tuple[dict[str, Any], ...]
    rows: list[list[Any]]
    offset: int
    row_count: int
    truncated: bool

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """Label of each column, and whether its cells are numbers."""
        return [
            (str(column["label"]), is_number_column(column, self._values(at)))
            for at, column in enumerate(self.columns)
        ]

    @property
    def body(self) -> SafeString:
        """The table's rows as HTML; the first page's worth of them."""
        numbers = [number for _label, number in self.headings]
        columns = [
            _cells(show_for(column, values), values[:PAGE_ROWS], is_number=number)
            for column, number, values in zip(self.columns, numbers, self._all_values, strict=True)
        ]
        lines = ("".join(cells) for cells in zip(*columns, strict=True))
        return mark_safe("".join(f"<tr>{line}</tr>" for line in lines))  # noqa: S308 - escaped

    def in_currency(self, code: str) -> "ResultRows":
        """The same rows with the currency in the headings of amounts."""
        if not code:
            return self
        columns = tuple(
            {**column, "label": f"{column['label']} ({code})"}
            if column.get("format") == "money"
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)

    @property
    def first(self) -> int:
        return self.offset + 1 if self.row_count else 0

    @property
    def last(self) -> int:
        return min(self.offset + PAGE_ROWS, self.row_count)

    @property
    def has_pages(self) -> bool:
        return self.row_count > PAGE_ROWS

    @property
    def previous_offset(self) -> int | None:
        return max(self.offset - PAGE_ROWS, 0) if self.offset else None

    @property
    def next_offset(self) -> int | None:
        return self.last if self.last < self.row_count else None

    @property
    def _all_values(self) -> list[list[Any]]:
        return [self._values(at) for at in range(len(self.columns))]

    def _values(self, at: int) -> list[Any]:
        return [row[at] if at < len(row) else None for row in self.rows]

    def values_of(self, name: str) -> list[Any]:
        """The cells of the column of this name; empty when there is none."""
        names = [column["name"] for column in self.columns]
        return self._values(names.index(name)) if name in names else []

    def column(self, name: str) -> dict[str, Any]:
        return next((c for c in self.columns if c["name"] == name), {"name": name, "label": name})


def _cells(show: Show, values: Sequence[Any], *, is_number: bool) -> list[str]:
    """The cells of a column; one of short texts is never wrapped."""
    texts = [show(value) for value in values]
    start = "<td>"
    if is_number:
        start = '<td class="number">'
    elif all(len(text) <= SHORT for text in texts):
        start = '<td class="short">'
    return [f"{start}{escape(text)}</td>" for text in texts]


def load_rows(
    ids: Iterable[UUID], *, offset: int = 0, count: int = CHART_POINTS
) -> dict[UUID, ResultRows]:
    """Read `count` rows from `offset` of each result that is still kept; only those leave the
    database."""
    part = Func(
        F("rows"),
        Value(f"$[{offset} to {offset + count - 1}]"),
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    kept = StoredResult.objects.kept().filter(id__in=list(ids))
    found = kept.defer("rows").annotate(part=part)
    return {row.id: _rows_of(row, offset) for row in found}


def _rows_of(row: StoredResult, offset: int) -> ResultRows:
    part = getattr(row, "part", [])
    columns = tuple(column_of(column) for column in row.columns)
    return ResultRows(row.id, columns, part, offset, row.row_count, row.truncated)


def column_of(column: Any) -> dict[str, Any]:
    """A column as name, label, format and role, also when only its name was kept."""
    if not isinstance(column, Mapping):
        column = {"name": str(column)}
    name = str(column.get("name", ""))
    return {
        "format": None,
        "role": None,
        **column,
        "name": name,
        "label": column.get("label") or name,
    }


def figure(chart: Mapping[str, Any] | None, rows: ResultRows) -> str:
    """The one number that a result consists of, or nothing."""
    if not chart or chart.get("kind") != "number" or len(rows.rows) != 1:
        return ""
    name = str(next(iter(chart.get("y") or ()), ""))
    values = rows.values_of(name)
    return show_for(rows.column(name), values)(values[0]) if values else ""


def drawing(chart: Mapping[str, Any] | None, rows: ResultRows) -> dict[str, Any] | None:
    """What the browser draws: labels and series of numbers with their texts, or nothing."""
    if not chart or chart.get("kind") not in LINES or not 2 <= rows.row_count <= CHART_POINTS:
        return None
    x = str(chart.get("x"))
    values = rows.values_of(x)
    show = show_for(rows.column(x), values)
    names = [str(name) for name in chart.get("y") or ()]
    split = chart.get("series")
    series = (
        _split(rows, x, names[0], str(split)) if split and names else _side_by_side(rows, names)
    )
    if not values or not series or len(series) > MOST_SERIES:
        return None
    labels = list(dict.fromkeys(show(value) for value in values))
    return {"kind": chart["kind"], "labels": labels, "series": series}


def _side_by_side(rows: ResultRows, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        _series(str(rows.column(name)["label"]), rows.column(name), rows.values_of(name))
        for name in names
        if rows.values_of(name)
    ]


def _split(rows: ResultRows, x: str, y: str, by: str) -> list[dict[str, Any]]:
    """One series for each value of the column `by`, in the order of `x`."""
    points = dict.fromkeys(map(str, rows.values_of(x)))
    groups: dict[str, dict[str, Any]] = {}
    triples = zip(rows.values_of(by), rows.values_of(x), rows.values_of(y), strict=True)
    for group, point, value in triples:
        groups.setdefault(NOTHING if group is None else str(group), {})[str(point)] = value
    column = rows.column(y)
    return [
        _series(name, column, [found.get(point) for point in points])
        for name, found in groups.items()
    ]


def _series(name: str, column: Mapping[str, Any], values: Sequence[Any]) -> dict[str, Any]:
    show = show_for(column, values)
    numbers = [number_in(value) for value in values]
    return {
        "name": name,
        "values": [None if number is None else float(number) for number in numbers],
        "texts": [show(value) for value in values],
    }

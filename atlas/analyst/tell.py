"""Telling the answer: sentences made of the rows alone, the figure first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.analyst.formats import as_day, number_of, shown, span_of
from atlas.semantic.compiled import Compiled, OutputColumn
from atlas.semantic.periods import is_partial, shift, start_of
from atlas.semantic.query import Query

Row = Sequence[object]


@dataclass(frozen=True)
class Result:
    """A query with its rows, cells by output column."""

    query: Query
    compiled: Compiled
    rows: Sequence[Row]
    truncated: bool
    today: dt.date

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
        """What a row is about: "Beverages", "Beverages in Mar 2026"."""
        things = [self.text(row, c) for c in self.keys if c.role == "dimension"]
        times = [self.text(row, c) for c in self.keys if c.role == "time"]
        joined = " / ".join(things)
        return " in ".join(part for part in (joined, *times) if part)

    @property
    def where(self) -> str:
        """Which rows count, in brackets."""
        context = self.compiled.context
        return f" ({context})" if context else ""


def tell(
    query: Query,
    compiled: Compiled,
    columns: list[str],
    rows: list[list[object]],
    truncated: bool,
    today: dt.date,
) -> str:
    """The answer in Markdown: the figure first, then what limits it.

    `columns` are the names as the datasource returned them; their order decides which cell is
    which. Every number in the text is a cell of the rows, or how many rows there are.
    """
    result = Result(query, compiled, _arranged(compiled, columns, rows), truncated, today)
    sentences = [_answer(result), *_notes(result)]
    return " ".join(sentence for sentence in sentences if sentence)


def _arranged(
    compiled: Compiled, columns: Sequence[str], rows: Sequence[Row]
) -> list[list[object]]:
    places = [columns.index(c.name) if c.name in columns else None for c in compiled.columns]
    return [[row[i] if i is not None else None for i in places] for row in rows]


def _answer(result: Result) -> str:
    if result.query.kind == "list":
        return _list(result)
    known = [r for r in result.rows if any(result.cell(r, c) is not None for c in result.measures)]
    if not known:
        return f"There is no data for this: {_lowered(result.compiled.reading)}"
    if not result.keys:
        return _figures(result, known[0])
    if result.query.kind == "growth":
        return _growth(result, known)
    if any(c.role == "time" for c in result.keys):
        return _over_time(result, known)
    return _ranking(result, known)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _list(result: Result) -> str:
    noun = (result.compiled.counted or "rows").lower()
    count = len(result.rows)
    if count == 0:
        return f"There are no such {noun}{result.where}."
    first = result.compiled.columns[0]
    limited = result.query.limit is not None and count >= result.query.limit
    if count == 1:
        cells = _facts(result, result.rows[0])
        return f"**{result.text(result.rows[0], first)}**{cells}{result.where}."
    names = [result.text(row, first) for row in result.rows[:3]]
    begin = "These are the first" if limited or result.truncated else "There are"
    return f"{begin} **{count:,}** {noun}{result.where}: {_enumerated(names, count)}."


def _facts(result: Result, row: Row) -> str:
    """The other columns of a single row: "unit price $18.00, units in stock 39"."""
    facts = [
        f"{c.label.lower()} {result.text(row, c)}"
        for c in result.compiled.columns[1:]
        if result.cell(row, c) is not None
    ]
    return f": {', '.join(facts)}" if facts else ""


def _enumerated(names: Sequence[str], count: int) -> str:
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names):,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _figures(result: Result, row: Row) -> str:
    """One row of figures: plain, compared, or a share."""
    columns = result.measures
    if result.query.kind == "compare":
        return " ".join(_compared(result, row, columns[i : i + 4])
                        for i in range(0, len(columns), 4))  # fmt: skip
    if result.query.kind == "share" and len(columns) == 3:
        part, whole = result.text(row, columns[1]), result.text(row, columns[2])
        label = columns[2].label.removesuffix(" of all").lower()
        return f"**{result.text(row, columns[0])}** of {label}: {part} of {whole}{result.where}."
    verb = "was" if result.query.time else "is"
    parts = [f"{c.label if i == 0 else c.label.lower()} {verb} **{result.text(row, c)}**"
             for i, c in enumerate(columns)]  # fmt: skip
    return f"{' and '.join(parts)}{result.where}."


def _compared(result: Result, row: Row, columns: Sequence[OutputColumn]) -> str:
    now, before, change, share = columns
    label, _, period = now.label.partition(", ")
    earlier = before.label.partition(", ")[2]
    text = f"{label} was **{result.text(row, now)}** in {period}"
    text += f", against {result.text(row, before)} in {earlier}"
    return f"{text}{_moved(result, row, change, share)}."


def _moved(result: Result, row: Row, change: OutputColumn, share: OutputColumn) -> str:
    number = number_of(result.cell(row, change))
    if number is None:
        return ""
    if number == 0:
        return ", the same"
    word = "up" if number > 0 else "down"
    by = result.text(row, change).removeprefix("-")
    percent = result.text(row, share).removeprefix("-")
    known = result.cell(row, share) is not None
    return f": {word} {by} ({percent})" if known else f": {word} {by}"


def _growth(result: Result, rows: Sequence[Row]) -> str:
    now, before, growth = result.measures
    last = rows[-1]
    text = f"In {result.name(last)}, {now.label.lower()} was **{result.text(last, now)}**"
    number = number_of(result.cell(last, growth))
    if number is None:
        return f"{text}; there is no earlier figure to compare it with{result.where}."
    word = "more" if number >= 0 else "less"
    percent = result.text(last, growth).removeprefix("-")
    step = result.query.step or result.query.grain
    earlier = result.text(last, before)
    return f"{text}, {percent} {word} than one {step} before ({earlier}){result.where}."


def _over_time(result: Result, rows: Sequence[Row]) -> str:
    """The highest and lowest span, and the latest one."""
    measure = result.measures[-1 if result.query.kind == "share" else 0]
    label = measure.label.lower()
    ordered = _by_value(result, rows, measure)
    if not ordered:
        return f"There is no data for this: {_lowered(result.compiled.reading)}"
    best, worst = ordered[-1], ordered[0]
    if len(ordered) == 1:
        return (
            f"In {result.name(best)}, {label} was **{result.text(best, measure)}**{result.where}."
        )
    if result.query.order and result.query.order.by != "time":
        return _ranking(result, rows)
    text = f"The highest {label} was **{result.text(best, measure)}** in {result.name(best)}"
    text += f", the lowest {result.text(worst, measure)} in {result.name(worst)}"
    last = rows[-1]
    if last not in (best, worst) and len(result.keys) == 1:
        text += f"; the latest, {result.name(last)}, is {result.text(last, measure)}"
    return f"{text}{result.where}."


def _by_value(result: Result, rows: Sequence[Row], measure: OutputColumn) -> list[Row]:
    pairs = [(number, i) for i, row in enumerate(rows)
             if (number := number_of(result.cell(row, measure))) is not None]  # fmt: skip
    return [rows[i] for _, i in sorted(pairs)]


def _ranking(result: Result, rows: Sequence[Row]) -> str:
    """The first rows in the order of the query."""
    columns = result.measures
    measure = columns[-1] if result.query.kind == "share" else columns[0]
    label = measure.label.partition(", ")[0].lower()
    first = rows[0]
    figure = f"**{result.name(first)}** with **{result.text(first, measure)}**"
    if len(rows) == 1:
        ranked = result.query.limit == 1 and result.query.order is not None
        lead = (
            f"The {_which(result)} {label} has {figure}"
            if ranked
            else f"{label.capitalize()}: {figure}"
        )
        return f"{lead}{_before(result, first)}{result.where}."
    others = [f"{result.name(row)} ({result.text(row, measure)})" for row in rows[1:3]]
    lead = f"The {_which(result)} {label} has {figure}{_before(result, first)}"
    return f"{lead}, followed by {' and '.join(others)}{result.where}."


def _which(result: Result) -> str:
    order = result.query.order
    return "lowest" if order is not None and order.direction == "asc" else "highest"


def _before(result: Result, row: Row) -> str:
    if result.query.kind != "compare":
        return ""
    return f" (before: {result.text(row, result.measures[1])})"


def _notes(result: Result) -> list[str]:
    notes = []
    if result.truncated:
        notes.append(f"Only the first {len(result.rows):,} rows are shown.")
    if result.rows and _is_partial(result):
        notes.append("The period is not over yet, so this is a partial period.")
    return notes


def _is_partial(result: Result) -> bool:
    query, today = result.query, result.today
    if query.time is not None and is_partial(query.time, today):
        return True
    times = [c for c in result.keys if c.role == "time"]
    if not times or query.grain is None:
        return False
    days = [day for row in result.rows if (day := as_day(result.cell(row, times[0])))]
    current = start_of(query.grain, today)
    ends = shift(current, query.grain, 1) - dt.timedelta(days=1)
    return bool(days) and max(days) == current and today < ends

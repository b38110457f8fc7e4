"""Telling the answer: sentences made of the rows alone, the figure first."""

import datetime as dt
from collections.abc import Sequence

from atlas.analyst.formats import as_day
from atlas.analyst.result import Result, Row, Table
from atlas.analyst.sentences import answer
from atlas.semantic.compiled import Compiled
from atlas.semantic.periods import day_in_words, is_partial, shift, start_of
from atlas.semantic.query import Query


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
    return tell_table(query, compiled, Table(columns, rows, len(rows), truncated), today)


def tell_table(query: Query, compiled: Compiled, table: Table, today: dt.date) -> str:
    """The same for a result of which only the first rows may be known."""
    rows = _arranged(compiled, table.columns, table.rows)
    result = Result(query, compiled, rows, table.count, table.truncated, today)
    sentences = [answer(result), *_notes(result)]
    return " ".join(sentence for sentence in sentences if sentence)


def _arranged(
    compiled: Compiled, columns: Sequence[str], rows: Sequence[Row]
) -> list[list[object]]:
    places = [columns.index(c.name) if c.name in columns else None for c in compiled.columns]
    return [[row[i] if i is not None else None for i in places] for row in rows]


def _notes(result: Result) -> list[str]:
    notes = []
    if result.truncated:
        notes.append(f"Only the first {result.count:,} rows are shown.")
    if result.rows and _is_partial(result):
        notes.append(f"The period is not over yet: figures run to {day_in_words(result.today)}.")
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

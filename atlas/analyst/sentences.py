"""The sentence that answers: one for each shape of a result, made of its cells alone."""

from collections.abc import Sequence

from atlas.analyst.result import Result, Row
from atlas.common.jsonable import number_in
from atlas.semantic.compiled import OutputColumn


def answer(result: Result) -> str:
    """The first sentence of an answer; it says so when there is no data."""
    if result.query.kind == "list":
        return _list(result)
    known = [r for r in result.rows if any(result.cell(r, c) is not None for c in result.measures)]
    if not known:
        return f"There is no data for this: {_lowered(result.compiled.reading)}"
    if not result.keys:
        return _figures(result, known[0])
    if any(c.role == "time" for c in result.keys) and not result.is_whole:
        return _beginning(result, known)
    if result.query.kind == "growth":
        return _growth(result, known)
    if any(c.role == "time" for c in result.keys):
        return _over_time(result, known)
    return _ranking(result, known)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _list(result: Result) -> str:
    noun = (result.compiled.counted or "rows").lower()
    count = result.count
    if count == 0:
        return f"There are no such {noun}{result.where}."
    first = result.compiled.columns[0]
    if count == 1:
        cells = _facts(result, result.rows[0])
        return f"**{result.text(result.rows[0], first)}**{cells}{result.where}."
    ordered = _order_column(result)
    if ordered is not None:
        return _first_of(result, result.rows, first, ordered)
    names = [result.text(row, first) for row in result.rows[:3]]
    begin = "These are the first" if result.truncated else "There are"
    return f"{begin} **{count:,}** {noun}{result.where}: {_enumerated(names, count)}."


def _order_column(result: Result) -> OutputColumn | None:
    """The column that a list was asked to be ordered by."""
    order = result.query.order
    if order is None or result.query.limit is None:
        return None
    entity, _, name = order.by.partition(".")
    names = (f"{entity}_{name}", name)
    found = [c for c in result.compiled.columns[1:] if c.name in names]
    return found[0] if found else None


def _first_of(result: Result, rows: Sequence[Row], named: OutputColumn, value: OutputColumn) -> str:
    order = result.query.order
    rank = "is lowest" if order is not None and order.direction == "asc" else "comes first"
    first = rows[0]
    lead = f"**{result.text(first, named)}** {rank} by {value.label.lower()}"
    lead += f" with **{result.text(first, value)}**"
    others = [f"{result.text(row, named)} ({result.text(row, value)})" for row in rows[1:3]]
    return f"{lead}, followed by {' and '.join(others)}{result.where}."


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
    parts = [f"{c.label}: **{result.text(row, c)}**" for c in columns]
    return f"{', '.join(parts)}{result.where}."


def _compared(result: Result, row: Row, columns: Sequence[OutputColumn]) -> str:
    now, before, change, share = columns
    label, _, period = now.label.partition(", ")
    earlier = before.label.partition(", ")[2]
    text = f"{label} came to **{result.text(row, now)}** in {period}"
    text += f", against {result.text(row, before)} in {earlier}"
    return f"{text}{_moved(result, row, change, share)}."


def _moved(result: Result, row: Row, change: OutputColumn, share: OutputColumn) -> str:
    number = number_in(result.cell(row, change))
    if number is None:
        return ""
    if number == 0:
        return ", the same"
    word = "up" if number > 0 else "down"
    by = result.text(row, change).removeprefix("-")
    percent = result.text(row, share).removeprefix("-")
    known = result.cell(row, share) is not None
    return f": {word} {by} ({percent})" if known else f": {word} {by}"


def _beginning(result: Result, rows: Sequence[Row]) -> str:
    """The first row of a result that is not known to its end."""
    measure, first = _main(result), rows[0]
    begin = "The first" if result.truncated else "There are"
    text = f"{begin} **{result.count:,}** rows of {measure.label.lower()}{result.where}"
    return f"{text}; it was **{result.text(first, measure)}** {result.place(first)}."


def _growth(result: Result, rows: Sequence[Row]) -> str:
    now, before, growth = result.measures
    last = rows[-1]
    text = f"In {result.name(last)}, {now.label.lower()} came to **{result.text(last, now)}**"
    number = number_in(result.cell(last, growth))
    if number is None:
        return f"{text}; there is no earlier figure to compare it with{result.where}."
    word = "more" if number >= 0 else "less"
    percent = result.text(last, growth).removeprefix("-")
    step = result.query.step or result.query.grain
    earlier = result.text(last, before)
    return f"{text}, {percent} {word} than one {step} before ({earlier}){result.where}."


def _over_time(result: Result, rows: Sequence[Row]) -> str:
    """The highest and lowest span, and the latest one."""
    measure = _main(result)
    ordered = result.by_value(rows, measure)
    if not ordered:
        return f"There is no data for this: {_lowered(result.compiled.reading)}"
    best, worst = ordered[-1], ordered[0]
    if len(ordered) == 1:
        figure = f"**{result.text(best, measure)}**"
        return f"{measure.label} came to {figure} {result.place(best)}{result.where}."
    if result.query.order and result.query.order.by != "time":
        return _ranking(result, rows)
    text = f"{measure.label} peaked at **{result.text(best, measure)}** {result.place(best)}"
    text += f"; the lowest was {result.text(worst, measure)} {result.place(worst)}"
    last = rows[-1]
    if last is not best and last is not worst and len(result.keys) == 1:
        text += f"; the latest, {result.name(last)}, is {result.text(last, measure)}"
    return f"{text}{result.where}."


def _main(result: Result) -> OutputColumn:
    """The figure asked for: the share among the figures of a share, otherwise the first."""
    shares = [c for c in result.measures if c.format == "percent"]
    return shares[0] if result.query.kind == "share" and shares else result.measures[0]


def _ranking(result: Result, rows: Sequence[Row]) -> str:
    """The first rows in the order of the query."""
    measure = _main(result)
    label = measure.label.partition(", ")[0].lower()
    first = rows[0]
    asked_one = result.query.limit == 1 and result.query.order is not None
    if len(rows) == 1 and not asked_one:
        figure = f"**{result.text(first, measure)}**"
        return f"{label.capitalize()} {result.place(first)}: {figure}{result.where}."
    lowest = result.query.order is not None and result.query.order.direction == "asc"
    lead = f"**{result.name(first)}** {'is lowest' if lowest else 'comes first'} by {label}"
    lead += f" with **{result.text(first, measure)}**{_before(result, first)}"
    others = [f"{result.name(row)} ({result.text(row, measure)})" for row in rows[1:3]]
    followed = f", followed by {' and '.join(others)}" if others else ""
    total = f" In all, **{result.count:,}** meet this." if result.query.having else ""
    return f"{lead}{followed}{result.where}.{total}"


def _before(result: Result, row: Row) -> str:
    if result.query.kind != "compare":
        return ""
    return f" (before: {result.text(row, result.measures[1])})"

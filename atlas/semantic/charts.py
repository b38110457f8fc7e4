"""Which chart suits a result: a line over time, bars over a category, or none."""

from collections.abc import Sequence

from atlas.semantic.compiled import ChartSpec, OutputColumn
from atlas.semantic.query import Query


def chart(query: Query, columns: Sequence[OutputColumn]) -> ChartSpec | None:
    """The chart of a result, by its columns alone."""
    if query.kind == "list":
        return ChartSpec("table")
    measures = [c for c in columns if c.role == "measure"]
    times = [c for c in columns if c.role == "time"]
    groups = [c for c in columns if c.role == "dimension"]
    if not times and not groups:
        return ChartSpec("number", y=(measures[0].name,))
    if len(times) + len(groups) > 2:
        return ChartSpec("table")
    shown = _shown(query, measures)
    if times:
        series = groups[0].name if groups else None
        kind = "bar" if query.order and query.order.by != "time" else "line"
        return ChartSpec("line" if kind == "line" else "bar", times[0].name, shown, series)
    series = groups[1].name if len(groups) > 1 else None
    return ChartSpec("bar", groups[0].name, shown, series)


def _shown(query: Query, measures: Sequence[OutputColumn]) -> tuple[str, ...]:
    """The measures that share one axis with the first."""
    if query.kind == "share":
        return tuple(m.name for m in measures if m.format == "percent")[-1:]
    if query.kind == "growth":
        return (measures[-1].name,)
    unit = measures[0].format
    return tuple(m.name for m in measures if m.format == unit and not m.name.endswith("_change"))

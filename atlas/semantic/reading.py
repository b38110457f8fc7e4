"""How a query is read, in one sentence, and how its figures are defined."""

from collections.abc import Iterable, Sequence

from atlas.semantic.compiled import Definition
from atlas.semantic.entities import Measure
from atlas.semantic.figures import metric_measures
from atlas.semantic.grouping import singular
from atlas.semantic.periods import in_words
from atlas.semantic.query import Existence, Filter, Having, Period, Query
from atlas.semantic.scope import Scope

_OPS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_AGGREGATES = {
    "sum": "sum of",
    "avg": "average of",
    "min": "lowest",
    "max": "highest",
    "count": "number of",
    "count_distinct": "number of different",
    "expression": "",
}


def reading(scope: Scope, query: Query) -> str:
    """The query as one sentence with resolved dates."""
    parts = [_subject(scope, query), *_splits(scope, query), context(scope, query)]
    parts += _ranking(scope, query)
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "."


def context(scope: Scope, query: Query) -> str:
    """Which rows count: filters, related rows, thresholds and resolved dates."""
    parts = [condition(scope, item) for item in query.filters]
    parts += [_related(scope, item, "with") for item in query.exists]
    parts += [_related(scope, item, "without") for item in query.not_exists]
    parts += [_threshold(scope, item) for item in query.having]
    parts += _periods(scope, query)
    return ", ".join(part for part in parts if part)


def _subject(scope: Scope, query: Query) -> str:
    if query.kind == "list":
        return f"list of {scope.entity(query.entity or '').label.lower()}"
    if query.kind == "count_having":
        return f"number of {scope.entity(query.entity or '').label.lower()}"
    names = joined([label_of(scope, ref).lower() for ref in query.measures])
    if query.kind == "average_per":
        per = singular(scope.entity(query.entity).label) if query.entity else query.grain or ""
        return f"average {names} per {per.lower()}"
    return {"share": "share of ", "growth": "growth of "}.get(query.kind, "") + names


def _splits(scope: Scope, query: Query) -> list[str]:
    found = [f"by {label_of(scope, ref).lower()}" for ref in query.group_by]
    per_grain = query.kind == "average_per" and query.entity is None
    if query.grain and not per_grain:
        found.append(f"by {query.grain}")
    if query.kind == "growth":
        found.append(f"each compared with one {query.step or query.grain} before")
    return found


def _periods(scope: Scope, query: Query) -> list[str]:
    found = [_period(scope, query, query.time)] if query.time else []
    if query.kind == "compare":
        other = query.compare_to
        found.append(f"compared with {in_words(other, scope.today)}" if other else
                     "compared with the period before")  # fmt: skip
    return found


def _period(scope: Scope, query: Query, period: Period) -> str:
    if period.relative is None and not period.ranges:
        return ""
    ref = period.dimension or _default_time(scope, query)
    dated = scope.layer.dimension(ref) if ref else None
    name = f"{dated.label.lower()} " if dated else ""
    return f"{name}{in_words(period, scope.today)}"


def _default_time(scope: Scope, query: Query) -> str | None:
    base = query.entity if query.kind == "list" else None
    if base is None:
        measures = base_measures(scope, query.measures or [h.measure for h in query.having])
        base = measures[0].partition(".")[0] if measures else None
    entity = scope.layer.entity(base) if base else None
    return entity.default_time if entity else None


def _ranking(scope: Scope, query: Query) -> list[str]:
    if query.order is None:
        return [f"at most {query.limit} rows"] if query.limit else []
    by = query.order.by
    name = "time" if by == "time" else label_of(scope, by).lower()
    if query.limit:
        which = "highest" if query.order.direction == "desc" else "lowest"
        return [f"the {query.limit} {which} by {name}" if query.limit > 1 else
                f"the {which} by {name}"]  # fmt: skip
    return [
        f"ordered by {name}, {'highest' if query.order.direction == 'desc' else 'lowest'} first"
    ]


def label_of(scope: Scope, ref: str) -> str:
    """What people call a measure, metric, dimension or entity."""
    layer = scope.layer
    found = layer.measure(ref) or layer.metric(ref) or layer.dimension(ref)
    if found is not None:
        return found.label
    return singular(scope.entity(ref).label)


def condition(scope: Scope, item: Filter) -> str:
    """A filter in words."""
    dimension = scope.dimension(item.dimension)
    label, negation = dimension.label.lower(), "not " if item.negated else ""
    if dimension.type == "boolean":
        words = []
        for value in dict.fromkeys(item.values):
            phrases = dimension.phrases.get(str(value).lower(), ())
            words.append(f"{negation}{phrases[0]}" if phrases else f"{label} {negation}{value}")
        return joined(words, "or")
    if item.op == "is_null":
        return f"{label} {negation}unknown"
    values = [str(value) for value in item.values]
    if item.op == "between":
        return f"{label} {negation}between {values[0]} and {values[-1]}"
    if item.op == "contains":
        return f"{label} {negation}containing {joined(values, 'or')}"
    entity = scope.entity(item.dimension)
    if dimension.name == entity.label_column:
        label = singular(entity.label).lower()
    return f"{label} {negation}{_OPS.get(item.op, '')} {joined(values, 'or')}".replace("  ", " ")


def _related(scope: Scope, item: Existence, word: str) -> str:
    text = f"{word} {scope.entity(item.entity).label.lower()}"
    inside = [condition(scope, found) for found in item.filters]
    if item.time:
        inside.append(in_words(item.time, scope.today))
    return f"{text} ({', '.join(inside)})" if inside else text


def _threshold(scope: Scope, item: Having) -> str:
    values = [f"{value:,.10g}" for value in item.values]
    label = label_of(scope, item.measure).lower()
    if item.op == "between":
        return f"{label} between {values[0]} and {values[-1]}"
    return f"{label} {_OPS.get(item.op, 'of')} {values[0]}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def base_measures(scope: Scope, refs: Iterable[str]) -> tuple[str, ...]:
    """The measures behind measures and metrics."""
    found: list[str] = []
    for ref in refs:
        metric = scope.layer.metric(ref)
        found += metric_measures(metric) if metric else [ref]
    return tuple(dict.fromkeys(found))


def definitions(scope: Scope, query: Query) -> tuple[Definition, ...]:
    """How each figure of the query is defined."""
    refs = list(dict.fromkeys([*query.measures, *(item.measure for item in query.having)]))
    return tuple(_definition(scope, ref) for ref in refs)


def _definition(scope: Scope, ref: str) -> Definition:
    metric = scope.layer.metric(ref)
    if metric is not None:
        text = metric.description or _metric_text(scope, metric_measures(metric), metric.expression)
        return Definition(ref, metric.label, text)
    measure = scope.measure(ref)
    text = measure.description or _measure_text(scope, ref, measure)
    return Definition(ref, measure.label, text)


def _metric_text(scope: Scope, refs: tuple[str, ...], expression: str | None) -> str:
    if expression:
        return expression
    return " divided by ".join(label_of(scope, ref).lower() for ref in refs)


def _measure_text(scope: Scope, ref: str, measure: Measure) -> str:
    entity = scope.entity(ref)
    what = measure.sql or "rows"
    only = f" where {measure.filter}" if measure.filter else ""
    return f"{_AGGREGATES[measure.agg]} {what}{only}, over {entity.label.lower()}".strip()

"""Holds a layer against its source: every column, join, figure, value and example is tried.

Nothing here runs SQL: `probe_queries` says what to run, and `Probe.verdict` judges the rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from atlas.semantic.compile import compile_query
from atlas.semantic.compiled import CompileError
from atlas.semantic.entities import Dimension, Entity, Join
from atlas.semantic.identifiers import column, identifier
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.lint import lint
from atlas.semantic.probe_sql import expression, table_of, text_of
from atlas.semantic.problems import Finding, LayerPath
from atlas.semantic.query import Query
from atlas.semantic.references import broken_references

Rows = Sequence[Sequence[object]]
Judge = Callable[[Rows], str | None]
MOST_LITERALS = 500


@dataclass(frozen=True)
class Probe:
    """One statement to run; `verdict` says what is wrong with its rows, or None."""

    path: LayerPath
    what: str
    sql: str
    judge: Judge = lambda rows: None
    severity_of_verdict: str = "error"

    def verdict(self, rows: Rows) -> Finding | None:
        """The finding that these rows make, if any."""
        message = self.judge(rows)
        if message is None:
            return None
        if self.severity_of_verdict == "warning":
            return Finding(self.path, message, "warning")
        return Finding(self.path, message)

    def failure(self, reason: str) -> Finding:
        """The finding that the statement could not be run."""
        return Finding(self.path, f"{self.what} does not run: {reason}")


def problems(layer: SemanticLayer, *, today: dt.date) -> list[Finding]:
    """What can be told without the source."""
    return [*broken_references(layer), *lint(layer, today=today)]


def probe_queries(layer: SemanticLayer, *, today: dt.date) -> list[Probe]:
    """What to ask the source; parts that do not compile are left to `problems`."""
    found: list[Probe] = []
    for index, entity in enumerate(layer.entities):
        path: LayerPath = ("entities", index)
        found += _unique_key(entity, path)
        found += _dimensions(entity, path)
        found += _joins(layer, entity, path)
        for number, measure in enumerate(entity.measures):
            where = (*path, "measures", number)
            ref = f"{entity.name}.{measure.name}"
            found += _compiled(layer, where, f"the measure {ref}", Query(measures=(ref,)), today)
    for index, metric in enumerate(layer.metrics):
        query = Query(measures=(f"metrics.{metric.name}",))
        found += _compiled(layer, ("metrics", index), f"the metric {metric.name}", query, today)
    for index, example in enumerate(layer.examples):
        name = f"the example {example.question!r}"
        for probe in _compiled(layer, ("examples", index), name, example.query, today):
            found.append(Probe(probe.path, name, probe.sql, _some_row(name), "warning"))
    return found


def check(layer: SemanticLayer, run: Callable[[str], Rows], *, today: dt.date) -> list[Finding]:
    """All findings; `run` executes one statement read-only and may raise anything."""
    found = problems(layer, today=today)
    for probe in probe_queries(layer, today=today):
        try:
            verdict = probe.verdict(run(probe.sql))
        except Exception as error:  # noqa: BLE001 - whatever the driver raises is the finding
            verdict = probe.failure(str(error).splitlines()[0] if str(error) else repr(error))
        if verdict is not None:
            found.append(verdict)
    return found


def _compiled(
    layer: SemanticLayer, path: LayerPath, what: str, query: Query, today: dt.date
) -> Iterator[Probe]:
    try:
        yield Probe(path, what, compile_query(layer, query, today=today).sql)
    except CompileError:
        return


def _unique_key(entity: Entity, path: LayerPath) -> Iterator[Probe]:
    if entity.primary_key:
        keys = ", ".join(entity.primary_key)
        text = f"the primary key of {entity.name} ({keys}) is not unique"
        sql = _repeated(entity, entity.primary_key)
        where = (*path, "primary_key")
        yield Probe(where, f"the primary key of {entity.name}", sql, _no_row(text))


def _dimensions(entity: Entity, path: LayerPath) -> Iterator[Probe]:
    for index, dimension in enumerate(entity.dimensions):
        where = (*path, "dimensions", index)
        what = f"the dimension {entity.name}.{dimension.name}"
        value = exp.alias_(expression(dimension.sql), "value")
        yield Probe(where, what, text_of(exp.select(value).from_(table_of(entity)).limit(1)))
        literals = _literals(dimension)
        if literals:
            yield _literal_probe(entity, dimension, literals, where)


def _literals(dimension: Dimension) -> tuple[str, ...]:
    declared = dimension.values if isinstance(dimension.values, tuple) else ()
    return tuple(sorted({*declared, *dimension.value_synonyms}))[:MOST_LITERALS]


def _literal_probe(
    entity: Entity, dimension: Dimension, literals: tuple[str, ...], path: LayerPath
) -> Probe:
    value = expression(dimension.sql)
    listed = exp.In(
        this=exp.cast(value.copy(), "text"),
        expressions=[exp.Literal.string(literal) for literal in literals],
    )
    select = exp.select(exp.alias_(value, "value")).distinct().from_(table_of(entity)).where(listed)

    def judge(rows: Rows) -> str | None:
        missing = sorted(set(literals) - {str(row[0]) for row in rows})
        if not missing:
            return None
        names = ", ".join(repr(name) for name in missing)
        return f"not in the data of {entity.name}.{dimension.name}: {names}"

    what = f"the values of {entity.name}.{dimension.name}"
    return Probe(path, what, text_of(select.limit(len(literals))), judge)


def _joins(layer: SemanticLayer, entity: Entity, path: LayerPath) -> Iterator[Probe]:
    for index, join in enumerate(entity.joins):
        target = layer.entity(join.to)
        if target is None:
            continue
        where = (*path, "joins", index)
        what = f"the join from {entity.name} to {target.name}"
        yield Probe(where, what, _join_sql(entity, target, join))
        for side, keys in _single_sides(entity, target, join):
            text = f"{what} says {join.cardinality}, but {side.name} has several rows for one key"
            yield Probe(where, what, _repeated(side, keys), _no_row(text))


def _single_sides(
    entity: Entity, target: Entity, join: Join
) -> Iterator[tuple[Entity, tuple[str, ...]]]:
    """The sides that may have only one row for a key; primary keys are tried on their own."""
    if join.cardinality != "one_to_many":
        keys = tuple(join.keys.values())
        if set(keys) != set(target.primary_key):
            yield target, keys
    if join.cardinality != "many_to_one":
        own = tuple(join.keys)
        if set(own) != set(entity.primary_key):
            yield entity, own


def _join_sql(entity: Entity, target: Entity, join: Join) -> str:
    pairs = [
        exp.EQ(this=column("a", here), expression=column("b", there))
        for here, there in join.keys.items()
    ]
    select = exp.select(exp.alias_(exp.Literal.number(1), "found")).from_(table_of(entity, "a"))
    return text_of(select.join(table_of(target, "b"), on=exp.and_(*pairs)).limit(1))


def _repeated(entity: Entity, keys: Sequence[str]) -> str:
    names = [exp.Column(this=identifier(key)) for key in keys]
    select = exp.select(*names).from_(table_of(entity)).group_by(*(name.copy() for name in names))
    many = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    return text_of(select.having(many).limit(1))


def _no_row(message: str) -> Judge:
    return lambda rows: message if rows else None


def _some_row(what: str) -> Judge:
    return lambda rows: None if rows else f"{what} finds nothing"

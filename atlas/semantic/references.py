"""Names that lead nowhere and expressions that are no SQL: what makes a layer unusable."""

import datetime as dt
import re
from collections.abc import Iterator

from atlas.semantic.entities import Entity
from atlas.semantic.layer import SemanticLayer, columns_in
from atlas.semantic.problems import Finding, LayerPath

AS_OF_COLUMN = re.compile(r"max\(\s*([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\s*\)")


def broken_references(layer: SemanticLayer) -> list[Finding]:
    """Every reference without a target and every expression that does not parse."""
    found = list(_source(layer))
    for index, entity in enumerate(layer.entities):
        path: LayerPath = ("entities", index)
        found += _expressions(entity, path)
        found += _columns(layer, entity, path)
        found += _joins(layer, entity, path)
    found += _metrics(layer)
    found += _adjectives(layer)
    return found


def with_full_references(entity: Entity) -> Entity:
    """The entity with "entity.name" wherever its file gives a bare name of its own."""

    def full(ref: str) -> str:
        return ref if "." in ref else f"{entity.name}.{ref}"

    return entity.model_copy(
        update={
            "default_time": entity.default_time and full(entity.default_time),
            "default_measure": entity.default_measure and full(entity.default_measure),
            "list_columns": tuple(full(ref) for ref in entity.list_columns),
        }
    )


def known_figure(layer: SemanticLayer, ref: str) -> bool:
    """Whether `ref` is a measure or a metric."""
    return layer.measure(ref) is not None or layer.metric(ref) is not None


def _source(layer: SemanticLayer) -> Iterator[Finding]:
    text = layer.source.as_of
    path: LayerPath = ("source", "as_of")
    column = AS_OF_COLUMN.fullmatch(text)
    if column:
        dimension = layer.dimension(column.group(1))
        if dimension is None or dimension.type != "date":
            yield Finding(path, f"{column.group(1)!r} is not a date dimension")
    elif text != "now" and not _is_day(text):
        yield Finding(path, "write now, a day as YYYY-MM-DD, or max(entity.dimension)")


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _expressions(entity: Entity, path: LayerPath) -> Iterator[Finding]:
    expressions: list[tuple[LayerPath, str | None]] = []
    for index, dimension in enumerate(entity.dimensions):
        expressions.append((("dimensions", index, "sql"), dimension.sql))
    for index, measure in enumerate(entity.measures):
        expressions.append((("measures", index, "sql"), measure.sql))
        expressions.append((("measures", index, "filter"), measure.filter))
    for where, text in expressions:
        if text:
            try:
                columns_in(text)
            except ValueError as error:
                yield Finding((*path, *where), str(error))


def _columns(layer: SemanticLayer, entity: Entity, path: LayerPath) -> Iterator[Finding]:
    own = {dimension.name for dimension in entity.dimensions}
    if entity.label_column is not None and entity.label_column not in own:
        message = f"{entity.label_column!r} is not a dimension of {entity.name}"
        yield Finding((*path, "label_column"), message)
    for index, name in enumerate(entity.list_columns):
        if layer.dimension(name) is None:
            yield Finding((*path, "list_columns", index), f"{name!r} is not a dimension")
    time = entity.default_time and layer.dimension(entity.default_time)
    if entity.default_time and (time is None or not time or time.type != "date"):
        message = f"{entity.default_time!r} is not a date dimension"
        yield Finding((*path, "default_time"), message)
    measure = entity.default_measure
    if measure and not known_figure(layer, measure):
        yield Finding((*path, "default_measure"), f"{measure!r} is not a measure")


def _joins(layer: SemanticLayer, entity: Entity, path: LayerPath) -> Iterator[Finding]:
    for index, join in enumerate(entity.joins):
        target = layer.entity(join.to)
        if target is None:
            yield Finding((*path, "joins", index, "to"), f"there is no entity {join.to!r}")
        elif join.cardinality != "one_to_many":
            given = set(join.keys.values())
            if given != set(target.primary_key):
                key = ", ".join(target.primary_key)
                message = f"a join to one {join.to} must give its whole primary key ({key})"
                yield Finding((*path, "joins", index, "keys"), message)


def _metrics(layer: SemanticLayer) -> Iterator[Finding]:
    for index, metric in enumerate(layer.metrics):
        path: LayerPath = ("metrics", index)
        for key in ("numerator", "denominator"):
            ref = getattr(metric, key)
            if ref is not None and layer.measure(ref) is None:
                yield Finding((*path, key), f"{ref!r} is not a measure")
        if metric.expression:
            for ref in re.findall(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", metric.expression):
                if layer.measure(ref) is None:
                    yield Finding((*path, "expression"), f"{ref!r} is not a measure")


def _adjectives(layer: SemanticLayer) -> Iterator[Finding]:
    for index, adjective in enumerate(layer.adjectives):
        path: LayerPath = ("adjectives", index)
        if not known_figure(layer, adjective.by) and layer.dimension(adjective.by) is None:
            message = f"{adjective.by!r} is neither a measure nor a dimension"
            yield Finding((*path, "by"), message)
        if adjective.entity is not None and layer.entity(adjective.entity) is None:
            yield Finding((*path, "entity"), f"there is no entity {adjective.entity!r}")

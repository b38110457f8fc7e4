"""The semantic layer as one immutable snapshot, with look-ups by reference."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import sqlglot
from pydantic import Field, model_validator
from sqlglot import exp
from sqlglot.errors import SqlglotError

from atlas.semantic.base import Frozen
from atlas.semantic.entities import (
    Adjective,
    Aggregation,
    Dimension,
    Entity,
    Example,
    Measure,
    Metric,
    Source,
    Term,
)
from atlas.sql.types import Catalog, Table


class SemanticLayer(Frozen):
    """All entities, metrics and words of one datasource, and the values read from it.

    `values` maps "entity.dimension" to the values found in the data; `as_of` is the day the data
    reaches, when known.
    """

    source: Source = Source()
    entities: tuple[Entity, ...] = ()
    metrics: tuple[Metric, ...] = ()
    glossary: tuple[Term, ...] = ()
    adjectives: tuple[Adjective, ...] = ()
    examples: tuple[Example, ...] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    as_of: dt.date | None = None

    @model_validator(mode="after")
    def _names_are_unique(self) -> "SemanticLayer":
        groups = [("entity", [e.name for e in self.entities])]
        groups.append(("metric", [m.name for m in self.metrics]))
        for entity in self.entities:
            parts = [d.name for d in entity.dimensions] + [m.name for m in entity.measures]
            groups.append((f"part of {entity.name}", parts))
        for what, names in groups:
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{what} declared twice: {', '.join(sorted(twice))}")
        return self

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        return {entity.name: entity for entity in self.entities}

    @cached_property
    def _dimensions(self) -> dict[str, Dimension]:
        return {f"{e.name}.{d.name}": d for e in self.entities for d in e.dimensions}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        known = {f"{e.name}.{m.name}": m for e in self.entities for m in e.measures}
        for entity in self.entities:
            for measure in (count_of(entity), *extremes_of(entity)):
                known.setdefault(f"{entity.name}.{measure.name}", measure)
        return known

    def entity(self, name: str) -> Entity | None:
        """The entity of this name, or of this "entity.part" reference."""
        return self._entities.get(name.partition(".")[0])

    def dimension(self, ref: str) -> Dimension | None:
        """The dimension named "entity.dimension"."""
        return self._dimensions.get(ref)

    def measure(self, ref: str) -> Measure | None:
        """The measure named "entity.measure".

        Every entity has "entity.count", and for each number column "entity.max_column" and
        "entity.min_column".
        """
        return self._measures.get(ref)

    def metric(self, ref: str) -> Metric | None:
        """The metric named "metrics.name"."""
        prefix, _, name = ref.partition(".")
        return next((m for m in self.metrics if prefix == "metrics" and m.name == name), None)

    def dimension_values(self, ref: str) -> tuple[str, ...]:
        """The known values of a dimension: read from the data, or declared."""
        found = self.values.get(ref)
        if found is not None:
            return found
        dimension = self.dimension(ref)
        declared = dimension.values if dimension else None
        return declared if isinstance(declared, tuple) else ()

    def catalog(self) -> Catalog:
        """The tables and physical columns that a query of any kind may read."""
        columns: dict[tuple[str | None, str], set[str]] = {}
        for entity in self.entities:
            key = (entity.schema_name, entity.table)
            columns.setdefault(key, set()).update(columns_of(entity))
            for join in entity.joins:
                other = self.entity(join.to)
                if other is not None:
                    there = columns.setdefault((other.schema_name, other.table), set())
                    there.update(join.keys.values())
        schemas = {schema for schema, _ in columns if schema}
        return Catalog(
            tables=tuple(
                Table(schema=schema, name=name, columns=frozenset(found))
                for (schema, name), found in sorted(columns.items(), key=str)
            ),
            default_schema=schemas.pop() if len(schemas) == 1 else None,
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> "SemanticLayer":
        """A copy with changes; what was worked out from the old parts is not carried over."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("digest", "_entities", "_dimensions", "_measures"):
            copied.__dict__.pop(name, None)
        return copied

    def to_json(self) -> str:
        """The whole layer as JSON; pydantic reads it back equal."""
        return self.model_dump_json(exclude_defaults=True)


def count_of(entity: Entity) -> Measure:
    """The measure that counts the rows of an entity; each entity has one as `entity.count`."""
    label = f"Number of {entity.label.lower()}"
    return Measure(name="count", label=label, agg="count", format="integer")


def extremes_of(entity: Entity) -> Iterator[Measure]:
    """The largest and the smallest value of each number column."""
    aggregations: tuple[tuple[Aggregation, str], ...] = (("max", "Highest"), ("min", "Lowest"))
    for dimension in entity.dimensions:
        if dimension.type != "number" or dimension.hidden:
            continue
        for agg, word in aggregations:
            yield Measure(
                name=f"{agg}_{dimension.name}"[:63],
                label=f"{word} {dimension.label.lower()}",
                sql=dimension.sql,
                agg=agg,
                format=dimension.format or "number",
                additive=False,
            )


def columns_of(entity: Entity) -> set[str]:
    """The physical columns that an entity's keys, dimensions and measures read."""
    found = set(entity.primary_key)
    expressions = [d.sql for d in entity.dimensions]
    expressions += [text for m in entity.measures for text in (m.sql, m.filter) if text]
    for text in expressions:
        found |= columns_in(text)
    for join in entity.joins:
        found |= set(join.keys)
    return found


def columns_in(sql: str) -> set[str]:
    """The column names in an expression, as PostgreSQL stores them.

    Raises ValueError when the text is not one SQL expression.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="postgres")
    except SqlglotError as error:
        raise ValueError(f"not an SQL expression: {sql}") from error
    names = (column.this for column in tree.find_all(exp.Column))
    return {
        name.name if name.args.get("quoted") else name.name.lower()
        for name in names
        if isinstance(name, exp.Identifier)
    }

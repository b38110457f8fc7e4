"""The tables one SELECT reads, and expressions of the layer placed into them."""

import datetime as dt
import difflib
from collections.abc import Iterable
from functools import lru_cache
from itertools import count

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from atlas.semantic.compiled import CompileError
from atlas.semantic.entities import Dimension, Entity, Measure
from atlas.semantic.identifiers import column, identifier
from atlas.semantic.joins import JoinGraph, Path, Step
from atlas.semantic.layer import SemanticLayer


class Scope:
    """What one compilation knows: the layer, its joins and the day."""

    def __init__(self, layer: SemanticLayer, today: dt.date) -> None:
        self.layer = layer
        self.today = today
        self.graph = JoinGraph(layer)
        self._serial = count(1)

    def next_suffix(self) -> str:
        """A suffix that makes the aliases of a nested SELECT its own."""
        return f"_{next(self._serial)}"

    def entity(self, ref: str) -> Entity:
        """The entity of a reference; CompileError when there is none."""
        found = self.layer.entity(ref)
        if found is None:
            names = [entity.name for entity in self.layer.entities]
            raise _unknown("unknown_entity", "entity", ref, names)
        return found

    def dimension(self, ref: str) -> Dimension:
        """The dimension of a reference; CompileError when there is none."""
        found = self.layer.dimension(ref)
        if found is None:
            names = [f"{e.name}.{d.name}" for e in self.layer.entities for d in e.dimensions]
            raise _unknown("unknown_dimension", "dimension", ref, names)
        return found

    def measure(self, ref: str) -> Measure:
        """The measure of a reference; CompileError when there is none."""
        found = self.layer.measure(ref)
        if found is None:
            names = [f"{e.name}.{m.name}" for e in self.layer.entities for m in e.measures]
            names += [f"metrics.{metric.name}" for metric in self.layer.metrics]
            raise _unknown("unknown_measure", "measure", ref, names)
        return found

    def path(self, base: str, target: str) -> Path:
        """The best path between two entities; CompileError when no joins lead there."""
        found = self.graph.path(base, target)
        if found is None:
            here, there = self.entity(base).label, self.entity(target).label
            raise CompileError("no_path", f"No declared join leads from {here} to {there}.")
        return found


def _unknown(code: str, what: str, ref: str, names: Iterable[str]) -> CompileError:
    near = tuple(difflib.get_close_matches(ref, list(names), n=3, cutoff=0.5))
    return CompileError(code, f"The semantic layer has no {what} named {ref}.", near)


@lru_cache(maxsize=2048)
def _parsed(sql: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, dialect="postgres", into=None)
    except SqlglotError as error:
        raise CompileError(
            "unsupported", "The semantic layer holds an expression that is not SQL."
        ) from error


class Tables:
    """A base table and the tables joined to it; each entity occurs once."""

    def __init__(self, scope: Scope, base: str, suffix: str = "") -> None:
        self.scope = scope
        self.base = base
        self._suffix = suffix
        self._steps: dict[str, Step] = {}

    @property
    def multiplies(self) -> bool:
        """Whether a join makes one base row occur several times."""
        return any(step.many for step in self._steps.values())

    def holds(self, entity: str) -> bool:
        """Whether the entity is the base or already joined."""
        return entity == self.base or entity in self._steps

    def join(self, path: Path) -> None:
        """Joins all entities of the path."""
        for step in path:
            if not self.holds(step.end):
                self._steps[step.end] = step

    def column(self, entity: str, name: str) -> exp.Column:
        """A physical column of a held entity."""
        return column(entity + self._suffix, name)

    def expression(self, entity: str, sql: str) -> exp.Expr:
        """An expression of the layer with its columns placed into this SELECT."""
        tree = _parsed(sql).copy()
        for found in list(tree.find_all(exp.Column)):
            name = found.this
            if isinstance(name, exp.Identifier):
                own = name.name if name.args.get("quoted") else name.name.lower()
                placed = self.column(entity, own)
                if found is tree:
                    return placed
                found.replace(placed)
        return tree

    def dimension(self, ref: str) -> exp.Expr:
        """The expression of a dimension, whose entity must be held."""
        return self.expression(self.scope.entity(ref).name, self.scope.dimension(ref).sql)

    def primary_key(self, entity: str) -> list[exp.Column]:
        """The key columns of a held entity."""
        return [self.column(entity, name) for name in self.scope.entity(entity).primary_key]

    def link(self, step: Step, other: "Tables") -> exp.Expr:
        """The condition that ties `step.end` in `other` to `step.start` here."""
        pairs = [
            exp.EQ(this=other.column(step.end, there), expression=self.column(step.start, here))
            for here, there in step.keys
        ]
        return exp.and_(*pairs)

    def into(self, select: exp.Select) -> exp.Select:
        """The SELECT with its FROM and joins."""
        select = select.from_(self._table(self.base), copy=False)
        for step in self._steps.values():
            condition = self.link(step, self)
            select = select.join(self._table(step.end), on=condition, join_type="left", copy=False)
        return select

    def _table(self, name: str) -> exp.Table:
        entity = self.scope.entity(name)
        schema = identifier(entity.schema_name) if entity.schema_name else None
        table = exp.Table(this=identifier(entity.table), db=schema)
        alias = name + self._suffix
        if alias != entity.table:
            table.set("alias", exp.TableAlias(this=identifier(alias)))
        return table

"""Pieces of the small statements that look at one table of a layer."""

import sqlglot
from sqlglot import exp

from atlas.semantic.entities import Entity
from atlas.semantic.identifiers import identifier


def table_of(entity: Entity, alias: str | None = None) -> exp.Expr:
    """The entity's table, under an alias when given."""
    schema = identifier(entity.schema_name) if entity.schema_name else None
    table = exp.Table(this=identifier(entity.table), db=schema)
    return exp.alias_(table, alias, table=True) if alias else table


def expression(sql: str) -> exp.Expr:
    """An expression of the layer as a tree."""
    return sqlglot.parse_one(sql, dialect="postgres")


def text_of(select: exp.Expr) -> str:
    """The statement as PostgreSQL text."""
    return select.sql(dialect="postgres")

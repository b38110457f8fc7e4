"""SQL names: quoted only when PostgreSQL would otherwise read them as something else."""

import re

from sqlglot import exp

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_RESERVED_WORDS = """
    all analyse analyze and any array as asc asymmetric authorization between binary both case
    cast check collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user default
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant
    group having ilike in initially inner intersect into is isnull join lateral leading left like
    limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps
    placing primary references returning right select session_user similar some symmetric
    system_user table tablesample then to trailing true union unique user using values variadic
    verbose when where window with
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


def identifier(name: str) -> exp.Identifier:
    """An identifier of exactly this name."""
    plain = _PLAIN.fullmatch(name) is not None and name not in RESERVED
    return exp.to_identifier(name, quoted=not plain)


def column(table: str, name: str) -> exp.Column:
    """The column `name` of the table alias `table`."""
    return exp.Column(this=identifier(name), table=identifier(table))


def aliased(expression: exp.Expr, name: str) -> exp.Alias:
    """`expression AS name`."""
    return exp.Alias(this=expression, alias=identifier(name))

"""Promises of the verbatim stage: what is printed is what was written."""

import pytest

from tests.sql.world import accepted

SAME = [
    "STRING_AGG(DISTINCT t.a, ',' ORDER BY t.a)",
    "STRING_AGG(DISTINCT t.a, ',')",
    "JSON_OBJECT_AGG(t.a, t.b)",
    "t.a -> 'b'",
    "t.a ->> '0'",
    "t.a -> 0 -> 'x.y'",
    "t.a -> '$.x'",
    "t.a -> t.b",
    "t.a -> 'b' || 'c'",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP(3)",
    "LOCALTIMESTAMP",
    "CEIL(t.a)",
    "FLOOR(t.a)",
    "CHR(65)",
    "DECODE('61', 'hex')",
    "INITCAP(t.a)",
    "DATE_PART('year', t.a)",
    "JSON_AGG(t.a ORDER BY t.b)",
    "ARRAY_AGG(DISTINCT t.a)",
    "COALESCE(t.a, t.b)",
    "LEFT(t.a, 2)",
    "REPLACE(t.a, 'x', 'y')",
    "DATE(t.a)",
    "EXTRACT(YEAR FROM t.a)",
    "TRIM(BOTH 'x' FROM t.a)",
    "SUBSTRING(t.a FROM 2 FOR 3)",
    "POSITION('x' IN t.a)",
    "OVERLAY(t.a PLACING 'x' FROM 2)",
    "NORMALIZE(t.a, NFC)",
    "CASE WHEN (t.a) AND (t.b) OR NOT (t.a) THEN (1) END",
    "EXISTS(SELECT 1)",
    "ROW(t.a, t.b)",
    "COUNT(*) FILTER(WHERE (t.a))",
    "MAX(t.a) OVER (PARTITION BY (t.b))",
]


@pytest.mark.parametrize("expression", SAME)
def test_expression_is_printed_as_it_was_written(expression: str) -> None:
    text = f"SELECT {expression} FROM sales.events AS t"
    assert accepted(text).sql == f"{text} LIMIT 1001"


@pytest.mark.parametrize("name", ["count", "sum", "decode", "left_", "string_agg"])
def test_aliases_may_be_called_like_functions(name: str) -> None:
    text = f"WITH {name}({name}) AS (SELECT 1) SELECT {name}.{name} FROM {name} AS {name}({name})"
    assert accepted(text).sql == f"{text} LIMIT 1001"

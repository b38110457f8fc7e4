"""Statements of the layer keep their meaning in the words of another engine."""

import pytest

from atlas.semantic.entities import Dimension, Entity
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.translating import date_columns, in_dialect

DATES = frozenset({"shipped", "ordered"})

MYSQL = [
    ("DATE_TRUNC('YEAR', a)", "MAKEDATE(YEAR(a), 1)"),
    ("DATE_TRUNC('MONTH', t.a)", "DATE_SUB(DATE(t.a), INTERVAL (DAYOFMONTH(t.a) - 1) DAY)"),
    ("DATE_TRUNC('WEEK', a)", "DATE_SUB(DATE(a), INTERVAL (WEEKDAY(a)) DAY)"),
    ("EXTRACT(ISODOW FROM a)", "(WEEKDAY(a) + 1)"),
    ("EXTRACT(MONTH FROM a)", "EXTRACT(MONTH FROM a)"),
    ("MAKE_DATE(y, m, 1)", "STR_TO_DATE(CONCAT(y, '-', m, '-', 1), '%Y-%c-%e')"),
    ("COUNT(*) FILTER (WHERE a > 1)", "COUNT(CASE WHEN a > 1 THEN 1 END)"),
    ("SUM(b) FILTER (WHERE c)", "SUM(CASE WHEN c THEN b END)"),
    (
        "COUNT(DISTINCT (a, b)) FILTER (WHERE c)",
        "COUNT(DISTINCT CASE WHEN c THEN a END, CASE WHEN c THEN b END)",
    ),
    ("COUNT(DISTINCT (a, b))", "COUNT(DISTINCT a, b)"),
    ("CAST(a AS DECIMAL) / b", "CAST(a AS DECIMAL(38, 10)) / b"),
    ("CAST(a AS DECIMAL(10, 2))", "CAST(a AS DECIMAL(10, 2))"),
    ("CAST(NULL AS DECIMAL)", "NULL"),
    ("shipped - ordered", "DATEDIFF(shipped, ordered)"),
    ("CAST(a AS DATE) - CAST(b AS DATE)", "DATEDIFF(CAST(a AS DATE), CAST(b AS DATE))"),
    ("price - cost", "price - cost"),
    ("a || ' ' || b", "CONCAT(a, ' ', b)"),
    ("CAST(a AS TEXT)", "CAST(a AS CHAR)"),
    ("a ILIKE '%5\\%%'", "LOWER(a) LIKE LOWER('%5\\\\%%')"),
    ('"Order"', "`Order`"),
]
DUCKDB = [
    ("DATE_TRUNC('MONTH', a)", "DATE_TRUNC('MONTH', a)"),
    ("COUNT(*) FILTER (WHERE a > 1)", "COUNT(*) FILTER(WHERE a > 1)"),
    ("CAST(a AS DECIMAL) / b", "CAST(a AS DOUBLE) / b"),
    ("CAST(NULL AS DECIMAL)", "NULL"),
    ("shipped - ordered", "shipped - ordered"),
    ("a ILIKE '%5\\%%'", "a ILIKE '%5\\%%' ESCAPE '\\'"),
]


@pytest.mark.parametrize(
    ("dialect", "given", "expected"),
    [
        *(("mysql", *row) for row in MYSQL),
        *(("mariadb", *row) for row in MYSQL),
        *(("duckdb", *row) for row in DUCKDB),
    ],
)
def test_an_expression_is_written_as_the_engine_reads_it(dialect, given, expected):
    written = in_dialect(f"SELECT {given} AS x FROM t", dialect, DATES)
    assert written == f"SELECT {expected} AS x FROM t"


def test_what_is_not_known_comes_last_in_any_order():
    found = in_dialect("SELECT a FROM t ORDER BY a DESC NULLS LAST, b NULLS LAST", "mysql")
    assert found == ("SELECT a FROM t ORDER BY a DESC, CASE WHEN b IS NULL THEN 1 ELSE 0 END, b")


def test_postgres_is_left_as_it_is():
    text = 'select  a::date,"B" from t'
    assert in_dialect(text, "postgres") is text


def test_dates_are_the_dimensions_that_are_columns_of_that_type():
    dimensions = (
        Dimension(name="ordered", sql="ordered", type="date"),
        Dimension(name="shipped", sql='"Shipped"', type="date"),
        Dimension(name="price", sql="price", type="number"),
    )
    entity = Entity(name="t", table="t", primary_key=("id",), dimensions=dimensions)
    layer = SemanticLayer(entities=(entity,))
    assert date_columns(layer) == {"ordered", "Shipped"}

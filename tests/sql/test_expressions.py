"""Promises to the semantic layer: what an expression reads, and which are none."""

import pytest
from sqlglot import exp

from atlas.sql import ExpressionError, parse_expression, referenced_columns


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("total", {"total"}),
        ("sum(Unit_Price * quantity * (1 - discount))", {"unit_price", "quantity", "discount"}),
        ('"Unit Price"', {"Unit Price"}),
        ("o.total + c.Credit", {"o.total", "c.credit"}),
        ("public.orders.total", {"public.orders.total"}),
        ("count(*)", set()),
        ("count(DISTINCT id) FILTER (WHERE status = 'late')", {"id", "status"}),
        ("CASE WHEN shipped_at > required_on THEN 1 ELSE 0 END", {"shipped_at", "required_on"}),
        ("date_trunc('month', ordered_on)::date", {"ordered_on"}),
        ("extract(year FROM ordered_on)", {"ordered_on"}),
        ("sum(a) OVER (PARTITION BY b ORDER BY c)", {"a", "b", "c"}),
        ("details ->> 'a'", {"details"}),
        ("TRUE", set()),
        ("total -- the sum", {"total"}),
    ],
)
def test_columns_are_named_as_stored(expression: str, columns: set[str]) -> None:
    assert referenced_columns(expression) == columns


def test_tree_stands_by_itself() -> None:
    tree = parse_expression("Total * 2", dialect="postgres")
    assert isinstance(tree, exp.Mul)
    assert tree.parent is None
    assert tree.sql("postgres") == "total * 2"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("total AS t", "no query and no AS"),
        ("(SELECT 1)", "no query and no AS"),
        ("EXISTS (SELECT 1)", "no query and no AS"),
        ("total FROM orders", "no query and no AS"),
        ("total LIMIT 3", "no query and no AS"),
        ("*", "no query and no AS"),
        ("o.*", "no query and no AS"),
        ("a, b", "Write one expression"),
        ("", "Write one expression"),
        ("1 UNION SELECT 2", "Write one expression"),
        ("1; DROP TABLE x", "Only one statement"),
        ("pg_sleep(1)", "The function pg_sleep is not one that may be called"),
        ("'abc", "cannot be read"),
        ("a +", "not valid PostgreSQL"),
        ("a::regclass", "cannot be used in a query"),
        ("user", "tells about the session"),
        ("CASE WHEN TRUE THEN " * 900 + "1" + " END" * 900, "nested too deeply"),
        ("+".join("a" for _ in range(60_000)), "characters; the limit is"),
    ],
)
def test_other_texts_are_errors_with_a_sentence(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        parse_expression(expression)


def test_unknown_dialect_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="cannot be checked yet"):
        referenced_columns("a", dialect="soql")

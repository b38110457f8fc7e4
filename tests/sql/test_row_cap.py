"""Promises of the row cap: one row more than allowed at most, by structure."""

import pytest

from atlas.sql import Options
from tests.sql.world import accepted

TEN = Options(max_rows=10)


@pytest.mark.parametrize(
    ("tail", "rendered"),
    [
        ("", "LIMIT 11"),
        ("LIMIT 3", "LIMIT 3"),
        ("LIMIT 0", "LIMIT 0"),
        ("LIMIT 10", "LIMIT 10"),
        ("LIMIT 11", "LIMIT 11"),
        ("LIMIT 12", "LIMIT 11"),
        ("LIMIT 100000000000", "LIMIT 11"),
        ("LIMIT ALL", "LIMIT 11"),
        ("LIMIT NULL", "LIMIT 11"),
        ("FETCH FIRST 3 ROWS ONLY", "LIMIT 3"),
        ("FETCH NEXT 30 ROWS ONLY", "LIMIT 11"),
        ("FETCH FIRST ROW ONLY", "LIMIT 1"),
        ("LIMIT 3 OFFSET 2", "LIMIT 3 OFFSET 2"),
        ("OFFSET 2", "LIMIT 11 OFFSET 2"),
        ("OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY", "LIMIT 3 OFFSET 2"),
    ],
)
def test_own_limit_holds_below_the_cap(tail: str, rendered: str) -> None:
    query = accepted(f"SELECT 1 {tail}", TEN)
    assert query.sql == f"SELECT 1 {rendered}"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("SELECT 1 LIMIT 1 + 1", "SELECT * FROM (SELECT 1 LIMIT 1 + 1) AS capped LIMIT 11"),
        ("SELECT 1 LIMIT 2.5", "SELECT * FROM (SELECT 1 LIMIT 2.5) AS capped LIMIT 11"),
        (
            "SELECT 1 LIMIT '5'::int",
            "SELECT * FROM (SELECT 1 LIMIT CAST('5' AS INT)) AS capped LIMIT 11",
        ),
        (
            "SELECT 1 ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES",
            "SELECT * FROM (SELECT 1 ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES) AS capped LIMIT 11",
        ),
        ("VALUES (1)", "SELECT * FROM (VALUES (1)) AS capped LIMIT 11"),
        ("VALUES (1) LIMIT 5", "SELECT * FROM (VALUES (1)) AS capped LIMIT 5"),
        (
            "VALUES (1), (2) ORDER BY column1 OFFSET 1 LIMIT 99",
            "SELECT * FROM (VALUES (1), (2)) AS capped ORDER BY column1 LIMIT 11 OFFSET 1",
        ),
        ("(VALUES (1)) LIMIT 3", "(VALUES (1)) LIMIT 3"),
        (
            "(SELECT 1 UNION SELECT 2) LIMIT 1 + 1",
            "SELECT * FROM ((SELECT 1 UNION SELECT 2) LIMIT 1 + 1) AS capped LIMIT 11",
        ),
        ("SELECT 1 UNION SELECT 2", "SELECT 1 UNION SELECT 2 LIMIT 11"),
        ("SELECT 1 UNION SELECT 2 LIMIT 99", "SELECT 1 UNION SELECT 2 LIMIT 11"),
        (
            "SELECT 1 UNION (SELECT 2 LIMIT 99)",
            "SELECT 1 UNION (SELECT 2 LIMIT 99) LIMIT 11",
        ),
        (
            "WITH t AS (SELECT 1 AS a LIMIT 99) SELECT a FROM t",
            "WITH t AS (SELECT 1 AS a LIMIT 99) SELECT t.a FROM t LIMIT 11",
        ),
    ],
)
def test_cap_is_outside_of_everything(text: str, rendered: str) -> None:
    assert accepted(text, TEN).sql == rendered


@pytest.mark.parametrize("text", ["SELECT 1", "VALUES (1)", "SELECT 1 LIMIT 1 + 1"])
def test_capping_twice_changes_nothing(text: str) -> None:
    once = accepted(text, TEN)
    assert accepted(once.sql, TEN) == once


def test_default_cap_is_a_thousand_rows() -> None:
    assert accepted("SELECT 1").sql == "SELECT 1 LIMIT 1001"

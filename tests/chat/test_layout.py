"""SQL of one line is shown in lines, and nothing but white space differs from what was sent."""

import html
import re

import pytest

from atlas.chat.highlight import highlight_query

TABLE = [
    ("SELECT 1", ["SELECT 1"]),
    (
        "SELECT a, SUM(b) AS s FROM t LEFT JOIN u ON t.i = u.i WHERE a > 1 AND c BETWEEN 1 AND 2"
        " OR d IS DISTINCT FROM 3 GROUP BY a ORDER BY s DESC LIMIT 5",
        [
            "SELECT a,",
            "  SUM(b) AS s",
            "FROM t",
            "LEFT JOIN u ON t.i = u.i",
            "WHERE a > 1",
            "  AND c BETWEEN 1 AND 2",
            "  OR d IS DISTINCT FROM 3",
            "GROUP BY a",
            "ORDER BY s DESC",
            "LIMIT 5",
        ],
    ),
    (
        "WITH x AS (SELECT EXTRACT(YEAR FROM d) AS y FROM t) SELECT y FROM x WHERE y IN (1, 2)",
        [
            "WITH x AS (",
            "  SELECT EXTRACT(YEAR FROM d) AS y",
            "  FROM t",
            ")",
            "SELECT y",
            "FROM x",
            "WHERE y IN (1, 2)",
        ],
    ),
    (
        "SELECT RANK() OVER (PARTITION BY a ORDER BY b) FROM t",
        ["SELECT RANK() OVER (PARTITION BY a ORDER BY b)", "FROM t"],
    ),
    ("SELECT ' FROM x ' AS \"a FROM b\"", ["SELECT ' FROM x ' AS \"a FROM b\""]),
    ("SELECT a -- FROM b\nFROM c", ["SELECT a -- FROM b", "FROM c"]),
    ("SELECT a)) FROM b", ["SELECT a))", "FROM b"]),
    ("", []),
]


@pytest.mark.parametrize(("sql", "lines"), TABLE)
def test_a_clause_stands_on_each_line(sql, lines):
    shown = html.unescape(re.sub(r"<[^>]*>", "", highlight_query(sql)))

    assert shown.splitlines() == lines
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", sql)

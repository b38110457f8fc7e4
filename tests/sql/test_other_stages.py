"""Promises of single stages in engines other than PostgreSQL, by one text each."""

import pytest

from atlas.sql import Rejection, ValidatedQuery
from tests.sql.other import ask

REFUSED = [
    ("duckdb", "SELECT 'a' 'b'", "syntax"),
    ("duckdb", 'SELECT U&"a"', "unicode_escape"),
    ("duckdb", "SELECT 1a", "syntax"),
    ("sqlite", "SELECT 1__0", "syntax"),
    ("mysql", "SELECT 'a\\', secret FROM secrets -- '", "ambiguous_escape"),
    ("mysql", "SELECT 1 /*!50000 + 1 */", "executable_comment"),
    ("mariadb", "SELECT 1 /*M! + 1 */", "executable_comment"),
    ("mysql", "SELECT id FROM orders --x", "syntax"),
    ("mysql", "SELECT 1 FROM dual d", "unknown_table"),
    ("mysql", "SELECT 1 FROM mysql.dual", "system_catalog"),
    ("sqlite", "SELECT * FROM sqlite_x", "system_catalog"),
    ("duckdb", "WITH duckdb_tables AS (SELECT 1) SELECT * FROM duckdb_tables", "system_catalog"),
    ("duckdb", 'SELECT ""', "bad_name"),
    ("duckdb", "SELECT session_user FROM orders", "not_allowed"),
    ("clickhouse", "SELECT user", "session_information"),
    ("clickhouse", "SELECT id FROM orders SAMPLE 0.1 SEED (0.5)", "syntax"),
    ("snowflake", "SELECT $x", "not_allowed"),
    ("snowflake", "SELECT s.NEXTVAL", "system_column"),
    ("snowflake", "SELECT * FROM @stage/x", "unknown_table"),
    ("snowflake", "SELECT * FROM TABLE('secrets')", "unknown_table"),
    ("snowflake", "SELECT 1 FROM TABLE(GENERATOR(TIMELIMIT => 5))", "too_large"),
    ("bigquery", "SELECT `a.b`(1)", "function_not_allowed"),
    ("bigquery", "SELECT a.b.c(1)", "function_not_allowed"),
    ("bigquery", "SELECT a.f(1)", "function_not_allowed"),
    ("bigquery", "SELECT * FROM a.f(1)", "function_not_allowed"),
    ("clickhouse", "SELECT id FROM orders WHERE id IN (secrets)", "unknown_table"),
    ("clickhouse", "SELECT fooIf(1)", "function_not_allowed"),
    ("clickhouse", "SELECT Sleep(1)", "function_not_allowed"),
    ("clickhouse", "SELECT * FROM Space(3)", "function_not_allowed"),
    ("clickhouse", "SELECT * FROM numbers(pow(10, 12))", "too_large"),
    ("duckdb", "SELECT * FROM orders CROSS APPLY (SELECT 1) t", "not_allowed"),
    ("mysql", "SELECT * FROM orders OUTER APPLY (SELECT 1) t", "not_allowed"),
    ("snowflake", "SELECT * FROM orders LATERAL VIEW flatten(tags) t AS x", "not_allowed"),
    ("sqlite", "SELECT * FROM orders |> WHERE total > 1", "syntax"),
    ("snowflake", "SELECT * FROM orders AT (STREAM => 's')", "not_allowed"),
    ("snowflake", "SELECT array_generate_range(0, 100000000000)", "too_large"),
    ("mariadb", "SELECT s.nextval", "system_column"),
    ("mariadb", "SELECT sformat('{:1000000000}', 1)", "too_large"),
    ("mariadb", "SELECT sformat('{:>{}}', 'x', 2000000000)", "too_large"),
    ("duckdb", "SELECT printf('%' || '1000000000d', 1)", "too_large"),
    ("duckdb", "SELECT '{:1000000000}'.format(1)", "too_large"),
    ("duckdb", "SELECT 'x'.repeat(10000000000)", "too_large"),
    ("duckdb", "SELECT [1].list_resize(10000000000)", "too_large"),
    ("duckdb", "SELECT * FROM repeat_row(1, 2)", "too_large"),
    ("duckdb", "SELECT count(*) FROM range(10 ** 12)", "too_large"),
    ("duckdb", "SELECT count(*) FROM range((SELECT 1000000000000))", "too_large"),
    ("duckdb", "SELECT generate_series(DATE '0001-01-01', DATE '9999-01-01', INTERVAL 1 MINUTE)",
     "too_large"),
    ("bigquery", "SELECT generate_timestamp_array('0001-01-01', '9999-01-01', INTERVAL 1 SECOND)",
     "too_large"),
    ("sqlite", "SELECT * FROM generate_series(1, 1 << 40)", "too_large"),
    ("clickhouse", "SELECT OrNull(1)", "function_not_allowed"),
    ("clickhouse", "SELECT * FROM numbers(1000000000000)", "too_large"),
    ("clickhouse", "SELECT 1 FROM orders ARRAY JOIN (SELECT 1 FROM secrets) AS a", "not_allowed"),
    ("duckdb", "SELECT * FROM range(1, 9000000)", "too_large"),
    ("duckdb", "SELECT bitstring('1', 2000000000) AS x", "too_large"),
    ("duckdb", "SELECT * FROM range(1, 2, 0)", "too_large"),
    ("duckdb", "SELECT * FROM repeat_row(1, num_rows = 9000000)", "too_large"),
    ("duckdb", "SELECT printf('%100000d', 1)", "too_large"),
    ("duckdb", "SELECT repeat('x', 100000)", "too_large"),
    ("duckdb", "SELECT upper(1", "syntax"),
    ("duckdb", "(SELECT 1) REPLACE ('a', 2)", "syntax"),
    ("duckdb", "SELECT TRIM(status", "syntax"),
    ("bigquery", "SELECT DATE_TRUNC(d, foo(MONDAY)) FROM orders", "function_not_allowed"),
    ("bigquery", "SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM o.a AS t(x))",
     "not_reproducible"),
    ("clickhouse", "WITH c AS (SELECT 1) SELECT 1 FROM orders WHERE id IN d", "unknown_table"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "sql", "code"), REFUSED)
def test_text_is_refused_for_this_reason(dialect: str, sql: str, code: str) -> None:
    answer = ask(sql, dialect)
    assert isinstance(answer, Rejection), answer
    assert answer.code == code


RENDERED = [
    ("duckdb", "SELECT E'a\\n' || $$b$$", "SELECT 'a\n' || 'b'"),
    ("duckdb", "SELECT 1_000", "SELECT 1000"),
    ("sqlite", "SELECT 1_000, 2_0_0", "SELECT 1000, 200"),
    ("duckdb", "SELECT 1::INT", "SELECT CAST(1 AS INT)"),
    ("duckdb", "SELECT lag(id IGNORE NULLS) OVER (ORDER BY id) FROM orders",
     "SELECT LAG(id IGNORE NULLS) OVER (ORDER BY id) FROM orders"),
    ("duckdb", "SELECT id FROM orders WHERE note NOT LIKE 'a'",
     "SELECT id FROM orders WHERE note NOT LIKE 'a'"),
    ("duckdb", "SELECT count(*) FROM range(5)", "SELECT COUNT(*) FROM RANGE(5)"),
    ("duckdb", "SELECT count(*) FROM repeat_row(1, num_rows = 3)",
     "SELECT COUNT(*) FROM REPEAT_ROW(1, num_rows = 3)"),
    ("duckdb", "SELECT printf()", "SELECT PRINTF()"),
    ("duckdb", "SELECT note ~ 'a' FROM orders", "SELECT note ~ 'a' FROM orders"),
    ("duckdb", "WITH p AS (FROM orders) PIVOT p ON status USING sum(total) ORDER BY 1 LIMIT 3",
     "WITH p AS (SELECT * FROM orders) SELECT * FROM (PIVOT p ON status USING SUM(total))"
     " ORDER BY 1 LIMIT 3"),
    ("duckdb", "FROM (SELECT 1 AS a) UNPIVOT INCLUDE NULLS (v FOR k IN (a)) LIMIT 3",
     "SELECT * FROM (SELECT 1 AS a) UNPIVOT INCLUDE NULLS (v FOR k IN (a)) LIMIT 3"),
    ("mysql", "SELECT replace(note, '\\\\', '/') FROM orders",
     "SELECT REPLACE(note, '\\\\', '/') FROM orders"),
    ("duckdb", "SELECT json_array_length(details -> 'a' -> 'b'), max(id, 2) FROM orders",
     "SELECT JSON_ARRAY_LENGTH(details -> 'a' -> 'b'), MAX(id, 2) FROM orders"),
    ("duckdb", "SELECT list_filter([1], x -> x > 1), [1].list_transform(x -> x)",
     "SELECT LIST_FILTER([1], LAMBDA x : x > 1), [1].LIST_TRANSFORM(LAMBDA x : x)"),
    ("sqlite", "SELECT ifnull(details -> '$.a', details -> 'b') FROM orders",
     "SELECT IFNULL(details -> '$.a', details -> 'b') FROM orders"),
    ("mysql", "SELECT json_length(details -> '$.a') FROM orders",
     "SELECT JSON_LENGTH(JSON_EXTRACT(details, '$.a')) FROM orders"),
    ("duckdb", "SELECT '%d'.printf(1)", "SELECT '%d'.PRINTF(1)"),
    ("duckdb", "SELECT id FROM orders LIMIT 10%",
     "SELECT * FROM (SELECT id FROM orders LIMIT 10 PERCENT) AS capped"),
    ("sqlite", "SELECT id FROM (SELECT id FROM orders LIMIT 2 - 9 % 2)",
     "SELECT id FROM (SELECT id FROM orders LIMIT (2 - 9 % 2))"),
    ("sqlite", "SELECT CAST(id AS UNSIGNED BIG INT), CAST(id AS MONEY(10, 2)) FROM orders",
     "SELECT CAST(id AS INTEGER), CAST(id AS NUMERIC) FROM orders"),
    ("snowflake", "SELECT DATE '2024-01-01'::STRING",
     "SELECT CAST((CAST('2024-01-01' AS DATE)) AS VARCHAR)"),
    ("clickhouse", "SELECT Count(id), POW(2, 3), NaN FROM orders",
     "SELECT Count(id), POW(2, 3), NAN FROM orders"),
    ("mysql", "SELECT JSON_VALUE(note, '$.a' RETURNING SIGNED NULL ON EMPTY) FROM orders",
     "SELECT JSON_VALUE(note, '$.a' RETURNING SIGNED NULL ON EMPTY) FROM orders"),
    ("mariadb", "SELECT 0xFF + 0", "SELECT 0xFF + 0"),
    ("mariadb", "SELECT id FROM orders FOR SYSTEM_TIME BETWEEN '2024-01-01' AND NOW() o",
     "SELECT id FROM orders FOR SYSTEM_TIME BETWEEN '2024-01-01' AND NOW() AS o"),
    ("mariadb", "SELECT id FROM orders FOR SYSTEM_TIME ALL",
     "SELECT id FROM orders FOR SYSTEM_TIME ALL"),
    ("duckdb", "SELECT a.b := 1 FROM orders", "SELECT a.b := 1 FROM orders"),
    ("duckdb", "SELECT 2 * replace('a', 'a', '3')", "SELECT 2 * REPLACE('a', 'a', '3')"),
    ("duckdb", "SELECT [x FOR x, i IN [1] IF i > 0]", "SELECT [x FOR x, i IN [1] IF i > 0]"),
    ("mysql", "SELECT 'a' 'b'", "SELECT 'ab'"),
    ("mysql", "SELECT N'x'", "SELECT 'x'"),
    ("mysql", "SELECT 'it\\'s'", "SELECT 'it''s'"),
    ("mysql", "SELECT id FROM orders # x\n-- y\n/* z */ ", "SELECT id FROM orders"),
    ("mysql", "SELECT 1 FROM dual", "SELECT 1"),
    ("mysql", "SELECT UTC_DATE", "SELECT UTC_DATE"),
    ("mysql", "SELECT INTERVAL(1, 2)", "SELECT INTERVAL(1, 2)"),
    ("mysql", "SELECT id FROM ORDERS", "SELECT id FROM orders AS ORDERS"),
    ("mysql", "WITH A AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1) SELECT * FROM a"),
    ("mysql", "SELECT TIMESTAMPDIFF(MONTH, a, b) FROM orders",
     "SELECT TIMESTAMPDIFF(MONTH, a, b) FROM orders"),
    ("mysql", "SELECT * FROM (VALUES ROW(1), ROW(2)) AS v",
     "SELECT * FROM (VALUES ROW(1), ROW(2)) AS v"),
    ("clickhouse", "SELECT 1 UNION SELECT 2",
     "SELECT * FROM (SELECT 1 UNION DISTINCT SELECT 2) AS capped"),
    ("clickhouse", "SELECT id FROM orders FINAL SAMPLE 0.5 WHERE id > 1",
     "SELECT id FROM orders FINAL SAMPLE 0.5 WHERE id > 1"),
    ("clickhouse", "SELECT id FROM orders AS o SAMPLE 1/10 OFFSET 1/2 LIMIT 5 OFFSET 2",
     "SELECT id FROM orders AS o SAMPLE 1 / 10 OFFSET 1/2 LIMIT 5 OFFSET 2"),
    ("clickhouse", "SELECT id FROM orders LIMIT 1 BY id LIMIT 5",
     "SELECT * FROM (SELECT id FROM orders LIMIT 1 BY id) LIMIT 5"),
    ("clickhouse", "SELECT 1 UNION ALL SELECT id FROM orders LIMIT 1 BY id LIMIT 5",
     "SELECT * FROM (SELECT 1 UNION ALL SELECT * FROM (SELECT id FROM orders LIMIT 1 BY id)"
     " LIMIT 5) AS capped"),
    ("clickhouse", "SELECT id FROM orders ANY INNER JOIN customers USING (id)",
     "SELECT id FROM orders ANY JOIN customers USING (id)"),
    ("clickhouse", "WITH c AS (SELECT 1) SELECT id FROM orders WHERE id IN c",
     "WITH c AS (SELECT 1) SELECT id FROM orders WHERE id IN c"),
    ("clickhouse", "SELECT id FROM orders WHERE 1 IN (orders.*)",
     "SELECT id FROM orders WHERE 1 IN (orders.*)"),
    ("clickhouse", "SELECT quantileIf(0.5)(id, id > 1) FROM orders",
     "SELECT quantileIf(0.5)(id, id > 1) FROM orders"),
    ("snowflake", "SELECT id::STRING, id::TEXT FROM orders",
     "SELECT CAST(id AS VARCHAR), CAST(id AS VARCHAR) FROM orders"),
    ("snowflake", "SELECT DATEADD(day, 1, d) FROM orders",
     "SELECT DATEADD(day, 1, d) FROM orders"),
    ("snowflake", "SELECT $1 FROM VALUES (1)", "SELECT $1 FROM (VALUES (1))"),
    ("bigquery", "SELECT DATE_TRUNC(d, WEEK(MONDAY)) FROM orders",
     "SELECT DATE_TRUNC(d, WEEK(MONDAY)) FROM orders"),
    ("bigquery", "SELECT NET.HOST('a'), SAFE.UPPER('a')", "SELECT NET.HOST('a'), SAFE.UPPER('a')"),
    ("bigquery", "SELECT i FROM orders o, o.items AS i",
     "SELECT i FROM orders AS o CROSS JOIN UNNEST(o.items) AS i"),
    ("bigquery", "SELECT 1 FROM orders o, o.a.b AS b",
     "SELECT 1 FROM orders AS o CROSS JOIN UNNEST(o.a.b) AS b"),
    ("bigquery", "SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM o.a.b)",
     "SELECT 1 FROM orders AS o WHERE EXISTS(SELECT 1 FROM UNNEST(o.a.b) AS b)"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "sql", "rendered"), RENDERED)
def test_text_is_written_like_this(dialect: str, sql: str, rendered: str) -> None:
    answer = ask(sql, dialect)
    assert isinstance(answer, ValidatedQuery), answer
    assert answer.sql.removesuffix(" LIMIT 1001") == rendered


@pytest.mark.parametrize("dialect", ["sqlite", "snowflake"])
def test_recursion_needs_no_word_here(dialect: str) -> None:
    text = "WITH t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t"
    assert isinstance(ask(text, dialect), ValidatedQuery)
    assert isinstance(ask(text, "duckdb"), Rejection)


def test_what_the_printer_would_leave_out_is_refused() -> None:
    answer = ask("SELECT * FROM (SELECT 1) AS t(a)", "sqlite")
    assert isinstance(answer, Rejection)
    assert answer.code == "not_reproducible"


@pytest.mark.parametrize("item", ["orders", "(SELECT 1)"])
@pytest.mark.parametrize("dialect", ["snowflake", "clickhouse", "sqlite"])
def test_sources_that_share_a_name_are_few(dialect: str, item: str) -> None:
    answer = ask(f"SELECT 1 FROM orders{f', {item}' * 2000}", dialect)
    assert isinstance(answer, Rejection)
    assert answer.code == "duplicate_alias"

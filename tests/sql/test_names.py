"""Promises of the name stage: PostgreSQL's rules of scope, and only listed names."""

import pytest

from atlas.sql import Catalog, Rejection, Table, ValidatedQuery, validate
from tests.sql.world import accepted, rejected


def body(sql: str) -> str:
    return accepted(sql).sql.removesuffix(" LIMIT 1001")


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("SELECT ID FROM Orders", "SELECT orders.id FROM public.orders"),
        ("SELECT o.id FROM orders o", "SELECT o.id FROM public.orders AS o"),
        (
            'SELECT "Id", "order" FROM "Region"',
            'SELECT "Region"."Id", "Region"."order" FROM public."Region"',
        ),
        ("SELECT public.orders.id FROM orders", "SELECT orders.id FROM public.orders"),
        ("SELECT kind FROM sales.events", "SELECT kind FROM sales.events"),
        (
            "SELECT kind, id FROM sales.events, customers",
            "SELECT events.kind, customers.id FROM sales.events, public.customers",
        ),
    ],
)
def test_names_are_qualified_with_what_they_mean(text: str, rendered: str) -> None:
    assert body(text) == rendered


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        (
            "SELECT * FROM customers",
            "SELECT customers.id, customers.name, customers.country, customers.city"
            " FROM public.customers",
        ),
        (
            "SELECT c.*, 1 FROM customers c",
            "SELECT c.id, c.name, c.country, c.city, 1 FROM public.customers AS c",
        ),
        ("SELECT * FROM sales.events", "SELECT * FROM sales.events"),
        ("SELECT e.* FROM sales.events e", "SELECT e.* FROM sales.events AS e"),
        (
            "SELECT * FROM sales.events e, (SELECT id FROM orders) o, customers c",
            "SELECT e.*, o.id, c.id, c.name, c.country, c.city FROM sales.events AS e,"
            " (SELECT orders.id FROM public.orders) AS o, public.customers AS c",
        ),
        (
            "SELECT * FROM (SELECT id, total FROM orders) o JOIN customers c USING (id)",
            "SELECT id, o.total, c.name, c.country, c.city FROM (SELECT orders.id, orders.total"
            " FROM public.orders) AS o JOIN public.customers AS c USING (id)",
        ),
        (
            "SELECT t.* FROM (SELECT * FROM customers) t",
            "SELECT t.* FROM (SELECT customers.id, customers.name, customers.country,"
            " customers.city FROM public.customers) AS t",
        ),
        (
            "SELECT * FROM (customers c CROSS JOIN (SELECT 1 AS n) x) AS j",
            "SELECT j.id, j.name, j.country, j.city, j.n FROM (public.customers AS c"
            " CROSS JOIN (SELECT 1 AS n) AS x) AS j",
        ),
        (
            "SELECT * FROM (customers c CROSS JOIN sales.events e) AS j",
            "SELECT j.id, j.name, j.country, j.city, j.* FROM (public.customers AS c"
            " CROSS JOIN sales.events AS e) AS j",
        ),
        (
            "SELECT (SELECT c.* FROM orders LIMIT 1) FROM (SELECT 1 AS a) c",
            "SELECT (SELECT c.* FROM public.orders LIMIT 1) FROM (SELECT 1 AS a) AS c",
        ),
    ],
)
def test_stars_over_listed_columns_are_spelled_out(text: str, rendered: str) -> None:
    assert body(text) == rendered


def test_star_of_a_column_set_is_in_alphabetical_order() -> None:
    catalog = Catalog((Table(None, "t", frozenset({"b", "a", "c"})),))
    answer = validate("SELECT * FROM t", dialect="postgres", catalog=catalog)
    assert isinstance(answer, ValidatedQuery)
    assert answer.sql == "SELECT t.a, t.b, t.c FROM t LIMIT 1001"
    assert (answer.tables, answer.columns) == (("t",), ("t.a", "t.b", "t.c"))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("SELECT 1 FROM t", "t"),
        ("SELECT 1 FROM main.u", "main.u"),
        ("SELECT 1 FROM u", "main.u"),
        ("SELECT 1 FROM main.t", None),
        ("SELECT 1 FROM other.u", None),
    ],
)
def test_default_schema_is_asked_first_and_tables_without_schema_next(
    text: str, known: str | None
) -> None:
    catalog = Catalog((Table(None, "t", None), Table("main", "u", None)), default_schema="main")
    answer = validate(text, dialect="postgres", catalog=catalog)
    if known is None:
        assert isinstance(answer, Rejection)
        assert answer.code == "unknown_table"
    else:
        assert isinstance(answer, ValidatedQuery)
        assert answer.tables == (known,)


@pytest.mark.parametrize(
    ("text", "tables", "columns"),
    [
        ("SELECT 1", (), ()),
        ("SELECT count(*) FROM orders", ("public.orders",), ()),
        (
            "SELECT id FROM orders WHERE total > 1",
            ("public.orders",),
            ("orders.id", "orders.total"),
        ),
        ("SELECT * FROM sales.events", ("sales.events",), ("events.*",)),
        ("SELECT to_json(e.*) FROM sales.events e", ("sales.events",), ("events.*",)),
        ("SELECT kind, e.id FROM sales.events e", ("sales.events",), ("events.id", "events.kind")),
        (
            "SELECT 1 FROM employees e JOIN customers c USING (name)",
            ("public.customers", "public.employees"),
            ("customers.name", "employees.name"),
        ),
        (
            "SELECT id FROM (SELECT id FROM orders) a FULL JOIN employees b USING (id)",
            ("public.employees", "public.orders"),
            ("employees.id", "orders.id"),
        ),
        (
            "SELECT j.n FROM (customers c CROSS JOIN (SELECT 1 AS n) x) AS j",
            ("public.customers",),
            ("customers.city", "customers.country", "customers.id", "customers.name"),
        ),
        ("WITH orders AS (SELECT 1 AS id) SELECT id FROM orders", (), ()),
        (
            "WITH o AS (SELECT total AS t FROM orders) SELECT t FROM o",
            ("public.orders",),
            ("orders.total",),
        ),
    ],
)
def test_what_is_read_is_reported(
    text: str, tables: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    query = accepted(text)
    assert (query.tables, query.columns) == (tables, columns)


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        # The engine would group by the hidden column of that name.
        (
            "SELECT status AS margin, count(*) FROM orders GROUP BY margin",
            "SELECT orders.status AS margin, COUNT(*) FROM public.orders GROUP BY 1",
        ),
        (
            "SELECT status, upper(note) AS cost FROM orders GROUP BY ROLLUP (status, cost), (cost)",
            "SELECT orders.status, UPPER(orders.note) AS cost FROM public.orders"
            " GROUP BY ROLLUP (orders.status, 2), (2)",
        ),
        (
            "SELECT upper(kind) AS k FROM sales.events GROUP BY k",
            "SELECT UPPER(kind) AS k FROM sales.events GROUP BY k",
        ),
        # The engine would take the inner table's hidden column.
        (
            "SELECT (SELECT count(*) FROM orders WHERE total > margin) FROM (SELECT 1 AS margin) d",
            "SELECT (SELECT COUNT(*) FROM public.orders WHERE orders.total > d.margin)"
            " FROM (SELECT 1 AS margin) AS d",
        ),
        # The engine would take the row's name for a hidden column.
        (
            "SELECT to_json(name) FROM orders, (SELECT 1 AS a) name",
            "SELECT TO_JSON(name.*) FROM public.orders, (SELECT 1 AS a) AS name",
        ),
        (
            "SELECT name FROM orders, generate_series(1, 2) AS name(n)",
            "SELECT name.n FROM public.orders, GENERATE_SERIES(1, 2) AS name(n)",
        ),
        # The engine would join on hidden columns as well.
        (
            "SELECT o.id FROM orders o NATURAL JOIN customers c",
            "SELECT o.id FROM public.orders AS o JOIN public.customers AS c USING (id)",
        ),
        (
            "SELECT 1 FROM order_lines l NATURAL LEFT JOIN customers c",
            "SELECT 1 FROM public.order_lines AS l LEFT JOIN public.customers AS c ON TRUE",
        ),
        (
            "SELECT 1 FROM sales.events a NATURAL JOIN sales.events b",
            "SELECT 1 FROM sales.events AS a NATURAL JOIN sales.events AS b",
        ),
    ],
)
def test_hidden_columns_cannot_take_the_place_of_a_name(text: str, rendered: str) -> None:
    assert body(text) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a, b FROM sales.events x, sales.events y",
        "SELECT n FROM (SELECT 1 AS n)",
        "SELECT kind FROM (SELECT * FROM sales.events)",
        "SELECT x FROM unnest(ARRAY[1], ARRAY[2]) WITH ORDINALITY AS u(x, y)",
        "SELECT ordinality FROM unnest(ARRAY[1]) WITH ORDINALITY",
        "SELECT ordinality FROM generate_series(1, 2) WITH ORDINALITY",
        "SELECT u.v FROM LATERAL unnest(ARRAY[1]) WITH ORDINALITY AS u(v, n)",
        "SELECT t.a FROM (((SELECT 1 AS a))) t",
        "SELECT o.id FROM ((orders o))",
        "SELECT o.id FROM ((orders o JOIN customers c ON TRUE) JOIN employees e ON TRUE)",
        "SELECT j.k FROM ((SELECT 1 AS a) x CROSS JOIN (SELECT 2 AS b) y) AS j(k)",
        "SELECT 1 ORDER BY 1",
        "SELECT id FROM orders UNION SELECT id FROM customers ORDER BY id",
        "SELECT kind FROM sales.events UNION SELECT name FROM customers ORDER BY kind",
        "SELECT * FROM sales.events UNION SELECT * FROM sales.events ORDER BY kind",
        "SELECT id FROM orders UNION SELECT id FROM customers ORDER BY id + 1",
        "(SELECT id FROM orders) ORDER BY id",
        "SELECT 1 FROM (SELECT 1) a, (SELECT 2) b",
        "SELECT (SELECT 1) FROM orders ORDER BY (SELECT 2)",
        "SELECT id FROM orders UNION SELECT 1 UNION SELECT 2 UNION ALL (SELECT 3 LIMIT 1)",
        "SELECT t.rank FROM (SELECT rank() OVER (ORDER BY id) FROM orders) t",
        "SELECT t.anything FROM (SELECT id + 1 FROM orders) t",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 5) SELECT n FROM t",
        "WITH RECURSIVE a AS (SELECT x FROM b), b AS (SELECT 1 AS x) SELECT x FROM a",
        "WITH t AS (SELECT 1 AS a) SELECT x.a FROM t AS x",
        "WITH t AS (SELECT 1 AS a) SELECT b FROM t AS x(b)",
        "WITH t AS (SELECT 1 AS a) SELECT t.a FROM t TABLESAMPLE SYSTEM (5)",
        "VALUES ((SELECT id FROM orders LIMIT 1))",
        "SELECT id FROM (orders o CROSS JOIN (SELECT 5 AS n) x)",
        "SELECT max(id) AS margin FROM orders ORDER BY margin",
        "SELECT DISTINCT ON (k) total AS k FROM orders ORDER BY k",
        "SELECT DISTINCT ON (total, id) total FROM orders",
        "SELECT e FROM sales.events e",
        "SELECT id FROM sales.events GROUP BY ROLLUP (id)",
        "SELECT make_interval(days => id) FROM orders",
        "SELECT id FROM orders WHERE note IS JSON AND note IS NOT JSON OBJECT",
        "SELECT string_agg(DISTINCT status, ',' ORDER BY status DESC), count(*) FROM orders",
        "SELECT details -> 'a.b' -> 0 ->> '0' FROM orders",
    ],
)
def test_honest_scopes_are_understood(text: str) -> None:
    query = accepted(text)
    assert accepted(query.sql) == query


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT n FROM orders, (SELECT 1 AS n)", "ambiguous_column"),
        ("SELECT a FROM sales.events x, sales.events y, orders", "ambiguous_column"),
        ("SELECT id FROM orders o, orders p", "ambiguous_column"),
        ("SELECT x FROM (SELECT * FROM sales.events), orders", "ambiguous_column"),
        ("SELECT o.ctid FROM sales.events o", "system_column"),
        ("SELECT j.ctid FROM (orders o CROSS JOIN customers c) AS j", "system_column"),
        ("SELECT t.ctid FROM (SELECT 1 AS a) t", "unknown_column"),
        ("SELECT z.* FROM orders o", "unknown_source"),
        ("SELECT public.o.* FROM orders o", "unknown_source"),
        ("SELECT count(z.*) FROM orders o", "unknown_source"),
        ("SELECT 1 FROM orders o JOIN customers c USING (total)", "unknown_column"),
        ("SELECT 1 FROM LATERAL (orders) t", "syntax"),
        ("WITH t AS (1) SELECT 1 FROM t", "syntax"),
        ("SELECT 1 ORDER BY x", "unknown_column"),
        (
            "SELECT id FROM orders UNION SELECT id FROM customers ORDER BY orders.id",
            "unknown_source",
        ),
        ("SELECT *, upper(status) AS k FROM orders, sales.events GROUP BY k", "ambiguous_column"),
        ("SELECT", "syntax"),
        ("SELECT 1 FROM (orders o CROSS JOIN customers c) AS (a, b)", "column_aliases"),
        ("SELECT 1 FROM orders AS (a, b)", "column_aliases"),
    ],
)
def test_scopes_that_do_not_hold_are_refused(text: str, code: str) -> None:
    assert rejected(text).code == code


@pytest.mark.parametrize(
    ("text", "suggestion", "message"),
    [
        (
            "SELECT 1 FROM custmers",
            "public.customers",
            "The table custmers is not one of the tables that may be read;"
            " did you mean public.customers?",
        ),
        (
            "SELECT 1 FROM main.customers",
            "public.customers",
            "The table main.customers is not one of the tables that may be read;"
            " did you mean public.customers?",
        ),
        ("WITH months AS (SELECT 1) SELECT 1 FROM month", "months", None),
        (
            "SELECT custmer_id FROM orders",
            "customer_id",
            "There is no column custmer_id in orders; did you mean customer_id?",
        ),
        (
            "SELECT ord.id FROM orders ordr",
            "ordr",
            "Nothing in FROM is called ord here; did you mean ordr?",
        ),
        ("SELECT 1 FROM orders JOIN customers USING (idd)", "id", None),
        ("SELECT zzz FROM orders", None, "There is no column zzz in orders."),
        ("SELECT 1 FROM zzz", None, "The table zzz is not one of the tables that may be read."),
    ],
)
def test_unknown_names_come_with_the_nearest_one(
    text: str, suggestion: str | None, message: str | None
) -> None:
    answer = rejected(text)
    assert answer.suggestion == suggestion
    if message is not None:
        assert answer.message == message


def test_position_is_line_and_column_of_the_name() -> None:
    answer = rejected("SELECT id,\n       totl\nFROM orders")
    assert (answer.offending, answer.position) == ("totl", (2, 8))


WHOLE_ROWS = [
    ("SELECT row_to_json(c) FROM customers AS c", ("customers.*",)),
    ("SELECT row_to_json(c), o.id FROM customers AS c, orders AS o", ("customers.*", "orders.id")),
    ("SELECT c FROM customers", ("customers.c",)),
    ("SELECT count(c.x) FROM customers AS c", ("customers.x",)),
]


@pytest.mark.parametrize(("sql", "columns"), WHOLE_ROWS)
def test_a_whole_row_of_an_open_table_reads_all_of_it(sql, columns):
    catalog = Catalog((Table(None, "customers", None), Table(None, "orders", None)), None)
    query = validate(sql, dialect="postgres", catalog=catalog)

    assert query.columns == columns

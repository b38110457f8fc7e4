"""Masks by lineage: what of a result is hidden, what is refused, and what stays as it is."""

import pytest

from atlas.sql import Catalog, Rejection, Table, ValidatedQuery, validate
from atlas.sql.policies import masking
from atlas.sql.policies.masking import ResultMasks, result_masks
from atlas.sql.policies.masks import HIDDEN, Mask, Masks, Shown, show
from atlas.sql.policies.rows import PolicyError

CATALOG = Catalog(
    (
        Table("shop", "customers", ("id", "name", "email", "phone", "city")),
        Table("shop", "orders", ("id", "customer_id", "total")),
    ),
    "shop",
)
MASKS = Masks(
    (
        Mask(("customers",), ("email",), "full", plain_for=("admin",)),
        Mask(("shop.customers",), ("phone",), "partial", plain_for=("admin",)),
        Mask(("*",), ("name",), "hash", plain_for=("admin", "analyst")),
    )
)
DIALECTS = ["postgres", "mysql", "duckdb", "clickhouse", "sqlite", "bigquery"]
LETTERS = {"full": "F", "partial": "P", "hash": "H", "none": "."}


def ask(sql, role="viewer", dialect="postgres"):
    checked = validate(sql, dialect=dialect, catalog=CATALOG)
    assert isinstance(checked, ValidatedQuery), checked
    return result_masks(checked, MASKS, role, catalog=CATALOG)


def seen(sql, **more):
    """A letter a column; small where the value is not one of the column itself."""
    found = ask(sql, **more)
    assert isinstance(found, ResultMasks), found
    if found.is_empty:
        return ""
    if not found.columns:
        return "all"
    return "".join(LETTERS[s.kind] if s.plain else LETTERS[s.kind].lower() for s in found.columns)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("sql", "letters"),
    [
        ("SELECT id, email FROM customers", ".F"),
        ("SELECT c.email AS mail, c.phone FROM customers c", "FP"),
        ("SELECT * FROM customers", ".HFP."),
        ("SELECT c.* FROM customers c", ".HFP."),
        ("SELECT id, city FROM customers", ""),
        ("SELECT count(*) FROM customers", ""),
        ("SELECT count(email) FROM customers", ""),
        ("SELECT count(DISTINCT email) FROM customers", ""),
        ("SELECT min(email), max(phone) FROM customers", "fp"),
        ("SELECT upper(email) FROM customers", "f"),
        ("SELECT concat(city, email) FROM customers", "f"),
        ("SELECT concat(phone, name) FROM customers", "h"),
        ("SELECT CASE WHEN email = 'x' THEN 1 END FROM customers", "f"),
        ("SELECT count(CASE WHEN email = 'x' THEN 1 END) FROM customers", "f"),
        ("SELECT x.m FROM (SELECT email AS m FROM customers) AS x", "F"),
        ("SELECT count(x.m) FROM (SELECT upper(email) AS m FROM customers) AS x", "f"),
        ("WITH x AS (SELECT id, email AS m FROM customers) SELECT m, id FROM x", "F."),
        ("WITH customers AS (SELECT email AS id FROM customers) SELECT id FROM customers", "F"),
        ("SELECT (SELECT max(c.email) FROM customers c) AS m, o.id FROM orders o", "f."),
        ("SELECT o.id, c.phone FROM orders o JOIN customers c ON c.id = o.customer_id", ".P"),
        ("SELECT id, city FROM customers UNION ALL SELECT id, email FROM customers", ".F"),
        ("SELECT city FROM customers UNION ALL SELECT phone FROM customers", "P"),
        ("SELECT email, count(*) OVER () AS n FROM customers", "F."),
        ("SELECT DISTINCT email FROM customers", "F"),
        ("SELECT email FROM customers ORDER BY id LIMIT 3", "F"),
        ("SELECT email FROM customers WHERE id = 3 OR city = 'Rome'", "F"),
        ("SELECT email FROM customers WHERE email IS NOT NULL", "F"),
        ("SELECT lag(email) OVER (ORDER BY id) AS n FROM customers", "f"),
        ("SELECT city, max(email) FROM customers GROUP BY city", ".f"),
        ("SELECT city, count(email) FROM customers GROUP BY city HAVING count(email) > 1", ""),
    ],
)
def test_what_a_result_comes_from(dialect, sql, letters):
    assert seen(sql, dialect=dialect) == letters


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM customers WHERE email = 'a@b.c'",
        "SELECT id FROM customers WHERE id = 1 OR upper(phone) LIKE '%1'",
        "SELECT count(*) FROM customers WHERE email IN ('a')",
        "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE c.email = 'x')",
        "SELECT id FROM orders WHERE 'a' IN (SELECT email FROM customers)",
        "SELECT count(*) FROM customers GROUP BY email",
        "SELECT email, count(*) FROM customers GROUP BY 1",
        "SELECT email AS e, count(*) FROM customers GROUP BY e",
        "SELECT id FROM customers ORDER BY email",
        "SELECT id, email FROM customers ORDER BY 2",
        "SELECT city FROM customers GROUP BY city HAVING min(email) = 'x'",
        "SELECT o.id FROM orders o JOIN customers c ON c.email = 'x'",
        "SELECT a.id FROM customers a JOIN customers b ON a.email = b.email",
        "SELECT id FROM (SELECT id, email AS m FROM customers) AS x WHERE m = 'x'",
        "WITH x AS (SELECT id, upper(email) AS m FROM customers) SELECT id FROM x WHERE m = 'X'",
        "SELECT id, row_number() OVER (ORDER BY email) AS n FROM customers",
        "SELECT id, sum(id) OVER (PARTITION BY upper(phone)) AS n FROM customers",
        "SELECT DISTINCT CASE WHEN email = 'x' THEN 1 ELSE 0 END FROM customers",
        "SELECT 1 / (CASE WHEN email = 'x' THEN 0 ELSE 1 END) FROM customers",
        "SELECT id FROM orders WHERE id = (SELECT length(email) FROM customers LIMIT 1)",
    ],
)
def test_what_would_let_a_value_be_guessed(dialect, sql):
    refused = ask(sql, dialect=dialect)
    assert isinstance(refused, Rejection), refused
    assert (refused.code, refused.stage) == ("masked_filter", "masks")


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("SELECT email FROM customers UNION SELECT 'x'", "postgres"),
        ("SELECT email FROM customers INTERSECT SELECT 'x'", "postgres"),
        ("SELECT email FROM customers EXCEPT SELECT 'x'", "postgres"),
        ("SELECT DISTINCT ON (email) id FROM customers", "postgres"),
        ("SELECT a.id FROM customers a JOIN customers b USING (email)", "postgres"),
        ("SELECT a.id FROM customers a NATURAL JOIN customers b", "duckdb"),
        ("SELECT generate_series(1, length(email)) FROM customers", "postgres"),
        ("SELECT x FROM customers c, LATERAL generate_series(1, length(c.email)) x", "postgres"),
        ("SELECT id FROM customers LIMIT (SELECT length(max(email)) FROM customers)", "postgres"),
        ("SELECT id FROM customers QUALIFY row_number() OVER (ORDER BY email) = 1", "duckdb"),
        ("SELECT email, count(*) FROM customers GROUP BY ALL", "duckdb"),
        ("SELECT email, id FROM customers ORDER BY ALL", "duckdb"),
        ("SELECT email, count(*) FROM customers GROUP BY ALL", "bigquery"),
        ("WITH s AS (SELECT email, city FROM customers) PIVOT s ON email USING count(*)", "duckdb"),
        ("WITH s AS (SELECT email, city FROM customers) FROM (UNPIVOT s ON email, city)", "duckdb"),
        (
            "SELECT id FROM customers TABLESAMPLE BERNOULLI ((SELECT length(max(email))"
            " FROM customers))",
            "postgres",
        ),
        ("WITH s AS (SELECT email FROM customers) SELECT id FROM orders WHERE 'x' IN s", "sqlite"),
        (
            "WITH s AS (SELECT email FROM customers) SELECT id FROM orders WHERE 'x' IN (s)",
            "clickhouse",
        ),
        ("SELECT id FROM customers WHERE cityHash64(*) = 5", "clickhouse"),
        ("WITH (SELECT groupArray(email) FROM customers) AS a SELECT a FROM orders", "clickhouse"),
        ("SELECT id FROM customers ORDER BY email.length()", "duckdb"),
        ("SELECT id FROM customers WHERE (email || 'x').length() > 3", "duckdb"),
        ("SELECT id, max(email) FROM customers", "sqlite"),
        ("SELECT *, min(email) FROM customers", "sqlite"),
        ("SELECT city, iif(1, id, 0), max(email) FROM customers GROUP BY city", "sqlite"),
        ("SELECT id FROM customers WHERE sipHash64(tuple(*)) = 5", "clickhouse"),
        ("SELECT upper(email) AS m, id FROM customers WHERE m = 'X'", "duckdb"),
        ("SELECT email || 'x' AS m, m || 'y' AS n FROM customers WHERE n = 'X'", "duckdb"),
    ],
)
def test_other_ways_to_guess(sql, dialect):
    refused = ask(sql, dialect=dialect)
    assert isinstance(refused, Rejection), refused
    assert refused.code == "masked_filter"


@pytest.mark.parametrize(
    ("sql", "dialect", "letters"),
    [
        ("SELECT * FROM customers JOIN orders USING (id)", "duckdb", "all"),
        ("SELECT * EXCLUDE (id) FROM customers", "duckdb", "all"),
        ("SELECT * FROM customers JOIN orders USING (id)", "postgres", ".HFP..."),
        (
            "WITH RECURSIVE t(a, b) AS (SELECT id, email FROM customers UNION ALL"
            " SELECT a + 1, b FROM t WHERE a < 3) SELECT a, b FROM t",
            "postgres",
            ".F",
        ),
        (
            "WITH RECURSIVE t(a, b) AS (SELECT id, city FROM customers UNION ALL"
            " SELECT c.id, c.email FROM t JOIN customers c ON c.id = t.a) SELECT a, b FROM t",
            "postgres",
            ".F",
        ),
        ("SELECT x.b FROM (SELECT id, email FROM customers) AS x(a, b)", "postgres", "F"),
        ("SELECT email || 'x' AS m, m || 'y' AS n FROM customers", "duckdb", "ff"),
        ("SELECT x.email FROM (customers AS x CROSS JOIN orders)", "postgres", "F"),
        (
            "SELECT c.email FROM orders o, LATERAL (SELECT email FROM customers) AS c",
            "postgres",
            "F",
        ),
        ("SELECT string_agg(email, ',') FROM customers", "postgres", "f"),
        ("SELECT array_agg(id ORDER BY email) FROM customers", "postgres", "f"),
        ("SELECT count(*) FILTER (WHERE email = 'x') FROM customers", "postgres", "f"),
        ("SELECT shop.customers.email FROM shop.customers", "postgres", "F"),
        ("SELECT c FROM customers c", "bigquery", "f"),
        ("TABLE customers", "postgres", ".HFP."),
        ("SELECT tuple(*), count(*) FROM customers", "clickhouse", "f."),
        (
            "WITH (SELECT max(id) FROM customers) AS a SELECT a, email FROM customers",
            "clickhouse",
            ".F",
        ),
        (
            "SELECT c.email.upper(), c.city.upper(), (email || city).upper(), email[1].upper(),"
            " city.concat(email), [city].len(), {'email': city}.email FROM customers c",
            "duckdb",
            "f.fff..",
        ),
        ("SELECT x.* FROM (SELECT {'a': email} AS x FROM customers)", "duckdb", "all"),
        ("SELECT x.* FROM (SELECT {'a': city} AS x FROM customers)", "duckdb", ""),
        (
            "SELECT t.x.a.b, t.y.a.b FROM (SELECT {'a': {'b': email}} AS x, {'a': {'b': 1}} AS y"
            " FROM customers) t",
            "duckdb",
            "f.",
        ),
        (
            "SELECT c.email.x.y, c.city.x.y, email.x.y, city.x.y FROM customers c",
            "bigquery",
            "f.f.",
        ),
        ("SELECT city, count(id), max(email) FROM customers GROUP BY city", "sqlite", "..f"),
        ("SELECT * APPLY(reverse) FROM customers", "clickhouse", "all"),
        ("SELECT c.* APPLY(toString), c.id FROM customers c", "clickhouse", "all"),
        ("WITH s AS (SELECT email FROM customers) SELECT 'x' IN s, id FROM orders", "sqlite", "f."),
        (
            "WITH s AS (SELECT id FROM customers) SELECT id IN s, email FROM customers",
            "sqlite",
            ".F",
        ),
    ],
)
def test_less_usual_ways(sql, dialect, letters):
    assert seen(sql, dialect=dialect) == letters


@pytest.mark.parametrize(
    ("sql", "dialect", "found"),
    [
        ("SELECT id, email FROM customers UNION ALL BY NAME SELECT id FROM orders", "duckdb",
         "all"),
        ("SELECT x FROM (VALUES (1), ((SELECT max(length(email)) FROM customers))) AS v(x)",
         "postgres", "f"),
        ("SELECT x FROM (VALUES (1), (2)) AS v(x), customers", "postgres", ""),
        ("(SELECT id, email FROM customers) ORDER BY 1", "postgres", ".F"),
        ("(SELECT id, email FROM customers) ORDER BY 2", "postgres", "masked_filter"),
        ("SELECT id, email FROM customers UNION ALL SELECT id, city FROM customers ORDER BY 2",
         "postgres", "masked_filter"),
        ("SELECT j.city FROM (customers JOIN orders USING (id)) AS j", "postgres", "f"),
        ("SELECT x FROM customers, LATERAL unnest(string_to_array(email, '')) AS x", "postgres",
         "masked_filter"),
        ("SELECT c.email FROM ((customers AS c CROSS JOIN orders))", "postgres", "F"),
        ("SELECT e FROM ((SELECT email AS e FROM customers) AS t CROSS JOIN orders)", "postgres",
         "F"),
        ("WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t WHERE a < 3)"
         " SELECT a, email FROM t, customers", "postgres", ".F"),
        ("WITH RECURSIVE t(a, b, c) AS (SELECT 1, 'x', email FROM customers UNION ALL"
         " SELECT a + 1, c, b FROM t WHERE a < 3) SELECT a, b, c FROM t", "postgres", ".FF"),
        ("WITH RECURSIVE t(a, b) AS (SELECT 1, email FROM customers UNION ALL"
         " SELECT a + 1, b FROM t WHERE b <> 'x') SELECT a FROM t", "postgres", "masked_filter"),
        ("WITH email AS m SELECT id FROM customers WHERE m = 'x'", "clickhouse", "masked_unclear"),
        ("WITH id + 1 AS m SELECT email FROM customers WHERE m = 3", "clickhouse", "F"),
        ("SELECT id FROM customers PIVOT (count(id) FOR email IN ('a', 'b'))", "duckdb",
         "masked_filter"),
        ("SELECT (SELECT 1 WHERE EXISTS (SELECT email FROM customers)) AS x FROM customers",
         "postgres", ""),
        ("SELECT count(DISTINCT (email, id)) FROM customers", "postgres", "f"),
        ("SELECT id FROM customers GROUP BY id, 1", "postgres", ""),
        ("SELECT email AS id FROM customers ORDER BY id", "postgres", "masked_filter"),
        ("SELECT count(c.*) FROM orders o LEFT JOIN customers c ON c.id = o.id", "duckdb", "f"),
        ("SELECT x.y FROM (SELECT c AS x FROM customers c) AS s", "bigquery", "f"),
        ("SELECT email IS NULL AS missing FROM customers", "postgres", ""),
        ("SELECT max(x) FROM (SELECT * FROM (SELECT * EXCLUDE (id) FROM customers) AS a"
         " CROSS JOIN (SELECT 1 AS x) AS b) AS c", "duckdb", "f"),
        ("SELECT t.b FROM (SELECT * EXCLUDE (id) FROM customers) AS t(a, b)", "duckdb", "f"),
        ("SELECT * EXCLUDE (id) FROM customers ORDER BY 1", "duckdb", "masked_filter"),
        ("SELECT * EXCLUDE (id) FROM orders, (SELECT count(email) FROM customers) AS c ORDER BY 1",
         "duckdb", ""),
        ("SELECT email FROM customers ORDER BY id + 1", "postgres", "F"),
        ("SELECT email FROM customers ORDER BY id, '1'", "postgres", "F"),
        ("SELECT n, email FROM customers, generate_series(1, 3) AS g(n)", "postgres", ".F"),
        ("SELECT id FROM customers, LATERAL range(length(email)) t(n)", "duckdb",
         "masked_filter"),
        ("SELECT email FROM customers, (SELECT * FROM orders PIVOT (count(id) FOR total IN (1)))",
         "duckdb", "F"),
        ("SELECT email FROM customers, ((SELECT id, total FROM orders) PIVOT (count(id)"
         " FOR total IN (1)))", "duckdb", "masked_unclear"),
        ("WITH RECURSIVE a AS (SELECT x FROM b), b AS (SELECT email AS x FROM customers)"
         " SELECT x FROM a", "postgres", "masked_unclear"),
        ("WITH RECURSIVE t(a, b, c, d, e, f, g) AS (SELECT 1, 'x', 'x', 'x', 'x', 'x', email"
         " FROM customers UNION ALL SELECT a, c, d, e, f, g, b FROM t) SELECT a FROM t",
         "postgres", "masked_unclear"),
    ],
)  # fmt: skip
def test_ways_that_are_rare(sql, dialect, found):
    answer = ask(sql, dialect=dialect)
    if isinstance(answer, Rejection):
        assert answer.code == found
    else:
        assert seen(sql, dialect=dialect) == found


CHAIN = (
    "SELECT email || '' AS a, a || '' AS b, b || '' AS c, c || '' AS d, d || '' AS e,"
    " e || '' AS f, f || '' AS g FROM customers"
)
BACKWARDS = (
    "SELECT f || '' AS g, e || '' AS f, d || '' AS e, c || '' AS d, b || '' AS c, a || '' AS b,"
    " email || '' AS a FROM customers"
)


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"postgres"}))
@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (CHAIN, "fffffff"),
        (CHAIN + " WHERE g = 'x'", "masked_filter"),
        (BACKWARDS, "masked_unclear"),
        ("SELECT email AS a, a AS x, phone AS a FROM customers", "FFP"),
    ],
)
def test_names_of_results_hide_no_value_however_many_stand_between(dialect, sql, found):
    answer = ask(sql, dialect=dialect)
    if isinstance(answer, Rejection):
        assert answer.code == found
    else:
        assert seen(sql, dialect=dialect) == found


def test_of_tables_with_unknown_columns_every_masked_one_may_be_there():
    catalog = Catalog((Table("shop", "customers", None),), "shop")
    for sql, count in (("SELECT * FROM customers", 0), ("SELECT id FROM customers", 1)):
        checked = validate(sql, dialect="postgres", catalog=catalog)
        found = result_masks(checked, MASKS, "viewer", catalog=catalog)
        assert (found.others.kind, len(found.columns)) == ("full", count)


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("SELECT ('1', 'a', 'x', 'b', 'c') IN customers", "sqlite"),
        ("SELECT ('1', 'a', 'x', 'b', 'c') IN (customers)", "clickhouse"),
        ("PIVOT customers ON email USING count(*)", "duckdb"),
        ("UNPIVOT customers ON email, city INTO NAME n VALUE v", "duckdb"),
    ],
)
def test_table_with_unknown_columns_where_it_is_no_source(sql, dialect):
    catalog = Catalog((Table("shop", "customers", None),), "shop")
    checked = validate(sql, dialect=dialect, catalog=catalog)
    found = result_masks(checked, MASKS, "viewer", catalog=catalog)
    assert isinstance(found, Rejection) or found.others.kind == "full"


@pytest.mark.parametrize(
    ("sql", "letters"),
    [
        ("SELECT OBJECT_CONSTRUCT(*), HASH(*), COUNT(*) FROM customers", "ff."),
        ("SELECT $3, c.$3, id FROM customers c", "ff."),
        ("SELECT x.$1 FROM (SELECT email FROM customers) AS x", "f"),
        ("SELECT id FROM customers WHERE $3 = 'x'", "masked_filter"),
        ("SELECT email, COUNT(*) FROM customers GROUP BY ALL", "masked_filter"),
        (
            "SELECT c.id FROM customers c ASOF JOIN orders o MATCH_CONDITION (c.email >= o.total)",
            "masked_filter",
        ),
    ],
)
def test_snowflake_reads_columns_by_number_and_rows_as_objects(sql, letters):
    columns = ("ID", "NAME", "EMAIL", "PHONE", "CITY")
    orders = Table("SHOP", "ORDERS", ("ID", "TOTAL"))
    catalog = Catalog((Table("SHOP", "CUSTOMERS", columns), orders), "SHOP")
    checked = validate(sql, dialect="snowflake", catalog=catalog)
    found = result_masks(checked, MASKS, "viewer", catalog=catalog)
    if isinstance(found, Rejection):
        assert found.code == letters
    else:
        assert "".join("." if s.kind == "none" else "f" for s in found.columns) == letters


def test_text_that_was_not_checked_with_this_catalog_is_refused():
    checked = validate("SELECT email FROM customers", dialect="postgres", catalog=CATALOG)
    fewer = Catalog((Table("shop", "customers", ("name",)),), "shop")
    assert result_masks(checked, MASKS, "viewer", catalog=fewer).code == "unknown_column"


@pytest.mark.parametrize(
    ("role", "letters"), [("admin", ""), ("analyst", "..FP."), ("viewer", ".HFP."), (None, ".HFP.")]
)
def test_roles(role, letters):
    assert seen("SELECT * FROM customers", role=role) == letters


def test_whoever_sees_everything_may_filter():
    assert ask("SELECT id FROM customers WHERE email = 'x'", role="admin").is_empty
    assert ask("SELECT id FROM orders ORDER BY total").is_empty


def test_unclear_is_refused_only_where_something_is_masked():
    refused = ask("SELECT COLUMNS('.*') FROM customers", dialect="duckdb")
    assert (refused.code, refused.stage) == ("masked_unclear", "masks")
    assert ask("SELECT COLUMNS('.*') FROM orders", dialect="duckdb").is_empty


@pytest.mark.parametrize(
    ("shown", "value", "expected"),
    [
        (Shown("none"), "x", "x"),
        (Shown("full"), "x", HIDDEN),
        (Shown("full"), None, None),
        (Shown("full", False), None, HIDDEN),
        (Shown("partial"), "+49 170 1234567", f"{HIDDEN}4567"),
        (Shown("partial"), "1234567", HIDDEN),
        (Shown("partial"), "ann@example.com", f"a{HIDDEN}@example.com"),
        (Shown("partial", False), "+49 170 1234567", HIDDEN),
        (Shown("hash"), "ann", show("ann", Shown("hash"), b"k")),
        (Shown("hash", False), "ann", HIDDEN),
    ],
)
def test_what_is_shown(shown, value, expected):
    assert show(value, shown, b"k") == expected


def test_hashes_tell_values_apart_and_need_the_key():
    made = [
        show(v, Shown("hash"), k) for v, k in (("a", b"k"), ("a", b"k"), ("b", b"k"), ("a", b"l"))
    ]
    assert made[0] == made[1]
    assert len(set(made)) == 3


def test_fault_of_the_lineage_refuses(monkeypatch):
    def fail(*_given):
        raise KeyError("x")

    monkeypatch.setattr(masking, "tables_of", fail)
    refused = ask("SELECT email FROM customers")
    assert (refused.code, refused.stage) == ("guard_fault", "masks")


def test_rows():
    masks = ask("SELECT id, email FROM customers")
    assert masks.apply([(1, "a"), (2, None)], b"k") == [[1, HIDDEN], [2, None]]
    assert masks.apply([(1, "a", "b")], b"k") == [[HIDDEN, HIDDEN, HIDDEN]]
    assert ResultMasks().apply([(1, "a")], b"k") == [[1, "a"]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Mask("customers", ("a",)),
        lambda: Mask(("customers",), "a"),
        lambda: Mask(("customers",), ()),
        lambda: Mask(("customers",), ("a",), "half"),
        lambda: Mask(("customers",), ("a",), plain_for="admin"),
        lambda: Masks(("a",)),
        lambda: Masks("a"),
    ],
)
def test_masks_that_mean_nothing(make):
    with pytest.raises(PolicyError):
        make()


@pytest.mark.parametrize("dialect", ["postgres", "clickhouse"])
@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT email FROM customers), \"A\" AS (SELECT 'x' AS email)"
        " SELECT email FROM a",
        'SELECT (SELECT a.email FROM (SELECT 1 AS email) AS "A" LIMIT 1)'
        " FROM (SELECT email FROM customers) AS a",
    ],
)
def test_name_that_differs_by_case_is_another_one(sql, dialect):
    assert seen(sql, dialect=dialect).lower() == "f"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_name_that_only_looks_alike_is_another_one(dialect):
    quote = "`" if dialect in ("mysql", "bigquery") else '"'
    other = f"{quote}\N{KELVIN SIGN}{quote}"
    sql = (
        f"WITH k AS (SELECT email FROM customers), {other} AS (SELECT 'x' AS email)"
        " SELECT email FROM k"
    )
    assert seen(sql, dialect=dialect) == "F"

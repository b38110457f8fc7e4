"""Promises of the node stage: what is not listed is refused, and everything is decided."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp

from atlas.sql.dialects import DIALECTS, rules_for
from tests.sql.world import accepted, rejected

REFUSED = frozenset((Path(__file__).parent / "refused_nodes.txt").read_text().split())


def every_class(root: type[exp.Expr] = exp.Expr) -> Iterator[type[exp.Expr]]:
    for child in root.__subclasses__():
        yield child
        yield from every_class(child)


def test_every_node_class_of_the_parser_is_decided() -> None:
    known = {c for c in every_class() if c.__module__.startswith("sqlglot.")}
    allowed = {c.__name__ for name in DIALECTS for c in rules_for(name).nodes}
    assert {c.__name__ for c in known} - allowed - REFUSED == set()
    assert allowed & REFUSED == set()
    assert REFUSED - {c.__name__ for c in known} == set()


def test_every_allowed_slot_exists_in_the_parser() -> None:
    unknown = {
        (kind.__name__, slot)
        for name in DIALECTS
        for kind, slots in rules_for(name).nodes.items()
        for slot in slots or ()
        if slot not in kind.arg_types
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT id FROM orders FOR UPDATE", "Row locks (FOR UPDATE, FOR SHARE)"),
        ("SELECT 1 INTO x", "SELECT INTO"),
        ("SELECT * FROM a.b.c", "Names of another database"),
        ("SELECT 1 WHERE 1 IN x", "IN without parentheses"),
        ("WITH d AS (DELETE FROM orders) SELECT 1", "DELETE"),
        ("SELECT $1", "Parameters"),
        ("SELECT CURRENT_USER", "The current user"),
        ("SELECT 1::regclass", "Types that name objects of the database"),
        ("SELECT 'a' GLOB 'b'", "Glob"),
    ],
)
def test_refusal_says_what_it_is_about(text: str, said: str) -> None:
    answer = rejected(text)
    assert answer.code == "not_allowed"
    assert answer.message.startswith(said)


@pytest.mark.parametrize(
    ("sql_type", "rendered"),
    [
        ("int4", "INT"),
        ("text[]", "TEXT[]"),
        ("numeric(10, 2)", "DECIMAL(10, 2)"),
        ("timestamptz", "TIMESTAMPTZ"),
        ("timestamp(3) with time zone", "TIMESTAMPTZ(3)"),
        ("double precision", "DOUBLE PRECISION"),
        ("tsvector", "tsvector"),
        ("TSQUERY", "tsquery"),
        ("jsonpath", "jsonpath"),
        ("uuid", "UUID"),
    ],
)
def test_types_of_values_are_accepted(sql_type: str, rendered: str) -> None:
    assert accepted(f"SELECT NULL::{sql_type}").sql == f"SELECT CAST(NULL AS {rendered}) LIMIT 1001"


@pytest.mark.parametrize("sql_type", ["secrets", "public.t", '"char"', "xml", "hstore", "record"])
def test_other_types_are_refused(sql_type: str) -> None:
    assert rejected(f"SELECT NULL::{sql_type}").code == "type_not_allowed"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Total", "total"),
        ('"Total"', '"Total"'),
        ("ÄB", '"Äb"'),
        ('"a""b"', '"a""b"'),
        ("x$y", '"x$y"'),
    ],
)
def test_names_are_printed_as_the_engine_stores_them(name: str, stored: str) -> None:
    assert accepted(f"SELECT 1 AS {name}").sql == f"SELECT 1 AS {stored} LIMIT 1001"


def test_name_may_have_63_bytes_and_no_more() -> None:
    assert accepted(f"SELECT 1 AS {'a' * 63}")
    assert rejected(f"SELECT 1 AS {'a' * 64}").code == "bad_name"
    assert rejected(f"SELECT 1 AS {'é' * 32}").code == "bad_name"


@pytest.mark.parametrize("word", ["user", "USER", "current_role", "system_user"])
def test_session_words_are_refused_only_where_they_mean_the_session(word: str) -> None:
    assert rejected(f"SELECT {word} FROM sales.events").code == "session_information"
    assert accepted(f"SELECT e.{word} FROM sales.events e")
    assert accepted(f'SELECT "{word.lower()}" FROM sales.events e')


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM orders ORDER BY *",
        "SELECT concat(*)",
        "SELECT array_agg(id ORDER BY id LIMIT 2) FROM orders",
        "SELECT 1 FROM orders o LEFT SEMI JOIN customers c ON TRUE",
        "SELECT 1 IS NORMALIZED",
    ],
)
def test_pieces_in_the_wrong_place_are_refused(text: str) -> None:
    assert rejected(text).code in {"not_allowed", "syntax"}

"""Promises of the function stage: listed calls only, and none that produces too much."""

import re

import pytest

from atlas.sql import Options
from atlas.sql.dialects.postgres import RULES as POSTGRES
from tests.sql.world import accepted, rejected

_DANGEROUS = re.compile(
    r"pg_(?!typeof\Z)|lo_|dblink|xml|query_to|txid|inet_(client|server)|has_|nextval|setval|currval|lastval"
    r"|set_config|current_setting|ts_stat|ts_rewrite|version|current_(user|schema|database)"
)


def test_list_is_long_and_holds_nothing_dangerous() -> None:
    assert len(POSTGRES.functions) >= 350
    assert [name for name in POSTGRES.functions if _DANGEROUS.match(name)] == []
    assert all(name == name.lower() for name in POSTGRES.functions)


@pytest.mark.parametrize("name", ["upper", "UPPER", "Upper"])
def test_call_keeps_its_name_and_arguments(name: str) -> None:
    assert accepted(f"SELECT {name}('x')").sql == "SELECT UPPER('x') LIMIT 1001"


@pytest.mark.parametrize(
    "call",
    [
        "to_hex(255)",
        "log10(5)",
        "regexp_like('a', 'b', 'i')",
        "array_append(ARRAY[1], 2)",
        "date_part('year', DATE '2024-01-01')",
        "div(7, 2)",
        "now()",
        "string_agg('a', 'b')",
        "json_object_agg('a', 'b')",
        "to_timestamp(0)",
    ],
)
def test_call_is_not_translated_into_another(call: str) -> None:
    name = call.partition("(")[0]
    assert accepted(f"SELECT {call}").sql.startswith(f"SELECT {name.upper()}(")


def test_unknown_function_is_refused_with_the_nearest_name() -> None:
    answer = rejected("SELECT\n  date_trunk('month', ordered_on) FROM orders")
    assert answer.code == "function_not_allowed"
    assert answer.offending == "date_trunk"
    assert answer.suggestion == "date_trunc"
    assert answer.position == (2, 3)
    assert answer.message == (
        "The function date_trunk is not one that may be called; did you mean date_trunc?"
    )


def test_function_unlike_any_other_gets_no_suggestion() -> None:
    assert rejected("SELECT zzzzzzzz(1)").suggestion is None


def test_extra_functions_are_allowed_beside_the_list() -> None:
    options = Options(extra_functions=frozenset({"to_euro"}))
    assert accepted("SELECT to_euro(1)", options).sql == "SELECT TO_EURO(1) LIMIT 1001"
    assert rejected("SELECT to_euro(1)").code == "function_not_allowed"


@pytest.mark.parametrize(
    ("call", "rendered"),
    [
        ("repeat('x', 10000)", "REPEAT('x', 10000)"),
        ("repeat('x', id)", "REPEAT('x', LEAST(orders.id, 10000))"),
        ("lpad(status, id * 2)", "LPAD(orders.status, LEAST(orders.id * 2, 10000))"),
        ("rpad(status, LEAST(id, 50))", "RPAD(orders.status, LEAST(orders.id, 50))"),
        (
            "repeat('x', LEAST(id, 50000))",
            "REPEAT('x', LEAST(LEAST(orders.id, 50000), 10000))",
        ),
        ("repeat('x', -(-5))", "REPEAT('x', -(-5))"),
        ("repeat('x', '9'::int)", "REPEAT('x', CAST('9' AS INT))"),
        ("repeat('x', 'nine'::int)", "REPEAT('x', LEAST(CAST('nine' AS INT), 10000))"),
        ("factorial(10)", "FACTORIAL(10)"),
        ("repeat('x')", "REPEAT('x')"),
    ],
)
def test_size_is_bounded(call: str, rendered: str) -> None:
    assert accepted(f"SELECT {call} FROM orders").sql == (
        f"SELECT {rendered} FROM public.orders LIMIT 1001"
    )


@pytest.mark.parametrize(
    "call",
    [
        "repeat('x', 10001)",
        "repeat('x', 100 * 101)",
        "repeat('x', 20000 - 1)",
        "repeat('x', 9999 + 2)",
        "repeat('x', '99999'::int)",
        "lpad(rpad('x', 9), 9)",
        "factorial(1001)",
        "generate_series(1, 1000002)",
        "generate_series(1, -1000002, -1)",
        "generate_series(1, 2, 0)",
        "generate_series(0, 1, 0.0000001)",
        "array_fill(0, ARRAY[1001, 1000])",
        "array_fill(0, (SELECT ARRAY[5]))",
        "format('%10000s', 1)",
        "format('%1$-10000s', 1)",
        "format('%*s', 5, 1)",
        "format(status)",
    ],
)
def test_too_large_is_refused(call: str) -> None:
    assert rejected(f"SELECT {call} FROM orders").code == "too_large"


@pytest.mark.parametrize(
    "call",
    [
        "generate_series(1, 1000001)",
        "generate_series(1, id)",
        "generate_series(DATE '2020-01-01', DATE '2024-01-01', '1 day')",
        "generate_series(5)",
        "array_fill(0, ARRAY[1000, 1000])",
        "array_fill(0)",
        "format('%9999s %%', 1)",
        "format()",
    ],
)
def test_large_enough_is_accepted(call: str) -> None:
    assert accepted(f"SELECT {call} FROM orders")

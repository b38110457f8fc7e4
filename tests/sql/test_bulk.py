"""Promises of bulk checking: one verdict a line, in order, whatever the lines hold."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from atlas.runtime.command_line import needs_database
from atlas.sql.bulk import Verdict, check_lines, check_text
from atlas.sql.types import Rejection, ValidatedQuery

TABLES = ("orders", "customers", "analytics.events")


def verdict(line: object, tables: tuple[str, ...] = TABLES) -> Verdict:
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    (answer,) = check_lines([raw], tables, itertools.count().__next__)
    return answer


def request(sql: object, **more: object) -> dict[str, object]:
    return {"id": 7, "dialect": "postgres", "sql": sql, **more}


def test_allowed_text_comes_with_tables_and_rendering() -> None:
    assert verdict(request("select o.id from orders o, analytics.events")) == {
        "id": 7,
        "verdict": "allow",
        "code": None,
        "stage": None,
        "tables": ["analytics.events", "orders"],
        "rendered": "SELECT o.id FROM orders AS o, analytics.events LIMIT 1001",
        "ms": 1000,
    }


def test_refused_text_comes_with_code_and_stage() -> None:
    assert verdict(request("select * from secrets")) == {
        "id": 7,
        "verdict": "deny",
        "code": "unknown_table",
        "stage": "names",
        "tables": [],
        "rendered": None,
        "ms": 1000,
    }


@pytest.mark.parametrize("sql", ["SELECT * FROM events", "SELECT * FROM analytics.orders"])
def test_a_name_with_schema_does_not_list_the_bare_one_nor_the_reverse(sql: str) -> None:
    assert verdict(request(sql))["code"] == "unknown_table"


def test_duckdb_names_a_table_of_an_attached_database_when_it_is_listed_so() -> None:
    sql = "SELECT o.id, shop.main.customers.name FROM shop.main.orders o JOIN shop.main.customers"
    sql += " ON o.customer_id = shop.main.customers.id"
    tables = ("shop.main.orders", "shop.main.customers")
    answer = check_text(sql, "duckdb", tables)
    assert isinstance(answer, ValidatedQuery)
    assert answer.tables == ("shop.main.customers", "shop.main.orders")
    for other in (("main.orders", "main.customers"), ("orders", "customers")):
        refused = check_text(sql, "duckdb", other)
        assert isinstance(refused, Rejection)
        assert refused.code == "unknown_table"


def test_a_lines_own_tables_win() -> None:
    assert verdict(request("select 1 from a", tables=["a"]))["verdict"] == "allow"
    assert verdict(request("select 1 from a", tables="b, a"))["verdict"] == "allow"
    assert verdict(request("select 1 from orders", tables=["a"]))["verdict"] == "deny"
    assert verdict(request("select 1 from orders", tables=[]))["verdict"] == "deny"
    assert verdict(request("select 1 from orders", tables=None))["verdict"] == "allow"


@pytest.mark.parametrize("name", ['"Orders"', "'Orders'", ' "Orders" '])
def test_a_quoted_table_keeps_its_case_and_its_spelling(name: str) -> None:
    answer = verdict(request('select 1 from "Orders"'), (name,))
    assert answer["tables"] == [name.strip()]
    assert verdict(request("select 1 from orders"), (name,))["verdict"] == "deny"
    assert verdict(request("select 1 from orders"), ("Orders",))["tables"] == ["Orders"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"", None),
        (b"\n", None),
        (b"nonsense", None),
        (b'{"id": 1', None),
        (b"[" * 100_000, None),
        (b"\xff\xfe{", None),
        (b'"text"', None),
        (b"[1]", None),
        (b'{"id": 7}', 7),
        (b'{"id": 7, "sql": 1, "dialect": "postgres"}', 7),
        (b'{"id": 7, "sql": "SELECT 1"}', 7),
        (b'{"id": 7, "sql": "SELECT 1", "dialect": null}', 7),
        (b'{"id": 7, "sql": "SELECT 1", "dialect": "postgres", "tables": 5}', 7),
        (b'{"id": 7, "sql": "SELECT 1", "dialect": "postgres", "tables": [5]}', 7),
    ],
)
def test_bad_lines_are_told_and_the_next_ones_checked(line: bytes, name: object) -> None:
    good = json.dumps(request("SELECT 1")).encode()
    first, second = check_lines([line, good], TABLES, itertools.count().__next__)
    assert (first["id"], first["verdict"]) == (name, "deny")
    assert (first["code"], first["stage"]) == ("bad_input", "input")
    assert second["verdict"] == "allow"


def test_unknown_dialect_is_a_refusal() -> None:
    answer = verdict(request("SELECT 1", dialect="soql"))
    assert (answer["code"], answer["stage"]) == ("unknown_dialect", "dialect")


def test_lone_surrogates_do_not_stop_the_run() -> None:
    answer = verdict(b'{"id": 7, "sql": "SELECT \'\\ud800\'", "dialect": "postgres"}')
    assert json.dumps(answer).isascii()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sql", "check", *arguments, stdout=out)
    return out.getvalue()


def test_command_checks_a_file(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1, "sql": "SELECT 1", "dialect": "postgres"}\nbad\n')
    lines = [json.loads(line) for line in run("--jsonl", str(file)).splitlines()]
    assert [(line["id"], line["code"]) for line in lines] == [(1, None), (None, "bad_input")]


def test_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    line = b'{"id": 1, "sql": "SELECT 1", "dialect": "postgres"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))
    assert json.loads(run("--jsonl", "-"))["verdict"] == "allow"


def test_command_tells_people_about_one_text() -> None:
    assert run("SELECT o.id FROM orders o", "--tables", "orders") == (
        "Accepted. Tables: orders\nColumns: orders.id\nSELECT o.id FROM orders AS o LIMIT 1001\n"
    )
    assert run("SELECT 1\nFROM ordrs", "--tables", "orders") == (
        "Refused by names: unknown_table\n"
        "The table ordrs is not one of the tables that may be read; did you mean orders?"
        " (line 2, column 6)\n"
    )


@pytest.mark.parametrize("arguments", [[], ["SELECT 1", "--jsonl", "x"], ["--jsonl", "/no/file"]])
def test_command_says_what_is_wrong_with_its_arguments(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def test_command_needs_no_database() -> None:
    assert not needs_database(["manage.py", "sql", "check", "SELECT 1"])


def test_one_text_is_answered_as_a_value() -> None:
    good: Any = check_text("SELECT 1 FROM orders", "postgres", ("Orders",))
    assert isinstance(good, ValidatedQuery)
    assert good.tables == ("Orders",)
    assert isinstance(check_text("SELECT 1", "soql", ()), Rejection)

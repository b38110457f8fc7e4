"""When the parser itself is at fault the guard refuses; it never raises and never lets through."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres

from atlas.sql import Rejection, Table, ValidatedQuery, pipeline
from atlas.sql.dialects.postgres import RULES as POSTGRES
from atlas.sql.refusal import RefusalError
from atlas.sql.stages import rendering
from atlas.sql.stages.names import resolve_names
from atlas.sql.stages.nodes import check_nodes
from atlas.sql.stages.statement import parse_query
from atlas.sql.stages.tokens import read_tokens
from tests.sql.world import CATALOG, ask


def tree_of(sql: str) -> exp.Expr:
    return parse_query(sql, read_tokens(sql, POSTGRES), POSTGRES)


class BrokenPostgres(Postgres):
    def parser(self, **opts: Any) -> Any:
        raise AttributeError("no such thing")


class LyingPostgres(Postgres):
    text = ""

    def generator(self, **opts: Any) -> Any:
        return SimpleNamespace(generate=lambda tree, copy: self.text)


def answer_with(dialect: Postgres, monkeypatch: pytest.MonkeyPatch) -> Rejection:
    rules = dataclasses.replace(POSTGRES, dialect=dialect)
    monkeypatch.setattr(pipeline, "rules_for", lambda name: rules)
    answer = ask("SELECT id FROM orders")
    assert isinstance(answer, Rejection), answer
    return answer


def test_error_inside_the_parser_is_a_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_with(BrokenPostgres(), monkeypatch)
    assert (answer.code, answer.stage) == ("syntax", "statement")
    assert answer.message == "The query cannot be read as PostgreSQL."


def test_error_inside_the_guard_is_a_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*args: object) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr(pipeline, "resolve_names", stumble)
    answer = ask("SELECT 1")
    assert isinstance(answer, Rejection)
    assert (answer.code, answer.stage, answer.offending) == ("guard_fault", "names", "KeyError")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT secret FROM secrets", "unknown_table"),
        ("SELECT total FROM public.orders LIMIT 1001", "not_reproducible"),
        ("DROP TABLE orders", "not_reproducible"),
        ("SELECT 'abc", "not_reproducible"),
    ],
)
def test_rendering_that_says_something_else_is_refused(
    text: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = LyingPostgres()
    dialect.text = text
    assert answer_with(dialect, monkeypatch).code == code


def test_place_nobody_resolved_is_refused() -> None:
    nodes = check_nodes(tree_of("SELECT id FROM orders"), POSTGRES)
    forgotten = exp.Table(this=exp.Identifier(this="secrets", quoted=False))
    with pytest.raises(RefusalError, match="in a place that cannot be checked"):
        resolve_names(nodes[0], [*nodes, forgotten], CATALOG, POSTGRES)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("SELECT 1", "SELECT 1", True),
        ("SELECT 1", "SELECT 2", False),
        ("SELECT 1", "SELECT '1'", False),
        ("SELECT 1", "SELECT 1, 1", False),
        ("SELECT a", 'SELECT "a"', False),
        ("SELECT a", "SELECT DISTINCT a", False),
        ("SELECT a", "SELECT -a", False),
    ],
)
def test_trees_are_compared_to_the_last_leaf(left: str, right: str, same: bool) -> None:
    assert rendering.same_tree(tree_of(left), tree_of(right)) is same


def test_fingerprint_is_the_hash_of_the_text_that_is_sent() -> None:
    one, other = ask("SELECT  1"), ask("select 1 -- same")
    assert isinstance(one, ValidatedQuery)
    assert one == other
    assert one.fingerprint == "e4a1e09335432821f206e755e758d80ea88e9bc3d5431a8d0dcf94e8a78cfd86"


def test_tables_name_themselves() -> None:
    assert Table("a", "b", None).full_name == "a.b"
    assert Table(None, "b", None).full_name == "b"

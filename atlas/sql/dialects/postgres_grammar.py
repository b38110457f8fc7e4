"""sqlglot's PostgreSQL grammar, kept from translating what a query says into something else."""

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.generators.postgres import PostgresGenerator
from sqlglot.parser import Parser
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokenizer_core import TokenType

_KEYWORD_CALLS = ("CAST", "EXTRACT", "NORMALIZE", "OVERLAY", "POSITION", "SUBSTRING", "TRIM")


def _arrow(node: type[exp.Expr]) -> Callable[[Parser, exp.Expr, exp.Expr], exp.Expr]:
    def build(parser: Parser, this: exp.Expr, path: exp.Expr) -> exp.Expr:
        return node(this=this, expression=path)

    return build


class StrictPostgresParser(PostgresParser):
    """Calls keep the name and the arguments they were written with.

    sqlglot maps calls onto a vocabulary shared by all engines and prints them in its own words,
    which drops arguments it does not know. Only calls with keywords inside keep a parser.
    """

    FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        name: PostgresParser.FUNCTION_PARSERS[name] for name in _KEYWORD_CALLS
    }
    NO_PAREN_FUNCTION_PARSERS = {
        name: PostgresParser.NO_PAREN_FUNCTION_PARSERS[name] for name in ("ANY", "CASE", "VARIADIC")
    }
    JSON_OPERATORS: ClassVar[dict[TokenType, Callable[..., Any]]] = {
        **PostgresParser.JSON_OPERATORS,
        TokenType.ARROW: _arrow(exp.JSONExtract),
        TokenType.DARROW: _arrow(exp.JSONExtractScalar),
    }


class StrictPostgresGenerator(PostgresGenerator):
    """Prints the tree as it is, without help for engines that lack something."""

    MULTI_ARG_DISTINCT = True
    JSON_TYPE_REQUIRED_FOR_EXTRACTION = False
    TRANSFORMS: ClassVar[dict[type[exp.Expr], Callable[..., str]]] = {
        **PostgresGenerator.TRANSFORMS,
        exp.CurrentTime: lambda *_: "CURRENT_TIME",
    }


class StrictPostgres(Postgres):
    """The dialect the guard reads and writes for PostgreSQL."""

    Parser = StrictPostgresParser
    Generator = StrictPostgresGenerator

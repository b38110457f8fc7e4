"""Expressions of the semantic layer: parsed by the guard's rules, and the columns they read."""

from sqlglot import exp

from atlas.sql.dialects import rules_for
from atlas.sql.pipeline import read_statement
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.functions import check_functions
from atlas.sql.stages.nodes import check_nodes

_PREFIX = "SELECT "


class ExpressionError(ValueError):
    """An expression that the guard would not accept; the text is a sentence for its author."""


def parse_expression(sql: str, *, dialect: str = "postgres") -> exp.Expr:
    """The tree of one SQL expression over columns; raises ExpressionError.

    Names in the tree are as the engine stores them. Queries, aliases, stars outside count(*) and
    functions that are not listed are errors.
    """
    try:
        rules = rules_for(dialect)
        tree = read_statement(_PREFIX + sql, rules)
        expression = _only_expression(tree)
        check_functions(check_nodes(tree, rules), rules, frozenset())
    except RefusalError as refused:
        raise ExpressionError(refused.message) from refused
    except RecursionError as error:
        raise ExpressionError("The expression is nested too deeply; simplify it.") from error
    expression.pop()
    return expression


def referenced_columns(sql: str, *, dialect: str = "postgres") -> frozenset[str]:
    """The columns an expression reads, `name` or `qualifier.name`, as the engine stores them."""
    tree = parse_expression(sql, dialect=dialect)
    return frozenset(
        ".".join(part.this for part in column.parts) for column in tree.find_all(exp.Column)
    )


def _only_expression(tree: exp.Expr) -> exp.Expr:
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
        raise RefusalError(
            "not_an_expression", "Write one expression over the columns of the table."
        )
    expression: exp.Expr = tree.expressions[0]
    clauses = any(value for slot, value in tree.args.items() if slot != "expressions")
    nested = isinstance(expression, exp.Alias) or expression.is_star or expression.find(exp.Query)
    if clauses or nested:
        raise RefusalError(
            "not_an_expression",
            "An expression may hold columns, functions and operators, but no query and no AS.",
        )
    return expression

"""Functions: every call is to a listed built-in, with arguments that keep its result small."""

from collections.abc import Iterable

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.letters import lower
from atlas.sql.refusal import RefusalError, did_you_mean, nearest, offset_of
from atlas.sql.stages.bounds import bound_call
from atlas.sql.stages.calls import check_calls

# The functions that return a record, with the names of its fields.
RECORDS = dict.fromkeys(
    ("json_each", "json_each_text", "jsonb_each", "jsonb_each_text"), frozenset({"key", "value"})
)


def check_functions(nodes: Iterable[exp.Expr], rules: DialectRules, extra: frozenset[str]) -> None:
    """Refuse calls that are not listed, and put a bound on those that could produce too much."""
    if not rules.traits.exact_columns:
        check_calls(nodes, rules, extra)
        return
    for node in nodes:
        if isinstance(node, exp.Anonymous):
            _check_call(node, rules, extra)
        elif isinstance(node, exp.Dot) and not _is_field(node):
            # PostgreSQL reads (value).name as name(value) for every function of one argument.
            _refuse_spelling(node)


def _is_field(dot: exp.Dot) -> bool:
    """Whether what follows the dot can be nothing but a field, or all of them."""
    if isinstance(dot.expression, exp.Star):
        return True
    call = dot.this.unnest()
    fields = RECORDS.get(call.name.lower(), ()) if isinstance(call, exp.Anonymous) else ()
    return isinstance(dot.expression, exp.Identifier) and dot.expression.name in fields


def _check_call(call: exp.Anonymous, rules: DialectRules, extra: frozenset[str]) -> None:
    if not isinstance(call.this, str):
        _refuse_spelling(call)
    if isinstance(call.parent, exp.Table) and call.parent.args.get("db"):
        _refuse_spelling(call)
    name = lower(call.this)
    if name not in rules.functions and name not in extra:
        suggestion = nearest(name, rules.functions | extra)
        raise RefusalError(
            "function_not_allowed",
            f"The function {name} is not one that may be called{did_you_mean(suggestion)}",
            offending=name,
            offset=offset_of(call),
            suggestion=suggestion,
        )
    bound_call(call, name, rules)


def _refuse_spelling(call: exp.Expr) -> None:
    raise RefusalError(
        "function_not_allowed",
        "Functions are called by their plain name, without quotes, a schema or a value in front.",
        offending=call.sql()[:200],
        offset=offset_of(call),
    )

"""Keeps the parser from translating what a query says into something else.

sqlglot maps calls onto a vocabulary shared by all engines and prints them in its own words, which
drops arguments it does not know; it also reads the right side of a JSON arrow as a path. A mark on
the tokens before parsing, taken off the tree again afterwards, makes it keep both as written.
(The compiled parser cannot be subclassed.)
"""

from collections.abc import Callable, Iterable
from functools import cache

from sqlglot import exp
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.dialects.units import UNITS
from atlas.sql.dialects.words import MARK
from atlas.sql.stages.cut_lists import fold_limits, unfold_limit
from atlas.sql.stages.grouping import grouped
from atlas.sql.stages.json_columns import fold_options, unfold_options

_ARROWS = frozenset({TokenType.ARROW, TokenType.DARROW})
_LITERALS = frozenset({TokenType.STRING, TokenType.NUMBER})
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_BEFORE_STAR = frozenset(
    {TokenType.SELECT, TokenType.COMMA, TokenType.DOT, TokenType.L_PAREN, TokenType.DISTINCT}
)


def protect(tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with called names marked and literals behind arrows in parentheses."""
    callable_kinds = _callable_kinds(rules.dialect.parser_class)
    tokens = fold_limits(fold_options(grouped(tokens, rules), rules), rules)
    out: list[Token] = []
    before = None
    for index, token in enumerate(tokens):
        kind = token.token_type
        if before in _ARROWS and kind in _LITERALS:
            out += [
                _like(token, TokenType.L_PAREN, "("),
                token,
                _like(token, TokenType.R_PAREN, ")"),
            ]
        elif (
            kind in callable_kinds
            and index + 1 < len(tokens)
            and tokens[index + 1].token_type is TokenType.L_PAREN
            and _is_translated(tokens, index, rules)
        ):
            out.append(_like(token, kind, token.text + MARK))
        elif kind is TokenType.INTERVAL and _is_interval_call(tokens, index, rules):
            out.append(_like(token, TokenType.VAR, token.text))
        else:
            out.append(token)
        before = kind
    return out


@cache
def _callable_kinds(parser: type[Parser]) -> frozenset[TokenType]:
    return frozenset(parser.FUNC_TOKENS - parser.SUBQUERY_PREDICATES.keys())


def _is_translated(tokens: list[Token], index: int, rules: DialectRules) -> bool:
    """Whether the parser would put another call in this one's place."""
    name = tokens[index].text.upper()
    if name not in rules.translated_names:
        return False
    if index and not rules.traits.exact_columns and _ends_star(tokens, index - 1):
        return False
    words = rules.traits.keyword_calls.get(name)
    if words is None:
        return True
    return "*" not in words and not _has_word(tokens, index + 1, words)


def _is_interval_call(tokens: list[Token], index: int, rules: DialectRules) -> bool:
    """INTERVAL(a, b, ...) is a call in MySQL, INTERVAL (a) DAY is not."""
    following = tokens[index + 1 : index + 2]
    called = rules.traits.interval_calls and following
    if not called or following[0].token_type is not TokenType.L_PAREN:
        return False
    return _has_word(tokens, index + 1, frozenset({","}))


def _ends_star(tokens: list[Token], index: int) -> bool:
    """Whether what stands here is a star of the select list, or what belongs to one."""
    kind = tokens[index].token_type
    if kind is TokenType.STAR:
        return index == 0 or tokens[index - 1].token_type in _BEFORE_STAR
    return kind is TokenType.R_PAREN and not _ends_distinct_on(tokens, index)


def _ends_distinct_on(tokens: list[Token], closing: int) -> bool:
    """Whether this bracket ends DISTINCT ON (...), behind which the select list begins."""
    depth, index = 0, closing
    while index > 0:
        kind = tokens[index].token_type
        depth += (kind in _CLOSING) - (kind in _OPENING)
        if depth == 0:
            break
        index -= 1
    before = [token.token_type for token in tokens[max(0, index - 2) : index]]
    return before == [TokenType.DISTINCT, TokenType.ON]


def _has_word(tokens: list[Token], opening: int, words: frozenset[str]) -> bool:
    """Whether one of the words stands in the brackets, outside of brackets further in.

    The word ")(" asks for a second pair of brackets right behind.
    """
    depth = 0
    for index in range(opening, len(tokens)):
        kind = tokens[index].token_type
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
            if depth == 0:
                following = tokens[index + 1 : index + 2]
                again = any(t.token_type is TokenType.L_PAREN for t in following)
                return again and ")(" in words
        elif depth == 1 and kind not in _LITERALS and tokens[index].text.upper() in words:
            return True
    return False


def _like(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, token.comments)


def restore(tree: exp.Expr, rules: DialectRules) -> None:
    """Take the marks off the tree again."""
    changes = _CHANGES if rules.traits.exact_columns else _OTHER_CHANGES
    stack: list[object] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, exp.Expr):
            change = changes.get(type(node))
            if change is not None:
                change(node, rules)
            # Leaves and flags are not worth a turn of the loop.
            stack += [value for value in node.args.values() if value and value is not True]


def _unmark(node: exp.Expr, rules: DialectRules) -> None:
    name = node.this
    if isinstance(name, str) and name.endswith(MARK):
        node.set("this", name.removesuffix(MARK))


def _unwrap(node: exp.Expr, rules: DialectRules) -> None:
    value = node.this
    if isinstance(value, exp.Paren) and isinstance(value.this, exp.Paren):
        node.set("this", value.this.this)
    path = node.args.get("expression")
    if isinstance(path, exp.Paren) and isinstance(path.this, exp.Literal):
        node.set("expression", path.this)


def _unwrap_path(node: exp.Expr, rules: DialectRules) -> None:
    path = node.args.get("path")
    if isinstance(path, exp.Paren) and isinstance(path.this, exp.Literal):
        node.set("path", path.this)


def _call(node: exp.Expr, rules: DialectRules) -> None:
    """DISTINCT before several arguments belongs to the first; the printer cannot write the rest."""
    _unmark(node, rules)
    if isinstance(node.this, str) and not rules.traits.keeps_call_case:
        # As it will be printed, so that the printed text reads back as the same tree.
        node.set("this", node.this.upper())
    if not rules.traits.exact_columns:
        _read_units(node, rules)
    arguments = [part for argument in node.expressions for part in _apart(argument)]
    if len(arguments) != len(node.expressions):
        node.set("expressions", arguments)


def _read_units(call: exp.Expr, rules: DialectRules) -> None:
    """A unit such as MONTH is a word of the call, not a column."""
    for position in rules.traits.unit_calls.get(str(call.this).upper(), ()):
        if position < len(call.expressions):
            argument = call.expressions[position]
            if isinstance(argument, exp.Column) and _is_unit(argument):
                argument.replace(exp.Var(this=argument.this.this))


def _is_unit(column: exp.Column) -> bool:
    bare = isinstance(column.this, exp.Identifier) and not column.this.args.get("quoted")
    return bare and not column.args.get("table") and column.this.this.upper() in UNITS


def _apart(argument: exp.Expr) -> Iterable[exp.Expr]:
    distinct = argument.this if isinstance(argument, exp.Order) else argument
    if not isinstance(distinct, exp.Distinct) or len(distinct.expressions) < 2:
        return [argument]
    first, *rest = distinct.expressions
    distinct.set("expressions", [first])
    if isinstance(argument, exp.Order):
        argument.set("this", rest.pop())
        rest.append(argument)
    return [distinct, *rest]


def _keyword(node: exp.Expr, rules: DialectRules) -> None:
    """The printer adds parentheses that the engine does not accept."""
    node.replace(exp.Var(this="CURRENT_TIME"))


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr, DialectRules], None]] = {
    exp.Anonymous: _call,
    exp.Identifier: _unmark,
    exp.JSONExtract: _unwrap,
    exp.JSONExtractScalar: _unwrap,
    exp.JSONValue: _unwrap_path,
    exp.CurrentTime: _keyword,
}


def _constant(node: exp.Expr, rules: DialectRules) -> None:
    """A word such as UTC_DATE is a value, which the printer would quote as a name."""
    name = node.this
    if not rules.traits.constants or not isinstance(name, exp.Identifier):
        return
    bare = not name.args.get("quoted") and not node.args.get("table")
    if bare and name.this.lower() in rules.traits.constants:
        node.replace(exp.Var(this=name.this.upper()))


def _rows(node: exp.Expr, rules: DialectRules) -> None:
    """MySQL's VALUES ROW(...) holds rows, not calls."""
    for row in node.expressions:
        call = row.expressions[0] if len(row.expressions) == 1 else None
        if isinstance(call, exp.Anonymous) and str(call.this).upper() == "ROW":
            row.set("expressions", call.expressions)


def _sample(node: exp.Expr, rules: DialectRules) -> None:
    """ClickHouse's FINAL SAMPLE belongs to the table."""
    source = node.args["from_"].this if node.args.get("from_") else None
    if isinstance(source, exp.Final) and node.args.get("sample"):
        source.this.set("sample", node.args.pop("sample"))


def _type(node: exp.Expr, rules: DialectRules) -> None:
    """Types that are printed under one name are one type, or the text would read otherwise."""
    # Said by the parser where the query names no type at all, as in ClickHouse's `items[].sku`.
    node.args.pop("dialect", None)
    kind = rules.traits.same_types.get(node.this)
    if kind is not None:
        node.set("this", kind)


def _join(node: exp.Expr, rules: DialectRules) -> None:
    """ClickHouse's ANY INNER JOIN is its ANY JOIN; the printer would turn the words round."""
    if str(node.args.get("side") or "").upper() == "INNER":
        node.set("side", None)


def _boolean(node: exp.Expr, rules: DialectRules) -> None:
    """Snowflake's TRY_CAST(... AS BOOLEAN) is a cast, whatever else does the same."""
    kind = exp.DType.BOOLEAN.into_expr()
    node.replace(exp.TryCast(this=node.this, to=kind, requires_string=True))


def _subobject(node: exp.Expr, rules: DialectRules) -> None:
    """The path behind ClickHouse's `.^` names a part of the JSON value, no column."""
    path = node.expression
    if isinstance(path, exp.Column):
        first, *rest = path.parts
        node.set("expression", exp.Dot.build([first, *rest]) if rest else first)


_OTHER_CHANGES = {
    **{kind: _CHANGES[kind] for kind in _CHANGES if kind is not exp.CurrentTime},
    exp.DataType: _type,
    exp.Join: _join,
    exp.ToBoolean: _boolean,
    exp.JSONColumnDef: unfold_options,
    exp.GroupConcat: unfold_limit,
    exp.NestedJSONSelect: _subobject,
    exp.Column: _constant,
    exp.Values: _rows,
    exp.Select: _sample,
}

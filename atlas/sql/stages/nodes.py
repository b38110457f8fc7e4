"""Nodes: every piece of the tree is of a kind, and in a place, that the dialect lists."""

from collections.abc import Callable

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError, offset_of

_JOIN_WORDS = {
    "side": frozenset({"LEFT", "RIGHT", "FULL"}),
    "kind": frozenset({"INNER", "OUTER", "CROSS"}),
    "method": frozenset({"NATURAL"}),
}
_FRIENDLY = {
    "CurrentUser": "The current user",
    "SessionUser": "The current user",
    "CurrentCatalog": "The name of the database",
    "CurrentSchema": "The current schema",
    "ObjectIdentifier": "Types that name objects of the database",
    "Insert": "INSERT",
    "Update": "UPDATE",
    "Delete": "DELETE",
    "Merge": "MERGE",
    "Parameter": "Parameters",
    "Placeholder": "Placeholders",
}
_SLOT_NAMES = {
    "into": "SELECT INTO",
    "locks": "Row locks (FOR UPDATE, FOR SHARE)",
    "only": "ONLY",
    "catalog": "Names of another database",
    "hint": "Hints",
    "field": "IN without parentheses",
    "format": "FORMAT",
    "pivots": "PIVOT",
    "laterals": "LATERAL VIEW",
    "qualify": "QUALIFY",
}


def check_nodes(tree: exp.Expr, rules: DialectRules) -> list[exp.Expr]:
    """Refuse any node or slot that is not listed; fold and measure names on the way.

    Returns every node of the tree, so that later stages need no walk of their own.
    """
    checks = _CHECKS if rules.traits.exact_columns else _OTHER_CHECKS
    nodes: list[exp.Expr] = []
    stack: list[exp.Expr] = [tree]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind not in rules.nodes:
            raise _unknown(node, rules)
        nodes.append(node)
        _check_slots(node, rules.nodes[kind], stack)
        check = checks.get(kind)
        if check is not None:
            check(node, rules)
    return nodes


def _check_slots(node: exp.Expr, slots: frozenset[str] | None, stack: list[exp.Expr]) -> None:
    for slot, value in node.args.items():
        if not value:
            continue
        if slots is not None and slot not in slots:
            raise _bad_slot(node, slot)
        if isinstance(value, exp.Expr):
            stack.append(value)
        elif isinstance(value, list):
            stack += [child for child in value if isinstance(child, exp.Expr)]


def _unknown(node: exp.Expr, rules: DialectRules) -> RefusalError:
    name = type(node).__name__
    said = _FRIENDLY.get(name, name)
    return RefusalError(
        "not_allowed",
        f"{said} cannot be used in a query; only plain reading is possible.",
        offending=node.sql(rules.dialect)[:200],
        offset=offset_of(node),
    )


def _bad_slot(node: exp.Expr, slot: str) -> RefusalError:
    said = _SLOT_NAMES.get(slot, f"{slot.strip('_').upper()} in {type(node).__name__}")
    return RefusalError(
        "not_allowed",
        f"{said} cannot be used in a query here.",
        offending=said[:200],
        offset=offset_of(node),
    )


def _refuse(node: exp.Expr, message: str) -> None:
    raise RefusalError("not_allowed", message, offending=node.sql()[:200], offset=offset_of(node))


def _check_identifier(node: exp.Expr, rules: DialectRules) -> None:
    name = rules.fold(node)
    if name in rules.session_words and not node.args.get("quoted") and _is_bare_column(node):
        raise RefusalError(
            "session_information",
            f"The word {name} tells about the session, not about the data; remove it.",
            offending=name,
            offset=offset_of(node),
        )
    if not name or len(name.encode()) > rules.max_name_bytes:
        raise RefusalError(
            "bad_name",
            f"A name is empty or longer than {rules.max_name_bytes} bytes; shorten it.",
            offending=name[:80],
            offset=offset_of(node),
        )
    node.set("this", name)
    node.set("quoted", bool(node.args.get("quoted")) or rules.must_quote(name))


def _is_bare_column(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.Column) and not node.parent.args.get("table")


def _check_star(node: exp.Expr, rules: DialectRules) -> None:
    parent = node.parent
    if isinstance(parent, exp.Select):
        return
    if isinstance(parent, exp.Dot) and isinstance(parent.parent, exp.Select):
        return
    if isinstance(parent, exp.Column) and isinstance(parent.parent, exp.Select | exp.Anonymous):
        return
    if isinstance(parent, exp.Anonymous) and str(parent.this).lower() == "count":
        return
    _refuse(node, "A star may stand only in the select list or in count(*).")


def _check_alias(node: exp.Expr, rules: DialectRules) -> None:
    if not isinstance(node.parent, exp.Select):
        _refuse(node, "AS may name a result of SELECT only.")


def _check_join(node: exp.Expr, rules: DialectRules) -> None:
    for slot, words in _JOIN_WORDS.items():
        word = node.args.get(slot)
        if word and str(word).upper() not in words:
            _refuse(node, f"{word} joins are not allowed; use INNER, LEFT, RIGHT, FULL or CROSS.")


def _check_is(node: exp.Expr, rules: DialectRules) -> None:
    if not isinstance(node.args.get("expression"), exp.Null | exp.Boolean | exp.JSON):
        _refuse(
            node, "IS may be followed by NULL, TRUE, FALSE, UNKNOWN, JSON or DISTINCT FROM only."
        )


def _check_type(node: exp.Expr, rules: DialectRules) -> None:
    kind, name = node.args.get("this"), node.args.get("kind")
    if kind in rules.types and (name is None or kind is exp.DType.CHARACTER_SET):
        return
    if isinstance(name, exp.Identifier) and rules.fold(name) in rules.named_types:
        return
    spelled = node.sql(rules.dialect)
    raise RefusalError(
        "type_not_allowed",
        f"Values cannot be cast to the type {spelled[:60]} here.",
        offending=spelled[:200],
        offset=offset_of(node),
    )


def _check_select(node: exp.Expr, rules: DialectRules) -> None:
    if not node.expressions and not node.args.get("from_"):
        raise RefusalError(
            "syntax",
            "The query selects nothing; write what to select behind SELECT.",
            offending="SELECT",
        )


def _check_lateral(node: exp.Expr, rules: DialectRules) -> None:
    """LATERAL goes before a query or a call; some engines take the word itself for a table."""
    if node.args.get("view") or node.args.get("cross_apply") is not None:
        _refuse(node, "LATERAL VIEW and APPLY are not known here; write JOIN LATERAL.")
    last = node.this.expression if isinstance(node.this, exp.Dot) else node.this
    if isinstance(last, exp.Identifier | exp.Column | exp.Table):
        _refuse(node, "Behind LATERAL stands a subquery or a listed function.")


def _check_fetch(node: exp.Expr, rules: DialectRules) -> None:
    """A printer that writes LIMIT for FETCH leaves out what LIMIT does not know."""
    options = node.args.get("limit_options")
    if options is None or rules.dialect.generator_class.LIMIT_FETCH != "LIMIT":
        return
    is_kept = rules.traits.keeps_ties and isinstance(node.parent, exp.Select)
    if options.args.get("percent") or (options.args.get("with_ties") and not is_kept):
        _refuse(node, "FETCH may say ROWS ONLY here; leave out WITH TIES and PERCENT.")


_SAMPLINGS = frozenset({"SYSTEM", "BERNOULLI"})


def _check_sample(node: exp.Expr, rules: DialectRules) -> None:
    """Any other method of sampling is a function that somebody put into the database."""
    if node.text("method").upper() not in _SAMPLINGS:
        _refuse(node, "TABLESAMPLE takes SYSTEM or BERNOULLI here.")


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr, DialectRules], None]] = {
    exp.Identifier: _check_identifier,
    exp.Star: _check_star,
    exp.Alias: _check_alias,
    exp.Join: _check_join,
    exp.Lateral: _check_lateral,
    exp.Is: _check_is,
    exp.DataType: _check_type,
    exp.Select: _check_select,
    exp.TableSample: _check_sample,
}


def _check_name(node: exp.Expr, rules: DialectRules) -> None:
    """Names of engines that keep a name as it is written."""
    name: str = node.this
    if not name or len(name) > rules.max_name_bytes:
        raise RefusalError(
            "bad_name",
            f"A name is empty or longer than {rules.max_name_bytes} characters; shorten it.",
            offending=name[:80],
            offset=offset_of(node),
        )
    if name[0] in "$@:" and not node.args.get("quoted"):
        _refuse(node, "Parameters cannot be used in a query; write the value itself.")
    if name.lower() in rules.system_columns and isinstance(node.parent, exp.Column):
        raise RefusalError(
            "system_column",
            f"The system column {name} cannot be read; use a column of the table.",
            offending=name,
            offset=offset_of(node),
        )
    if not node.args.get("quoted") and _is_session_word(node, name.lower(), rules):
        raise RefusalError(
            "session_information",
            f"The word {name} tells about the session, not about the data; remove it.",
            offending=name,
            offset=offset_of(node),
        )


def _is_session_word(node: exp.Expr, name: str, rules: DialectRules) -> bool:
    return name in rules.session_words and _is_bare_column(node)


def _check_parameter(node: exp.Expr, rules: DialectRules) -> None:
    """Snowflake's $1 is a column by its number; any other is a variable of the session."""
    if not str(node.args["this"].this).isdigit():
        _refuse(node, "Parameters cannot be used in a query; write the value itself.")


_MOMENTS = frozenset({"TIMESTAMP", "OFFSET", "STATEMENT"})


def _check_moment(node: exp.Expr, rules: DialectRules) -> None:
    """Snowflake's AT and BEFORE name a point in time; a stream is a thing of the database."""
    if str(node.args.get("kind") or "").upper() not in _MOMENTS:
        _refuse(node, "AT and BEFORE take TIMESTAMP, OFFSET or STATEMENT here.")


_SOURCES = (
    exp.Final,
    exp.Lateral,
    exp.Pivot,
    exp.Subquery,
    exp.Table,
    exp.TableFromRows,
    exp.Unnest,
    exp.Values,
)


def _check_source(node: exp.Expr, rules: DialectRules) -> None:
    """What is read stands in a place where its name is looked up, and nowhere else."""
    if str(node.args.get("kind") or "").upper() == "ARRAY":
        return
    if not isinstance(node.this, _SOURCES):
        _refuse(node, "Behind FROM and JOIN stands a table, a subquery or a listed function.")


_OTHER_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr, DialectRules], None]] = {
    exp.From: _check_source,
    exp.Join: _check_source,
    exp.Lateral: _check_lateral,
    exp.HistoricalData: _check_moment,
    exp.Fetch: _check_fetch,
    exp.Identifier: _check_name,
    exp.Parameter: _check_parameter,
    exp.DataType: _check_type,
    exp.Select: _check_select,
}

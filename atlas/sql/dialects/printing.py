"""Printing pieces as they were written, where sqlglot has words of its own for them."""

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.generator import Generator

from atlas.sql.dialects.rules import Print


def infix(word: str) -> Print:
    """`left WORD right`, or `left NOT WORD right`."""

    def print_infix(generator: Generator, node: exp.Expr) -> str:
        left, right = generator.sql(node, "this"), generator.sql(node, "expression")
        negated = "NOT " if node.args.get("negate") else ""
        return f"{left} {negated}{word} {right}"

    return print_infix


# Signs that make one operator of several.
_SIGNS = frozenset("-~|@+")


def prefix(sign: str) -> Print:
    """`SIGN operand`, so that the sign keeps its own rank and does not run into the next."""

    def print_prefix(generator: Generator, node: exp.Expr) -> str:
        operand = generator.sql(node, "this")
        apart = len(sign) > 1 or operand[:1] in _SIGNS
        return f"{sign} {operand}" if apart else f"{sign}{operand}"

    return print_prefix


def behind(words: str) -> Print:
    """`expression WORDS`."""

    def print_behind(generator: Generator, node: exp.Expr) -> str:
        return f"{generator.sql(node, 'this')} {words}"

    return print_behind


def within_group(generator: Generator, node: exp.Expr) -> str:
    """`call WITHIN GROUP (ORDER BY ...)`."""
    order = generator.sql(node, "expression").strip()
    return f"{generator.sql(node, 'this')} WITHIN GROUP ({order})"


def final(generator: Generator, node: exp.Expr) -> str:
    """`table FINAL SAMPLE ...`: the sample of the table stands behind FINAL."""
    table = node.this
    sample = table.args.pop("sample", None) if isinstance(table, exp.Table) else None
    text = f"{generator.sql(table)} FINAL"
    if sample is None:
        return text
    table.set("sample", sample)
    return f"{text}{generator.sql(sample)}"


def sample_offset(generator: Generator, node: exp.Expr) -> str:
    """`SAMPLE size OFFSET offset`; the offset is kept as a seed."""
    offset = generator.sql(node, "seed")
    return f" SAMPLE {generator.sql(node, 'size')}" + (f" OFFSET {offset}" if offset else "")


def named(names: Mapping[exp.DType, str]) -> Print:
    """Types under these names, every other as the printer has it."""

    def print_type(generator: Generator, node: exp.Expr) -> str:
        name = names.get(node.this)
        if name is None and isinstance(node, exp.DataType):
            return str(generator.datatype_sql(node))
        return name or ""

    return print_type


def hexadecimal(generator: Generator, node: exp.Expr) -> str:
    """`0xFF`, which is a number where one is wanted; MariaDB's `x'FF'` is a text only."""
    return f"0x{node.this}" if node.this else "x''"


_BETWEEN = {"BETWEEN": "AND", "FROM": "TO"}


def system_time(generator: Generator, node: exp.Expr) -> str:
    """`FOR SYSTEM_TIME AS OF time`, `BETWEEN time AND time`, `FROM time TO time` or `ALL`."""
    kind, time = node.text("kind"), node.args.get("expression")
    times = time.expressions if isinstance(time, exp.Tuple) else [time] if time else []
    text = f" {_BETWEEN.get(kind, '')} ".join(generator.sql(part) for part in times)
    return f"FOR SYSTEM_TIME {kind} {text}".rstrip()


# What MySQL calls these types where a value is turned into one.
_TARGETS = {"BIGINT": "SIGNED", "BIGINT UNSIGNED": "UNSIGNED", "UBIGINT": "UNSIGNED"}


def json_value(generator: Generator, node: exp.Expr) -> str:
    """`JSON_VALUE(value, path RETURNING type ... ON EMPTY ... ON ERROR)`."""
    kind = generator.sql(node, "returning")
    returning = f" RETURNING {_TARGETS.get(kind, kind)}" if kind else ""
    condition = generator.sql(node, "on_condition")
    behind_path = f"{returning} {condition}".rstrip()
    value, path = generator.sql(node, "this"), generator.sql(node, "path")
    return f"JSON_VALUE({value}, {path}{behind_path})"


def value_rows(generator: Generator, node: exp.Expr) -> str:
    """`(VALUES ROW(...), ROW(...)) AS name`, whose columns MySQL calls column_0, column_1, ..."""
    rows = (generator.expressions(row, flat=True) for row in node.expressions)
    text = generator.query_modifiers(node, "VALUES " + ", ".join(f"ROW({row})" for row in rows))
    alias = generator.sql(node, "alias")
    return f"({text}) AS {alias}" if alias else f"({text})"


def kept_ties(generator: Generator, node: exp.Expr) -> str:
    """A SELECT with its FETCH ... WITH TIES, which the printer would turn into a LIMIT."""
    print_select = generator.TRANSFORMS[exp.Select]
    options = node.args["limit"].args.get("limit_options") if node.args.get("limit") else None
    if options is None or not options.args.get("with_ties"):
        return str(print_select(generator, node))
    bare = node.copy()
    fetch, offset = bare.args.pop("limit"), bare.args.pop("offset", None)
    skipped = f" OFFSET {generator.sql(offset, 'expression')} ROWS" if offset else ""
    return f"{print_select(generator, bare)}{skipped}{generator.fetch_sql(fetch)}"


def json_column(generator: Generator, column: exp.Expr) -> str:
    """A column of JSON_TABLE with what it gives where its path finds nothing."""
    path = column.args.get("path")
    if isinstance(column, exp.JSONColumnDef) and not isinstance(path, exp.Exists | exp.JSONValue):
        return str(generator.jsoncolumndef_sql(column))
    text = f"{generator.sql(column, 'this')} {generator.sql(column, 'kind')}"
    if isinstance(path, exp.Exists):
        return f"{text} EXISTS PATH {generator.sql(path, 'this')}"
    text = f"{text} PATH {generator.sql(path, 'path')}"
    given = path.args["on_condition"].args if path is not None else {}
    for case, value in given.items():
        default = "DEFAULT " if isinstance(value, exp.Literal) else ""
        text += f" {default}{generator.sql(value)} ON {case.upper()}"
    return text

"""The shape of a dialect's data: what its queries may be made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)

Slots = Mapping[type[exp.Expr], frozenset[str] | None]


@dataclass(frozen=True)
class DialectRules:
    """Everything the stages need to know about one engine; whatever is not listed is refused.

    `translated_names` are calls that the parser would turn into others. `nodes` maps each allowed
    node class to its allowed argument slots (None: any slot). `size_bounds` maps a function to the
    position of the argument that decides how much it produces and to the most that argument may
    be. `function_columns` names the columns of functions in FROM that name their own;
    `single_column_functions` yield one column called like their alias.
    """

    name: str
    title: str
    dialect: Dialect
    translated_names: frozenset[str]
    nodes: Slots
    functions: frozenset[str]
    types: frozenset[exp.DType]
    named_types: frozenset[str]
    quoted_words: frozenset[str]
    system_columns: frozenset[str]
    session_words: frozenset[str]
    size_bounds: Mapping[str, tuple[int, int]]
    function_columns: Mapping[str, tuple[str, ...]]
    single_column_functions: frozenset[str]
    max_name_bytes: int

    def fold(self, identifier: exp.Expr) -> str:
        """The name as the engine stores it: quoted kept, unquoted with A to Z lowered."""
        name: str = identifier.this
        if identifier.args.get("quoted"):
            return name
        return name.lower() if name.isascii() else _lower_ascii(name)

    def must_quote(self, name: str) -> bool:
        """Whether the bare spelling would mean something else than this stored name."""
        return name in self.quoted_words or _PLAIN_NAME.fullmatch(name) is None


def _lower_ascii(name: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in name)

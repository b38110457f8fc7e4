"""The shape of a dialect's data: what its queries may be made of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.generator import Generator

from atlas.sql.letters import lower, upper

_PLAIN_NAMES = {
    "lower": re.compile(r"[a-z_][a-z0-9_]*", re.ASCII),
    "upper": re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII),
    "caseless": re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII),
    "exact": re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII),
}

Print = Callable[[Generator, exp.Expr], str]
Slots = Mapping[type[exp.Expr], frozenset[str] | None]


@dataclass(frozen=True)
class Traits:
    """How an engine other than PostgreSQL differs in reading a text; the defaults are PostgreSQL's.

    `exact_columns` False resolves tables by name and hides unlisted columns by reading a table
    through a SELECT of the listed ones. `case` says how bare names are folded, `exact_tables` that
    table names keep their case where other names do not. `keyword_calls` maps a call to the words
    that make it one with a grammar of its own ("*": always), `unit_calls` a call to the position
    of an argument that may be a unit such as MONTH. `templates` are functions whose first argument
    says how wide their result becomes, `caseless` those whose names may be written in any case
    where the others' may not. `json_arrows` says that `a -> b` is taken from JSON, but for the
    arguments of `lambda_calls`, `value_structures` that VALUES may begin with a text that says what
    columns it has. `keeps_ties` says that `printed` writes a SELECT with its FETCH ... WITH TIES
    where the printer has LIMIT only. `packages` are words that stand before a dot in front of
    listed functions (`net.host`). `same_types` maps a type to the one of the same
    meaning that the printer writes for it.
    """

    exact_columns: bool = True
    case: str = "lower"
    exact_tables: bool = False
    aliases_keep_case: bool = False
    first_words: frozenset[str] = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "("})
    keyword_calls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unit_calls: Mapping[str, frozenset[int]] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    same_types: Mapping[exp.DType, exp.DType] = field(default_factory=dict)
    table_functions: frozenset[str] = frozenset()
    system_relations: frozenset[str] = frozenset()
    empty_relations: frozenset[str] = frozenset()
    aggregates: frozenset[str] = frozenset()
    combinators: tuple[str, ...] = ()
    printed: Mapping[type[exp.Expr], Print] = field(default_factory=dict)
    interval_calls: bool = False
    array_paths: bool = False
    always_recursive: bool = False
    constants: frozenset[str] = frozenset()
    joins_texts: bool = False
    escape_texts: bool = False
    underscores: bool = False
    executable_comments: bool = False
    backslash_modes: bool = False
    keeps_call_case: bool = False
    method_calls: bool = False
    in_names_table: bool = False
    in_list_names_table: bool = False
    union_limit_is_last: bool = False
    value_structures: bool = False
    affinities: bool = False
    templates: frozenset[str] = frozenset()
    caseless: frozenset[str] = frozenset()
    pipes: bool = False
    pivot_statements: bool = False
    keeps_ties: bool = False
    json_arrows: bool = False
    lambda_calls: frozenset[str] = frozenset()
    max_guesses: int = 6


@dataclass(frozen=True)
class DialectRules:
    """Everything the stages need to know about one engine; whatever is not listed is refused.

    `translated_names` are calls that the parser would turn into others. `nodes` maps each allowed
    node class to its allowed argument slots (None: any slot). `size_bounds` maps a function to the
    position of the argument that decides how much it produces and to the most that argument may
    be. `function_columns` names the columns of functions in FROM that name their own;
    every other one yields one column, called like its alias.
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
    max_name_bytes: int
    traits: Traits = Traits()

    def fold(self, identifier: exp.Expr) -> str:
        """The name as the engine stores it: quoted kept, unquoted with A to Z lowered."""
        name: str = identifier.this
        case = self.traits.case
        if case == "caseless":
            return lower(name)
        if identifier.args.get("quoted") or case == "exact":
            return name
        if case == "upper":
            return upper(name)
        return lower(name)

    def must_quote(self, name: str) -> bool:
        """Whether the bare spelling would mean something else than this stored name."""
        if name.lower() in self.quoted_words:
            return True
        return _PLAIN_NAMES[self.traits.case].fullmatch(name) is None

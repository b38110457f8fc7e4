"""What a SQLite query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite

from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.printing import named
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.sqlite_functions import FUNCTIONS
from atlas.sql.dialects.words import words

DIALECT = SQLite()

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.In: slots(exp.In, "field"),
        exp.Glob: _BINARY,
        exp.Match: words("this expression"),
        exp.RegexpLike: words("this expression flag full_match"),
        exp.JSONExtract: words("this expression only_json_types  requires_json"),
        exp.JSONExtractScalar: words("this expression only_json_types scalar_only json_type"),
    }
)

SYSTEM_RELATIONS = words("sqlite_ pragma_ dbstat sqlite_stat1 temp main.sqlite_master")

SIZE_BOUNDS: MappingProxyType[str, tuple[int, int]] = MappingProxyType({})

RULES = DialectRules(
    name="sqlite",
    title="SQLite",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT),
    nodes=MappingProxyType(NODES),
    functions=FUNCTIONS,
    types=TYPES,
    named_types=frozenset(),
    quoted_words=QUOTED_WORDS,
    system_columns=frozenset(),
    session_words=frozenset(),
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=256,
    traits=Traits(
        exact_columns=False,
        case="caseless",
        keyword_calls=KEYWORD_CALLS,
        table_functions=words("json_each json_tree generate_series jsonb_each jsonb_tree"),
        templates=words("format printf"),
        system_relations=SYSTEM_RELATIONS,
        in_names_table=True,
        underscores=True,
        always_recursive=True,
        affinities=True,
        json_arrows=True,
        printed={exp.DataType: named({exp.DType.DECIMAL: "NUMERIC"})},
    ),
)

"""What a MySQL query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp
from sqlglot.dialects.mysql import MySQL

from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.mysql_functions import MYSQL
from atlas.sql.dialects.printing import hexadecimal, infix, json_column, json_value, value_rows
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.words import words

DIALECT = MySQL()

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.Xor: words("this expression round_input"),
        exp.RegexpLike: words("this expression flag full_match"),
        exp.Soundex: words("this"),
        exp.GroupConcat: words("this separator on_overflow"),
        exp.Introducer: _BINARY,
        exp.CastToStrType: words("this to"),
        exp.ConvertToCharset: words("this dest source"),
        exp.CharacterSet: words("this default"),
        exp.MatchAgainst: words("this expressions modifier"),
        exp.JSONArrayContains: words("this expression json_type"),
        exp.JSONExtract: words("this expression only_json_types  requires_json"),
        exp.JSONExtractScalar: words("this expression only_json_types scalar_only json_type"),
        exp.JSONValue: words("this path returning on_condition"),
        exp.OnCondition: words("empty error null"),
        exp.JSONTable: words("this schema path error_handling empty_handling"),
        exp.JSONSchema: words("expressions"),
        exp.JSONColumnDef: words("this kind path nested_schema ordinality"),
        exp.Table: slots(exp.Table, "hints"),
        exp.IndexTableHint: words("this expressions target"),
        exp.Chr: words("expressions charset"),
        exp.Select: slots(exp.Select, "operation_modifiers"),
        exp.Pow: _BINARY,
    }
)

SYSTEM_RELATIONS = words("information_schema performance_schema mysql sys")

SESSION_WORDS = words("current_user session_user system_user user current_role")

SIZE_BOUNDS = MappingProxyType(
    {
        "repeat": (1, 10_000),
        "space": (0, 10_000),
        "lpad": (1, 10_000),
        "rpad": (1, 10_000),
    }
)

CALLS = {
    **KEYWORD_CALLS,
    "CONVERT": words("*"),
    "MATCH": words("*"),
    "JSON_TABLE": words("*"),
    "JSON_VALUE": words("RETURNING EMPTY ERROR"),
    "GROUP_CONCAT": words("SEPARATOR"),
    "CHAR": words("USING"),
    "CHR": words("USING"),
    "WEIGHT_STRING": words("AS"),
}

UNIT_CALLS = {
    "TIMESTAMPDIFF": frozenset({0}),
    "TIMESTAMPADD": frozenset({0}),
    "GET_FORMAT": frozenset({0}),
}

TRAITS = Traits(
    exact_columns=False,
    case="caseless",
    aliases_keep_case=True,
    keyword_calls=CALLS,
    unit_calls=UNIT_CALLS,
    table_functions=words("json_table"),
    system_relations=SYSTEM_RELATIONS,
    constants=words("utc_date utc_time utc_timestamp"),
    empty_relations=words("dual"),
    printed={
        exp.RegexpLike: infix("REGEXP"),
        exp.HexString: hexadecimal,
        exp.JSONValue: json_value,
        exp.JSONColumnDef: json_column,
        exp.Values: value_rows,
    },
    interval_calls=True,
    json_arrows=True,
    joins_texts=True,
    executable_comments=True,
    backslash_modes=True,
)

RULES = DialectRules(
    name="mysql",
    title="MySQL",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT),
    nodes=MappingProxyType(NODES),
    functions=MYSQL,
    types=TYPES | {exp.DType.CHARACTER_SET},
    named_types=frozenset(),
    quoted_words=QUOTED_WORDS,
    system_columns=frozenset(),
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=64,
    traits=TRAITS,
)

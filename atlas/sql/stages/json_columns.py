"""What a column of JSON_TABLE gives where its path finds nothing, which the parser does not know.

`PATH '$.a' DEFAULT '0' ON EMPTY NULL ON ERROR` and `EXISTS PATH '$.a'` are kept in the path's own
text behind a mark while the query is parsed, and become parts of the column afterwards.
"""

import json

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.dialects.words import MARK

_CASES = frozenset({"EMPTY", "ERROR"})
_VALUES = frozenset({TokenType.STRING, TokenType.NUMBER})

# What is given, and whether a literal is a text: (word, literal, is a text).
Given = tuple[str, str, bool]


def fold_options(tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with the options of JSON_TABLE's columns folded into their paths."""
    known = "json_table" in rules.traits.table_functions
    if not known or not any(token.text.upper() == "JSON_TABLE" for token in tokens):
        return tokens
    out: list[Token] = []
    opened: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.token_type is TokenType.L_PAREN:
            opened.append(_word(out))
        elif token.token_type is TokenType.R_PAREN and opened:
            opened.pop()
        if token.token_type is TokenType.STRING and _is_path(out, opened):
            index = _fold(tokens, index, out)
        else:
            out.append(token)
            index += 1
    return out


def _word(tokens: list[Token]) -> str:
    """The last word, when it is one and no quoted name."""
    quoted = not tokens or tokens[-1].token_type in (TokenType.IDENTIFIER, TokenType.STRING)
    return "" if quoted else tokens[-1].text.upper()


def _is_path(before: list[Token], opened: list[str]) -> bool:
    inside = opened[-1:] == ["COLUMNS"] and "JSON_TABLE" in opened
    return inside and _word(before) == "PATH"


def _fold(tokens: list[Token], index: int, out: list[Token]) -> int:
    """Put the path with its options behind what is there; returns where to go on."""
    path = tokens[index]
    exists = len(out) > 1 and out[-2].token_type is TokenType.EXISTS
    options, end = _options(tokens, index + 1)
    if bool(options) is exists:
        # Nothing to keep, or both, which no engine knows and the parser stumbles over.
        out.append(path)
        return index + 1
    if exists:
        del out[-2]
    text = path.text + MARK + json.dumps([exists, options])
    out.append(Token(TokenType.STRING, text, path.line, path.col, path.start, path.end))
    return end


def _options(tokens: list[Token], index: int) -> tuple[dict[str, Given], int]:
    """The options that begin here, and where what follows them begins."""
    options: dict[str, Given] = {}
    while True:
        given, end = _given(tokens, index)
        words = [token.text.upper() for token in tokens[end : end + 2]]
        if given is None or len(words) < 2 or words[0] != "ON" or words[1] not in _CASES:
            return options, index
        if words[1] in options:
            return options, index
        options[words[1]] = given
        index = end + 2


def _given(tokens: list[Token], index: int) -> tuple[Given | None, int]:
    words = [token.text.upper() for token in tokens[index : index + 1]]
    if words in (["NULL"], ["ERROR"]):
        return (words[0], "", False), index + 1
    value = tokens[index + 1 : index + 2]
    if words == ["DEFAULT"] and value and value[0].token_type in _VALUES:
        is_text = value[0].token_type is TokenType.STRING
        return ("DEFAULT", value[0].text, is_text), index + 2
    return None, index


def unfold_options(column: exp.Expr, rules: DialectRules) -> None:
    """Make the options parts of the column again."""
    path = column.args.get("path")
    if not isinstance(path, exp.Literal) or MARK not in path.this:
        return
    text, folded = path.this.split(MARK)
    exists, options = json.loads(folded)
    plain = exp.Literal.string(text)
    if exists:
        column.set("path", exp.Exists(this=plain))
        return
    condition = exp.OnCondition(**{case.lower(): _value(*given) for case, given in options.items()})
    column.set("path", exp.JSONValue(path=plain, on_condition=condition))


def _value(word: str, literal: str, is_text: bool) -> exp.Expr:
    if word == "DEFAULT":
        return exp.Literal(this=literal, is_string=is_text)
    return exp.Var(this=word)

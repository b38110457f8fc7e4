"""Types of SQLite, whose names may be any words: each becomes the affinity that it stands for."""

import re

from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.stages.tokens import replaced

# What a name of a type contains, in the order in which SQLite looks for it.
_AFFINITIES: tuple[tuple[tuple[str, ...], TokenType, str], ...] = (
    (("INT",), TokenType.INT, "INTEGER"),
    (("CHAR", "CLOB", "TEXT"), TokenType.TEXT, "TEXT"),
    (("BLOB",), TokenType.VARBINARY, "BLOB"),
    (("REAL", "FLOA", "DOUB"), TokenType.DOUBLE, "REAL"),
    (("",), TokenType.DECIMAL, "NUMERIC"),
)


_NAME = re.compile(r"[A-Z_][A-Z0-9_ ]*(\( [+-]? ?[0-9.]+( , [+-]? ?[0-9.]+)? \))?", re.ASCII)


def plain_types(tokens: list[Token]) -> list[Token]:
    """The tokens with one word behind every AS of a CAST."""
    out: list[Token] = []
    # For each open bracket: whether it is a CAST's, and where in `out` its type begins.
    casts: list[bool] = []
    starts: list[int | None] = []
    before = None
    for token in tokens:
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            casts.append(before is not None and before.text.upper() == "CAST")
            starts.append(None)
        elif kind is TokenType.R_PAREN and casts:
            start = starts.pop()
            if casts.pop() and start is not None:
                out[start:] = _affinity(out[start:])
        out.append(token)
        if casts and casts[-1] and kind is TokenType.ALIAS:
            starts[-1] = len(out)
        before = token
    return out


def _affinity(words: list[Token]) -> list[Token]:
    name = " ".join(word.text.upper() for word in words)
    if _NAME.fullmatch(name) is None:
        return words
    parts = (kind for kind in _AFFINITIES if any(part in name for part in kind[0]))
    _parts, kind, text = next(parts)
    return [replaced(words[0], kind, text)]

"""First stage: the text is short enough and holds no character that hides what it says."""

import unicodedata

from atlas.sql.refusal import RefusalError

MAX_CHARACTERS = 100_000

_PLAIN_CONTROLS = frozenset("\t\n\r")
_HIDING_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


def check_size(sql: str) -> None:
    """Refuse blank text, text over 100,000 characters and NUL anywhere."""
    if len(sql) > MAX_CHARACTERS:
        raise RefusalError(
            "too_long",
            f"The query has {len(sql):,} characters; the limit is {MAX_CHARACTERS:,}.",
        )
    if not sql.strip():
        raise RefusalError("empty", "The query is empty; write one SELECT statement.")
    offset = sql.find("\0")
    if offset >= 0:
        raise RefusalError(
            "forbidden_character",
            "The query contains a NUL character; remove it.",
            offending="U+0000",
            offset=offset,
        )


def check_characters(sql: str, literals: list[tuple[int, int]]) -> None:
    """Refuse control, direction and odd blank characters outside the given literal spans."""
    if sql.isascii() and sql.isprintable():
        return
    spans = iter(literals)
    start, end = next(spans, (len(sql), len(sql)))
    for offset, char in enumerate(sql):
        if " " <= char <= "~" or char in _PLAIN_CONTROLS:
            continue
        while offset > end:
            start, end = next(spans, (len(sql), len(sql)))
        if offset < start and unicodedata.category(char) in _HIDING_CATEGORIES:
            raise RefusalError(
                "forbidden_character",
                f"The query contains the invisible character U+{ord(char):04X} outside a text"
                " literal; remove it.",
                offending=f"U+{ord(char):04X}",
                offset=offset,
            )

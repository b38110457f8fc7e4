"""Comments that MySQL and MariaDB run."""

from sqlglot.tokenizer_core import Token

from atlas.sql.refusal import RefusalError

_EXECUTED = ("/*!", "/*M!", "/*m!")


def check_comments(sql: str, tokens: list[Token]) -> None:
    """Refuse executable comments."""
    place = 0
    for token in tokens:
        if token.start - place > 1:
            _check_gap(sql, place, token.start)
        place = token.end + 1
    _check_gap(sql, place, len(sql))


def _check_gap(sql: str, place: int, end: int) -> None:
    """What stands between two tokens is blanks and comments only."""
    while place < end:
        if sql.startswith("/*", place):
            if sql.startswith(_EXECUTED, place):
                _refuse_executed(place)
            close = sql.find("*/", place + 2)
            place = end if close < 0 else close + 2
        elif sql.startswith(("--", "#"), place):
            place = _line_end(sql, place, end)
        else:
            place += 1


def _line_end(sql: str, place: int, end: int) -> int:
    found = sql.find("\n", place)
    return end if found < 0 else found


def _refuse_executed(place: int) -> None:
    raise RefusalError(
        "executable_comment",
        "The comment is one that the engine would run; remove it.",
        offending="/*!",
        offset=place,
    )

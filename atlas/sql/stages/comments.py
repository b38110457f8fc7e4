"""Comments that MySQL and MariaDB run, or do not take for comments."""

from sqlglot.tokenizer_core import Token

from atlas.sql.refusal import RefusalError

_EXECUTED = ("/*!", "/*M!", "/*m!")


def check_comments(sql: str, tokens: list[Token]) -> None:
    """Refuse executable comments, and dashes that begin no comment in this engine."""
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
        elif sql.startswith("--", place):
            if sql[place + 2 : place + 3].strip():
                _refuse_dashes(place)
            place = _line_end(sql, place, end)
        elif sql[place] == "#":
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


def _refuse_dashes(place: int) -> None:
    raise RefusalError(
        "unclear_comment",
        "Two dashes begin a comment only before a blank; put a blank between or behind them.",
        offending="--",
        offset=place,
    )

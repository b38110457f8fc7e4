"""Breaks SQL of one line into lines, a clause each; nothing but white space is changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from pygments.filter import Filter
from pygments.token import Comment, Keyword, Whitespace

_CLAUSES = {
    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET",
    "UNION", "INTERSECT", "EXCEPT", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "JOIN",
}  # fmt: skip
# After these words a clause's word goes on with what they began.
_GOES_ON = {
    "DISTINCT": {"FROM"},
    "WITHIN": {"GROUP"},
    "LEFT": {"JOIN"},
    "RIGHT": {"JOIN"},
    "FULL": {"JOIN"},
    "INNER": {"JOIN"},
    "CROSS": {"JOIN"},
    "OUTER": {"JOIN"},
}
_INDENT = "  "

Token = tuple[Any, str]


class LayOut(Filter):
    """A filter for a lexer of SQL. Text that has lines already stays as it is."""

    def filter(self, lexer: Any, stream: Iterable[Token]) -> Iterator[Token]:
        tokens = list(stream)
        has_lines = any("\n" in text or kind in Comment for kind, text in tokens)
        yield from tokens if has_lines else _Lines().of(tokens)


class _Lines:
    """Where lines end. `_queries` says of each open parenthesis whether it holds a query."""

    def __init__(self) -> None:
        self._queries = [True]
        self._clause = self._previous = ""
        self._is_between = False

    def of(self, tokens: list[Token]) -> Iterator[Token]:
        space = is_first = True
        for kind, text in tokens:
            if not text.strip():
                space = True
                continue
            word = text.upper() if kind in Keyword else text
            if word == "SELECT" and self._previous == "(":
                self._queries[-1] = True
            pause = self._pause(word)
            if not is_first and (pause or space):
                yield Whitespace, pause or " "
            yield kind, text
            self._step(word)
            space = is_first = False

    def _pause(self, word: str) -> str:
        """The line break before a word, if one belongs there."""
        level = sum(self._queries) - 1
        if word == ")" and self._queries[-1] and level:
            return "\n" + _INDENT * (level - 1)
        if not self._queries[-1]:
            return ""
        if word in _CLAUSES and word not in _GOES_ON.get(self._previous, ()):
            return "\n" + _INDENT * level
        is_item = self._previous == "," and self._clause == "SELECT"
        is_condition = word in {"AND", "OR"} and not self._is_between
        return "\n" + _INDENT * (level + 1) if is_item or is_condition else ""

    def _step(self, word: str) -> None:
        if word == "(":
            self._queries.append(False)
        elif word == ")" and len(self._queries) > 1:
            self._queries.pop()
        elif word == "BETWEEN":
            self._is_between = True
        elif word == "AND":
            self._is_between = False
        if word in _CLAUSES and self._queries[-1]:
            self._clause = word
        self._previous = word

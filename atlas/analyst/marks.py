"""Marks: spans of words that have been understood as something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.analyst.lexicon import Link
from atlas.analyst.words import Word


@dataclass(frozen=True)
class Mark:
    """Words from `start` to `end` (not included) read as `kind`, with what it holds.

    `choices` holds the candidates of a linked phrase, best first.
    """

    kind: str
    start: int
    end: int
    value: Any = None
    choices: tuple[Link, ...] = ()

    @property
    def ref(self) -> str:
        """The reference of a linked mark's first candidate."""
        return self.choices[0].ref


class Board:
    """The words of one question and the marks laid on them; marks never overlap."""

    def __init__(self, question: str, words: Sequence[Word]) -> None:
        self.question = question
        self.words = list(words)
        self._owner: list[Mark | None] = [None] * len(self.words)

    def free(self, start: int, end: int) -> bool:
        """Whether no word of the span is taken."""
        return 0 <= start < end <= len(self.words) and not any(self._owner[start:end])

    def put(self, mark: Mark) -> bool:
        """Lays a mark; False, and nothing happens, when a word is taken."""
        if not self.free(mark.start, mark.end):
            return False
        for index in range(mark.start, mark.end):
            self._owner[index] = mark
        return True

    def at(self, index: int) -> Mark | None:
        """The mark that covers a word."""
        return self._owner[index] if 0 <= index < len(self._owner) else None

    def remove(self, mark: Mark) -> None:
        """Takes a mark away; its words are free again."""
        for index in range(mark.start, mark.end):
            self._owner[index] = None

    def replace(self, mark: Mark, other: Mark) -> None:
        """Puts another mark in a mark's place."""
        self.remove(mark)
        self.put(other)

    def marks(self, *kinds: str) -> list[Mark]:
        """The marks in order, of some kinds or all."""
        found = dict.fromkeys(mark for mark in self._owner if mark is not None)
        return [mark for mark in found if not kinds or mark.kind in kinds]

    def text(self, index: int) -> str:
        """The folded word at a place, empty outside."""
        return self.words[index].text if 0 <= index < len(self.words) else ""

    def lemma(self, index: int) -> str:
        """The lemma at a place, empty outside."""
        return self.words[index].lemma if 0 <= index < len(self.words) else ""

    def loose(self) -> list[int]:
        """The places of words under no mark."""
        return [index for index, mark in enumerate(self._owner) if mark is None]

    def between(self, left: int, right: int) -> list[str]:
        """The unmarked words from `left` up to `right`."""
        return [self.text(i) for i in range(left, right) if self.at(i) is None]

    def said(self, mark: Mark) -> str:
        """The words of a mark as the question wrote them."""
        return self.question[self.words[mark.start].start : self.words[mark.end - 1].end]

    def matches(self, index: int, phrase: Iterable[str]) -> int:
        """How many words from `index` on spell the phrase; 0 when they do not."""
        wanted = list(phrase)
        found = [self.text(index + offset) for offset in range(len(wanted))]
        return len(wanted) if found == wanted else 0

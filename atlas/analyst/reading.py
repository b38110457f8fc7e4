"""Reading a question: all marks laid, in the order in which words are given away."""

import datetime as dt
from dataclasses import dataclass, field

from atlas.analyst.lexicon import Lexicon
from atlas.analyst.link import Guess, join_names, link_mark, mark_guesses, mark_phrases
from atlas.analyst.marks import Board, Mark
from atlas.analyst.operators import (
    mark_numbers,
    mark_operators,
    mark_steps,
    mark_than,
    mark_thresholds,
    mark_vague,
)
from atlas.analyst.times import mark_times
from atlas.analyst.vocabulary import LIGHT, STOP
from atlas.analyst.words import split

MOST_WORDS = 120
# What is not understood is quoted, and a refusal has a limit of its own.
MOST_CHARACTERS = 900


@dataclass
class Read:
    """A question with its marks, the guesses made, and the words nothing explains."""

    board: Board
    guesses: list[Guess] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def unknown_words(self) -> list[str]:
        """The unexplained words as the question wrote them, neighbours together."""
        words = self.board.words
        groups: list[list[int]] = []
        for index in self.unknown:
            if groups and groups[-1][-1] == index - 1:
                groups[-1].append(index)
            else:
                groups.append([index])
        return [self.board.question[words[g[0]].start : words[g[-1]].end] for g in groups]


def read(question: str, lexicon: Lexicon, today: dt.date) -> Read:
    """The question with every word either marked, a word of grammar, or unknown."""
    board = Board(question, split(question)[:MOST_WORDS])
    mark_phrases(board, lexicon, shortest=2)
    mark_steps(board)
    mark_thresholds(board)
    mark_times(board, today)
    mark_operators(board)
    mark_phrases(board, lexicon, shortest=1)
    mark_than(board)
    join_names(board, lexicon)
    mark_vague(board)
    mark_numbers(board)
    found = Read(board, mark_guesses(board, lexicon))
    _date_columns(board)
    found.unknown = _unexplained(board)
    return found


def _unexplained(board: Board) -> list[int]:
    named = bool(board.marks("measure", "entity", "verb", "dimension", "value"))
    allowed = STOP | LIGHT if named else STOP
    return [
        index
        for index in board.loose()
        if (board.text(index) not in allowed and board.lemma(index) not in allowed)
        or _is_worth(board, index)
    ]


def _is_worth(board: Board, index: int) -> bool:
    """ "customer value" is a figure that nobody declared, and no number of customers."""
    named = board.at(index - 1)
    return board.lemma(index) == "value" and named is not None and named.kind == "entity"


def _date_columns(board: Board) -> None:
    """ "shipped last month": a date's name right before a period says which date is meant."""
    for time in board.marks("time"):
        index = time.start - 1
        while board.at(index) is None and board.text(index) in ("in", "on", "during", "the", "is"):
            index -= 1
        mark = board.at(index)
        if mark is None or mark.kind not in ("dimension", "boolean", "verb"):
            continue
        dates = tuple(
            link for link in mark.choices if (link.kind, link.value) == ("dimension", "date")
        )
        if dates:
            linked = link_mark(mark.start, mark.end, dates)
            board.replace(mark, Mark("time_dimension", mark.start, mark.end, linked.value, dates))

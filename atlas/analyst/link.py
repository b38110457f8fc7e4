"""Linking: words of the question to names, values and terms of the layer."""

import difflib
from dataclasses import dataclass

from atlas.analyst.lexicon import Lexicon, Link
from atlas.analyst.marks import Board, Mark
from atlas.analyst.vocabulary import LEAD, LIGHT, STOP, VAGUE
from atlas.semantic.query import Assumption

CLOSE_ENOUGH = 0.86
_JOINING = {"of", "the", "our", "are", "is", "were", "was", "do", "we", "have", "there", "still"}
_ORDER = ("value", "measure", "entity", "boolean", "adjective", "verb", "dimension", "term")


def mark_phrases(board: Board, lexicon: Lexicon, shortest: int) -> None:
    """Lays "link" marks on lexicon phrases of at least `shortest` words, the longest first."""
    spans: list[tuple[int, int]] = []
    for index, word in enumerate(board.words):
        for length in lexicon.lengths(word.lemma):
            end = index + length
            if (
                length >= shortest
                and end <= len(board.words)
                and _spells(board, lexicon, index, end)
            ):
                spans.append((index, end))
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        put_links(board, start, end, lexicon)


def _spells(board: Board, lexicon: Lexicon, start: int, end: int) -> bool:
    return bool(lexicon.links(tuple(word.lemma for word in board.words[start:end])))


def put_links(board: Board, start: int, end: int, lexicon: Lexicon) -> None:
    """Lays one mark with all that the phrase may stand for."""
    links = lexicon.links(tuple(word.lemma for word in board.words[start:end]))
    board.put(link_mark(start, end, links))


def link_mark(start: int, end: int, links: tuple[Link, ...]) -> Mark:
    """A mark of the kind that comes first in the order of kinds, with all candidates."""
    ordered = sorted(links, key=lambda link: _ORDER.index(link.kind))
    return Mark(ordered[0].kind, start, end, ordered[0], tuple(ordered))


def join_names(board: Board, lexicon: Lexicon) -> None:
    """Reads "units of Chai are in stock" as "units in stock" of Chai."""
    marks = board.marks()
    for place, first in enumerate(marks[:-1]):
        last = marks[place + 1]
        if last.kind == "value" and place + 2 < len(marks):
            last = marks[place + 2]
        if (first.kind, last.kind) != ("measure", "boolean"):
            continue
        words = [*board.words[first.start : first.end], *board.words[last.start : last.end]]
        links = lexicon.links(tuple(word.lemma for word in words))
        if links and set(board.between(first.end, last.start)) <= _JOINING:
            board.replace(first, link_mark(first.start, first.end, links))
            board.replace(last, Mark("joined", last.start, last.end))


@dataclass(frozen=True)
class Guess:
    """A word that was read as another."""

    mark: Mark
    assumption: Assumption


def mark_guesses(board: Board, lexicon: Lexicon) -> list[Guess]:
    """Reads words nothing explains as a near word, or as part of one known value."""
    found: list[Guess] = []
    for index in board.loose():
        word = board.words[index]
        if len(word.text) < 4 or known_word(word.text) or known_word(word.lemma):
            continue
        guess = _guess(board, lexicon, index)
        if guess is not None and board.put(guess.mark):
            found.append(guess)
    return found


def _guess(board: Board, lexicon: Lexicon, index: int) -> Guess | None:
    word = board.words[index]
    said = board.question[word.start : word.end]
    part = lexicon.parts.get(word.lemma)
    if part is not None:
        mark = link_mark(index, index + 1, (part,))
        return Guess(
            mark, Assumption(key=f"read:{word.text}", text=f"read “{said}” as {part.value}")
        )
    if len(word.text) < 5:
        return None
    near = difflib.get_close_matches(word.lemma, lexicon.single_words, n=2, cutoff=CLOSE_ENOUGH)
    if not near or (len(near) > 1 and lexicon.links((near[0],)) != lexicon.links((near[1],))):
        return None
    mark = link_mark(index, index + 1, lexicon.links((near[0],)))
    return Guess(mark, Assumption(key=f"read:{word.text}", text=f"read “{said}” as {near[0]}"))


_LEAD_WORDS = frozenset(word for phrase in LEAD for word in phrase.split())


def known_word(text: str) -> bool:
    """Whether a word belongs to the closed vocabulary."""
    return text in STOP or text in LIGHT or text in VAGUE or text in _LEAD_WORDS

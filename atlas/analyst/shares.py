"""Shares: which conditions of a question make the part, and which say of what whole."""

from collections.abc import Sequence
from itertools import pairwise

from atlas.analyst.marks import Mark
from atlas.analyst.resolve import Reader
from atlas.semantic.query import Query

_LINKING = frozenset(["is", "are", "was", "were", "come", "comes", "came", "has", "have", "had",
                      "go", "goes", "went"])  # fmt: skip


def with_part(reader: Reader, query: Query, bases: Sequence[str]) -> Query:
    """The query with its part named, where the place of the words says which one it is.

    "What percent of late orders were shipped by United Package": what stands before "were" says
    of which orders, and what stands after it makes the part.
    """
    share = reader.roles.flags.get("share")
    if query.kind != "share" or share is None:
        return query
    placed = _placed(reader, query, bases)
    if len(placed) < 2:
        return query
    part = _after_verb(reader, share, placed) or _named_first(reader, share, placed)
    return query.model_copy(update={"part": part}) if part else query


def _placed(reader: Reader, query: Query, bases: Sequence[str]) -> dict[str, Mark]:
    """The mark of each filtered dimension."""
    filtered = {item.dimension for item in query.filters}
    marks = {reader.choose(mark, bases).ref: mark for mark, _ in reader.roles.conditions}
    limited = filtered - marks.keys()
    if len(limited) == 1 and len(reader.roles.thresholds) == 1:
        marks[limited.pop()] = reader.roles.thresholds[0].mark
    return {ref: mark for ref, mark in marks.items() if ref in filtered}


def _after_verb(reader: Reader, share: Mark, placed: dict[str, Mark]) -> tuple[str, ...]:
    words = range(share.end, len(reader.board.words))
    verb = next((i for i in words if reader.board.text(i) in _LINKING), None)
    if verb is None:
        return ()
    after = [ref for ref, mark in placed.items() if mark.start >= verb]
    if len(after) < len(placed) or _is_one_phrase(reader, [placed[ref] for ref in after]):
        return tuple(after)
    return ()


def _is_one_phrase(reader: Reader, marks: Sequence[Mark]) -> bool:
    """Whether conditions belong together: "shipped by United Package"."""
    return all(
        [reader.board.text(i) for i in range(left.end, right.start)] == ["by"]
        for left, right in pairwise(marks)
    )


def _named_first(reader: Reader, share: Mark, placed: dict[str, Mark]) -> tuple[str, ...]:
    """ "Share of Germany in late orders": a value named at once is the part of what follows."""
    first = min(placed.items(), key=lambda pair: pair[1].start)
    gap = reader.board.between(share.end, first[1].start)
    is_next = first[1].start - share.end == len(gap)
    within = reader.board.text(first[1].end) in ("in", "of", "among")
    return (first[0],) if is_next and within and first[1].kind == "value" else ()

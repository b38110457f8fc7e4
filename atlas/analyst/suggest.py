"""Questions that work, made from the examples and the parts of a layer."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice

from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Query

ENOUGH = 24
_ANY_DAY = dt.date(2026, 1, 1)
Works = Callable[[str], bool]
_cache: dict[str, tuple[str, ...]] = {}


def working(layer: SemanticLayer, works: Works) -> tuple[str, ...]:
    """The questions of a layer for which `works` holds, examples first; kept per layer."""
    if layer.digest not in _cache:
        if len(_cache) >= 16:
            _cache.clear()
        found = (question for question in _candidates(layer) if works(question))
        _cache[layer.digest] = tuple(islice(found, ENOUGH))
    return _cache[layer.digest]


def check_day(layer: SemanticLayer) -> dt.date:
    """The day on which suggestions are tried: whether they work does not depend on it."""
    return layer.as_of or _ANY_DAY


def _candidates(layer: SemanticLayer) -> Iterator[str]:
    yield from dict.fromkeys([*(e.question for e in layer.examples), *_generated(layer)])


def _generated(layer: SemanticLayer) -> Iterator[str]:
    for entity in layer.entities:
        noun = entity.label.lower()
        yield f"How many {noun} are there?"
        for measure in entity.measures[:2]:
            if entity.default_time and not entity.snapshot:
                yield f"{measure.label} by month this year"
            yield f"{measure.label} in total"
        yield f"List {noun}"
        yield f"Show all {noun}"


def nearest(
    questions: tuple[str, ...], layer: SemanticLayer, query: Query | None, asked: str = ""
) -> tuple[str, str, str]:
    """Three questions: those that share words or parts with what was asked come first."""
    asked_words = {word for word in asked.casefold().split() if len(word) > 3}
    parts = _parts(query) if query is not None else set()
    examples = {e.question: _parts(e.query) for e in layer.examples}

    def score(question: str) -> int:
        shared = asked_words & set(question.casefold().rstrip("?").split())
        return 2 * len(shared) + len(parts & examples.get(question, set()))

    others = [q for q in questions if q.casefold().rstrip("?. ") != asked.casefold().rstrip("?. ")]
    others = [q for q in others if query is None or not _same(layer, q, query)]
    ranked = sorted(others, key=score, reverse=True)
    while len(ranked) < 3:
        ranked.append(ranked[-1] if ranked else "What data is there?")
    return ranked[0], ranked[1], ranked[2]


def _same(layer: SemanticLayer, question: str, query: Query) -> bool:
    found = next((e.query for e in layer.examples if e.question == question), None)
    return found is not None and found.core() == query.core()


def _parts(query: Query) -> set[str]:
    refs = [*query.measures, *query.group_by, *(f.dimension for f in query.filters)]
    refs += [query.entity or ""]
    return {ref.partition(".")[0] for ref in refs if ref} | {ref for ref in refs if ref}

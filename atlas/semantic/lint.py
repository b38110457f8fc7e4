"""What makes questions hard to understand: words with two owners, figures nobody has words for."""

import datetime as dt
from collections.abc import Iterator

from atlas.semantic.compile import compile_query
from atlas.semantic.compiled import CompileError
from atlas.semantic.entities import Dimension, Entity, Labelled
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.problems import Finding, LayerPath

# These mean something else to everybody, so they need a glossary entry and not an owner.
_VAGUE = """
    active bad best big biggest good important large largest perform performance popular small
    successful top valuable value worst
"""
VAGUE_WORDS = frozenset(_VAGUE.split())
Owner = tuple[LayerPath, str, int]
"""Where a phrase is declared, what it then names, and its priority."""


def lint(layer: SemanticLayer, *, today: dt.date) -> list[Finding]:
    """Examples that do not compile are errors; everything else is a warning."""
    found = list(_examples(layer, today))
    found += _shared_phrases(layer)
    for index, entity in enumerate(layer.entities):
        found += _entity(entity, ("entities", index))
    return found


def _examples(layer: SemanticLayer, today: dt.date) -> Iterator[Finding]:
    for index, example in enumerate(layer.examples):
        try:
            compile_query(layer, example.query, today=today)
        except CompileError as error:
            near = f" ({', '.join(error.options)})" if error.options else ""
            yield Finding(("examples", index), f"{error.user_message}{near}")


def _entity(entity: Entity, path: LayerPath) -> Iterator[Finding]:
    if not entity.primary_key:
        text = f"{entity.name} has no primary key, so nothing can be grouped by it"
        yield Finding((*path, "primary_key"), text, "warning")
    for index, measure in enumerate(entity.measures):
        if not measure.synonyms:
            text = f"the measure {measure.name} has no synonym"
            yield Finding((*path, "measures", index), text, "warning")
    for index, dimension in enumerate(entity.dimensions):
        yield from _dimension(dimension, (*path, "dimensions", index))


def _dimension(dimension: Dimension, path: LayerPath) -> Iterator[Finding]:
    if dimension.type == "boolean" and not dimension.phrases.get("true"):
        text = f"the boolean {dimension.name} has no phrases for true"
        yield Finding(path, text, "warning")
    for key in dimension.phrases:
        if dimension.type == "boolean" and key not in ("true", "false"):
            yield Finding((*path, "phrases", key), f"{key!r} is neither true nor false")
    declared = dimension.values
    owners: dict[str, str] = {}
    for value, words in dimension.value_synonyms.items():
        where = (*path, "value_synonyms", value)
        if isinstance(declared, tuple) and value not in declared:
            yield Finding(where, f"{value!r} is not among the values")
        for word in words:
            other = owners.setdefault(normal(word), value)
            if other != value:
                yield Finding(where, f"{word!r} stands for {other!r} and {value!r}", "warning")


def _shared_phrases(layer: SemanticLayer) -> Iterator[Finding]:
    owners: dict[str, list[Owner]] = {}
    for phrase, owner in _phrases(layer):
        owners.setdefault(phrase, []).append(owner)
    for phrase, sharing in owners.items():
        for path, name, _ in sharing:
            if phrase in VAGUE_WORDS:
                text = f"{phrase!r} is a vague word: {name} should not own it"
                yield Finding(path, text, "warning")
        first = sharing[0]
        for path, name, priority in sharing[1:]:
            if name != first[1] and priority == first[2]:
                text = f"{phrase!r} names {first[1]} and {name}: give one a priority"
                yield Finding(path, text, "warning")


def _phrases(layer: SemanticLayer) -> Iterator[tuple[str, Owner]]:
    for index, entity in enumerate(layer.entities):
        path: LayerPath = ("entities", index)
        yield from _words(entity, path, entity.name, 0)
        for number, dimension in enumerate(entity.dimensions):
            if not dimension.hidden:
                where = (*path, "dimensions", number)
                name = f"{entity.name}.{dimension.name}"
                yield from _words(dimension, where, name, dimension.priority)
        for number, measure in enumerate(entity.measures):
            # Asking for the count of an entity and asking for the entity use the same words.
            name = f"{entity.name}.{measure.name}".removesuffix(".count")
            yield from _words(measure, (*path, "measures", number), name, 0)
    for index, metric in enumerate(layer.metrics):
        yield from _words(metric, ("metrics", index), f"metrics.{metric.name}", 0)


def _words(
    part: Labelled, path: LayerPath, name: str, priority: int
) -> Iterator[tuple[str, Owner]]:
    for phrase in sorted({normal(text) for text in (part.label, *part.synonyms) if text}):
        yield phrase, (path, name, priority)


def normal(phrase: str) -> str:
    """The phrase in lower case with single spaces."""
    return " ".join(phrase.lower().split())

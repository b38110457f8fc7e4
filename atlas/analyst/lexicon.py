"""The lexicon: every phrase a layer knows, and what it may stand for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from atlas.analyst.words import fold, lemmas, verb_forms
from atlas.semantic.entities import Dimension, Entity, Measure
from atlas.semantic.layer import SemanticLayer

LinkKind = Literal[
    "measure", "dimension", "entity", "value", "boolean", "adjective", "term", "verb"
]
Phrase = tuple[str, ...]
MOST_VALUES = 3000
# What people leave out when they name a company.
_LEGAL_FORMS = frozenset(
    {"inc", "co", "corp", "corporation", "ltd", "limited", "llc", "plc", "gmbh", "ag", "sa", "bv"}
)


@dataclass(frozen=True)
class Link:
    """One thing a phrase may stand for.

    `ref` names a measure, metric, dimension, entity or term; `value` is a dimension's type, its
    stored value, or the direction of an adjective.
    """

    kind: LinkKind
    ref: str
    value: Any = None
    priority: int = 0


class Lexicon:
    """Phrases of lemmas, each with what it may stand for; phrases longest first when matched."""

    def __init__(self, layer: SemanticLayer, terms: Mapping[str, str] | None = None) -> None:
        self._entries: dict[Phrase, list[Link]] = {}
        self._lengths: dict[str, set[int]] = {}
        for phrase, link in _all_links(layer):
            self._add(phrase, link)
        for word, meaning in (terms or {}).items():
            for link in self._entries.get(lemmas(meaning), ()):
                self._add(lemmas(word), link)
        self.single_words = tuple(p[0] for p in self._entries if len(p) == 1 and len(p[0]) >= 4)
        self.parts = self._parts_of_values()

    def _add(self, phrase: Phrase, link: Link) -> None:
        if not phrase:
            return
        links = self._entries.setdefault(phrase, [])
        if link not in links:
            links.append(link)
            self._lengths.setdefault(phrase[0], set()).add(len(phrase))

    def lengths(self, first: str) -> list[int]:
        """The lengths of phrases that start with a lemma, longest first."""
        return sorted(self._lengths.get(first, ()), reverse=True)

    def links(self, phrase: Phrase) -> tuple[Link, ...]:
        """What a phrase of lemmas may stand for."""
        return tuple(self._entries.get(phrase, ()))

    def _parts_of_values(self) -> dict[str, Link]:
        """Words of longer values that occur in one value only: "Davolio", "Gumbo"."""
        found: dict[str, set[Link]] = {}
        for phrase, links in self._entries.items():
            for link in links:
                if link.kind == "value" and len(phrase) > 1:
                    for word in phrase:
                        if len(word) >= 4:
                            found.setdefault(word, set()).add(link)
        return {word: next(iter(links)) for word, links in found.items() if len(links) == 1}


_cache: dict[tuple[str, tuple[tuple[str, str], ...]], Lexicon] = {}


def lexicon_of(layer: SemanticLayer, terms: Mapping[str, str]) -> Lexicon:
    """The lexicon of a layer, kept while the layer stays the same."""
    key = (layer.digest, tuple(sorted(terms.items())))
    if key not in _cache:
        if len(_cache) >= 16:
            _cache.clear()
        _cache[key] = Lexicon(layer, terms)
    return _cache[key]


def _all_links(layer: SemanticLayer) -> Iterator[tuple[Phrase, Link]]:
    for entity in layer.entities:
        yield from _entity_links(entity)
        for dimension in entity.dimensions:
            yield from _dimension_links(layer, entity, dimension)
        for measure in entity.measures:
            yield from _measure_links(entity, measure)
    yield from _word_links(layer)


def _word_links(layer: SemanticLayer) -> Iterator[tuple[Phrase, Link]]:
    for metric in layer.metrics:
        for text in (metric.label, _spaced(metric.name), *metric.synonyms):
            yield lemmas(text), Link("measure", f"metrics.{metric.name}")
    for adjective in layer.adjectives:
        for text in (adjective.word, *adjective.synonyms):
            yield lemmas(text), Link("adjective", adjective.by, adjective.direction)
    for term in layer.glossary:
        for text in (term.term, *term.synonyms):
            yield lemmas(text), Link("term", term.term)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def nouns(entity: Entity) -> set[Phrase]:
    """The phrases that name an entity."""
    return {lemmas(text) for text in (entity.label, _spaced(entity.name), *entity.synonyms)}


def _entity_links(entity: Entity) -> Iterator[tuple[Phrase, Link]]:
    for phrase in nouns(entity):
        yield phrase, Link("entity", entity.name)
    for verb in entity.verbs:
        for form in verb_forms(verb):
            yield lemmas(form), Link("verb", entity.name)


def _dimension_links(
    layer: SemanticLayer, entity: Entity, dimension: Dimension
) -> Iterator[tuple[Phrase, Link]]:
    ref = f"{entity.name}.{dimension.name}"
    link = Link("dimension", ref, dimension.type, dimension.priority)
    taken = nouns(entity)
    for phrase in dimension_phrases(entity, dimension):
        if phrase not in taken:
            yield phrase, link
    for value, words in dimension.phrases.items():
        for text in words:
            yield lemmas(text), Link("boolean", ref, value == "true", dimension.priority)
    yield from _value_links(layer, ref, dimension)


def _value_links(
    layer: SemanticLayer, ref: str, dimension: Dimension
) -> Iterator[tuple[Phrase, Link]]:
    for value in layer.dimension_values(ref)[:MOST_VALUES]:
        phrase = lemmas(value)
        short = phrase[:-1] if phrase and phrase[-1] in _LEGAL_FORMS else phrase
        for spelled in dict.fromkeys((phrase, short)):
            if not _too_short(spelled):
                yield spelled, Link("value", ref, value, dimension.priority)
    for value, words in dimension.value_synonyms.items():
        for text in words:
            yield lemmas(text), Link("value", ref, value, dimension.priority)


def _too_short(phrase: Phrase) -> bool:
    joined = "".join(phrase)
    return len(joined) < 2 or joined.isdigit()


def dimension_phrases(entity: Entity, dimension: Dimension) -> set[Phrase]:
    """The phrases that name a dimension, also with its entity's noun before it."""
    texts = {dimension.label, _spaced(dimension.name), *dimension.synonyms}
    own = {lemmas(text) for text in texts}
    if dimension.type == "boolean":
        return own
    # "orders shipped on" is said of orders; it names no column as "order ship date" does.
    named = {phrase for phrase in own if not phrase[-1:] or not phrase[-1].endswith(("ed", "on"))}
    with_noun = {noun + phrase for noun in nouns(entity) for phrase in named}
    if dimension.name == entity.label_column:
        with_noun |= {(*noun, "name") for noun in nouns(entity)}
    if dimension.type == "date":
        own.add(lemmas(_spaced(dimension.name).removesuffix(" date").removesuffix(" at")))
    return own | with_noun


def _measure_links(entity: Entity, measure: Measure) -> Iterator[tuple[Phrase, Link]]:
    link = Link("measure", f"{entity.name}.{measure.name}")
    for phrase in _measure_phrases(entity, measure):
        if not (measure.filter and _spelled_by_parts(entity, phrase)):
            yield phrase, link
    for verb in measure.verbs:
        for form in verb_forms(verb):
            yield lemmas(form), Link("verb", f"{entity.name}.{measure.name}")


def _measure_phrases(entity: Entity, measure: Measure) -> Iterable[Phrase]:
    texts = {measure.label, _spaced(measure.name), *measure.synonyms}
    found = {lemmas(text) for text in texts} - nouns(entity) - {("count",)}
    if measure.agg == "avg":
        same = (d for d in entity.dimensions if fold(d.sql) == fold(measure.sql))
        found |= {("average", *phrase) for d in same for phrase in dimension_phrases(entity, d)}
    return found


def _spelled_by_parts(entity: Entity, phrase: Phrase) -> bool:
    """Whether "late orders" is already said by the phrase "late" and the noun "orders"."""
    flags = {lemmas(t) for d in entity.dimensions for ts in d.phrases.values() for t in ts}
    return any(phrase == (*flag, *noun) for flag in flags for noun in nouns(entity))

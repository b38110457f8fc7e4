"""What is measured: the subject of a question under construction, and references to figures."""

from dataclasses import dataclass, field

from atlas.analyst.lexicon import Link
from atlas.analyst.marks import Mark
from atlas.analyst.resolve import Reader
from atlas.analyst.words import lemmas
from atlas.semantic.entities import Dimension, Entity
from atlas.semantic.query import Assumption

_PRICES = frozenset({"price", "cost", "fare", "fee"})


@dataclass
class Subject:
    """The measures of a question, or the entity to list; `order` is the measure ranked by."""

    measures: list[str] = field(default_factory=list)
    listed: str | None = None
    order: str | None = None
    counted: str | None = None
    assumptions: list[Assumption] = field(default_factory=list)


def count_measure(entity: Entity) -> str:
    """The measure that counts an entity's rows: a declared one, or its implicit count."""
    for measure in entity.measures:
        if measure.agg == "count" and not measure.filter and not measure.sql:
            return f"{entity.name}.{measure.name}"
    return f"{entity.name}.count"


def measure_ref(reader: Reader, mark: Mark) -> str:
    """The measure a mark means: of an entity named beside it when several share the words."""
    links = [link for link in mark.choices if link.kind == "measure"]
    if len(links) == 1:
        return links[0].ref
    return reader.choose(mark, [m.ref for m in reader.roles.entities()]).ref


def order_ref(reader: Reader, mark: Mark) -> str:
    """What a ranking goes by: a measure, the count of an entity, or a number column."""
    if mark.kind == "entity":
        entity = reader.layer.entity(mark.ref)
        if entity is not None:
            return count_measure(entity)
    if mark.kind == "dimension":
        bases = [m.ref for m in reader.roles.entities()]
        return reader.choose(mark, bases).ref
    return measure_ref(reader, mark)


def price_of(reader: Reader, name: str) -> Link | None:
    """The one price that rows of an entity have: what a thing costs."""
    entity = reader.layer.entity(name)
    found = [d for d in entity.dimensions if d.type == "number" and _is_price(d)] if entity else []
    if entity is None or len(found) != 1:
        return None
    return Link("dimension", f"{entity.name}.{found[0].name}", "number")


def _is_price(dimension: Dimension) -> bool:
    words = {word for text in (dimension.label, *dimension.synonyms) for word in lemmas(text)}
    return not dimension.hidden and bool(words & _PRICES)


def extreme(reader: Reader, ref: str) -> str | None:
    """The highest or lowest value, as the ranking word says, of a number column or of the column
    that a figure is made from."""
    name = ref.partition(".")[0]
    entity, measure = reader.layer.entity(ref), reader.layer.measure(ref)
    word = "max" if _direction(reader) == "desc" else "min"
    for dimension in entity.dimensions if entity else ():
        same = measure is not None and not measure.filter and measure.sql == dimension.sql
        if f"{name}.{dimension.name}" == ref or same:
            found = f"{name}.{word}_{dimension.name}"
            return found if reader.layer.measure(found) else None
    return None


def _direction(reader: Reader) -> str:
    rank = reader.roles.rank
    return str(rank.value[1]) if rank is not None else "desc"


def verb_measures(reader: Reader) -> list[str]:
    """The measures that the verbs of the question stand for."""
    refs = [
        link.ref
        for mark, negated in reader.roles.verbs
        for link in mark.choices
        if not negated and link.kind == "verb" and "." in link.ref
    ]
    return list(dict.fromkeys(refs))


def label_of(reader: Reader, ref: str) -> str:
    known = reader.layer.measure(ref) or reader.layer.metric(ref)
    return known.label if known else ref

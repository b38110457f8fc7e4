"""What is asked for: the measures, and the thing they are asked about."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.analyst.choices import figures, tops, vague
from atlas.analyst.marks import Mark
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import DeclinedError, UnclearError
from atlas.semantic.entities import Entity
from atlas.semantic.query import Assumption
from atlas.semantic.reading import base_measures
from atlas.semantic.scope import Scope


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


def subject_of(reader: Reader) -> Subject:
    """The subject of a question; UnclearError or DeclinedError when it has none."""
    found = Subject()
    steps = (_explicit, _column_count, _ranked, _counted, _by_verb, _by_entity, _by_condition)
    for step in (*steps, _by_threshold, _by_value):
        step(reader, found)
        if found.measures or found.listed:
            break
    else:
        _ask_for_figure(reader)
    if found.listed and (reader.roles.rank or reader.roles.adjective) and not found.order:
        _rank_listed(reader, found)
    return found


def _ask_for_figure(reader: Reader) -> None:
    roles = reader.roles
    if roles.conditions or roles.flags.keys() & {"trend", "growth", "share", "compare", "average"}:
        raise UnclearError("Which figure do you want to see?", figures(reader))
    if roles.times or roles.groups or roles.grain:
        raise UnclearError("Which figure do you want to see?", figures(reader))
    raise DeclinedError("I did not find a figure or a thing to list in the question.")


def _explicit(reader: Reader, found: Subject) -> None:
    roles = reader.roles
    adjective = roles.adjective
    for mark in roles.measures:
        ref = order_ref(reader, mark)
        if ref not in found.measures:
            found.measures.append(ref)
    if roles.order is not None:
        found.order = order_ref(reader, roles.order)
        if reader.layer.dimension(found.order) is not None:
            found.listed = found.order.partition(".")[0] if not found.measures else None
        elif found.order not in found.measures:
            found.measures.insert(0, found.order)
    elif adjective is not None:
        _by_adjective(reader, found, adjective)
    if roles.counted is not None and found.measures:
        found.counted = roles.counted.ref


def _column_count(reader: Reader, found: Subject) -> None:
    """ "how many countries": a declared count of different values, or none."""
    mark = reader.roles.counted_column
    if mark is None or found.measures:
        return
    ref = reader.choose(mark, [m.ref for m in reader.roles.entities()]).ref
    dimension, entity = reader.layer.dimension(ref), reader.layer.entity(ref)
    for measure in entity.measures if entity and dimension else ():
        if measure.agg == "count_distinct" and dimension and measure.sql == dimension.sql:
            found.measures = [f"{ref.partition('.')[0]}.{measure.name}"]
            return
    raise DeclinedError(f"I cannot count different {reader.board.said(mark).lower()} here.")


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


def _by_adjective(reader: Reader, found: Subject, mark: Mark) -> None:
    ref = mark.ref
    found.order = ref
    if reader.layer.dimension(ref) is None:
        if ref not in found.measures:
            found.measures.insert(0, ref)
    elif not found.measures:
        found.listed = ref.partition(".")[0]


def _ranked(reader: Reader, found: Subject) -> None:
    """ "top customers", "customers ordered most": by the verb, else by the declared default."""
    roles = reader.roles
    if roles.rank is None or not (roles.subject or roles.plain or roles.groups or roles.grain):
        if roles.rank is not None:
            raise UnclearError("The top of what, and by which figure?", tops(reader))
        return
    if roles.rank.kind == "vague":
        raise vague(reader, roles.rank)
    verbs = verb_measures(reader)
    if verbs:
        found.measures = [verbs[0]]
        found.order = verbs[0]
        return
    subject = roles.subject or next(iter(roles.plain), None)
    is_entity = subject is not None and subject.kind == "entity"
    entity = reader.layer.entity(subject.ref) if subject and is_entity else None
    ref = entity.default_measure if entity else None
    owner = reader.layer.entity(ref) if ref else None
    own_count = entity is not None and ref == count_measure(entity)
    if not ref or own_count or (owner is not None and owner.snapshot):
        raise vague(reader, roles.rank)
    label = _label(reader, ref)
    found.measures, found.order = [ref], ref
    found.assumptions.append(Assumption(key="ranked_by", text=f"ranked by {label.lower()}"))


def verb_measures(reader: Reader) -> list[str]:
    """The measures that the verbs of the question stand for."""
    refs = [
        link.ref
        for mark, negated in reader.roles.verbs
        for link in mark.choices
        if not negated and link.kind == "verb" and "." in link.ref
    ]
    return list(dict.fromkeys(refs))


def _counted(reader: Reader, found: Subject) -> None:
    mark = reader.roles.counted
    entity = mark and reader.layer.entity(mark.ref)
    if entity:
        found.measures = [count_measure(entity)]
        found.counted = entity.name


def _by_verb(reader: Reader, found: Subject) -> None:
    """ "How much did Ernst Handel spend?": the verb names the figure."""
    flags = reader.roles.flags
    wanted = "amount" in flags or "count" in flags or reader.roles.groups or reader.roles.grain
    if wanted and not reader.roles.subject:
        found.measures = verb_measures(reader)[:1]


def _by_entity(reader: Reader, found: Subject) -> None:
    roles = reader.roles
    if roles.columns and not (roles.groups or roles.grain):
        found.listed = _listed_by_columns(reader)
        if found.listed:
            return
    mark = next(_candidates(reader), None)
    entity = mark and reader.layer.entity(mark.ref)
    if not entity:
        return
    if _is_counted(reader):
        found.measures = [count_measure(entity)]
        found.counted = entity.name
        if "trend" in roles.flags or not (roles.groups or roles.grain):
            return
    else:
        found.listed = entity.name
        if "list" not in roles.flags:
            text = "shown as a list; ask “how many” to count"
            found.assumptions.append(Assumption(key="list", text=text))


def _candidates(reader: Reader) -> Iterator[Mark]:
    roles = reader.roles
    for mark in (roles.subject, *roles.plain):
        if mark is not None and mark.kind == "entity":
            yield mark


def _is_counted(reader: Reader) -> bool:
    roles = reader.roles
    shaped = {"trend", "share", "growth", "compare", "count", "average"} & set(roles.flags)
    return bool(roles.groups or roles.grain or shaped)


def _listed_by_columns(reader: Reader) -> str | None:
    entities = [m.ref for m in reader.roles.entities()]
    for mark in reader.roles.columns:
        ref = reader.choose(mark, entities).ref
        return entities[0] if entities else ref.partition(".")[0]
    return None


def _by_condition(reader: Reader, found: Subject) -> None:
    """ "which countries ...", "what is the price of Chai": the column named is the thing."""
    mark = reader.roles.subject
    if mark is None or mark.kind != "dimension":
        return
    bases = [m.ref for m in reader.roles.entities()]
    ref = reader.choose(mark, bases).ref
    dimension = reader.layer.dimension(ref)
    if dimension is None:
        return
    if dimension.type in ("category", "boolean"):
        entity = reader.layer.entity(bases[0] if bases else ref)
        if entity is not None:
            found.measures = [count_measure(entity)]
            text = f"counted in {entity.label.lower()}"
            found.assumptions.append(Assumption(key="counted", text=text))
        return
    found.listed = ref.partition(".")[0]


def _by_threshold(reader: Reader, found: Subject) -> None:
    """ "revenue over 1000 by customer": the figure that is limited is the one to show."""
    for item in reader.roles.thresholds:
        if item.operand is not None and item.operand.kind in ("measure", "entity"):
            found.measures.append(order_ref(reader, item.operand))


def _by_value(reader: Reader, found: Subject) -> None:
    """ "Is Chai in stock?": a thing named by its label is shown with its columns."""
    roles = reader.roles
    if roles.times or roles.groups or roles.grain or roles.flags.keys() - {"list"}:
        return
    for mark, _ in roles.conditions:
        for link in mark.choices:
            entity = reader.layer.entity(link.ref)
            if (
                entity
                and link.kind == "value"
                and link.ref == f"{entity.name}.{entity.label_column}"
            ):
                found.listed = entity.name
                text = f"shown from the list of {entity.label.lower()}"
                found.assumptions.append(Assumption(key="list", text=text))
                return


def _rank_listed(reader: Reader, found: Subject) -> None:
    verbs = verb_measures(reader)
    if not verbs:
        raise vague(reader, reader.roles.rank or reader.board.marks()[0])
    found.measures, found.order, found.listed = [verbs[0]], verbs[0], None


def _label(reader: Reader, ref: str) -> str:
    known = reader.layer.measure(ref) or reader.layer.metric(ref)
    return known.label if known else ref


def bases_of(scope: Scope, subject: Subject) -> list[str]:
    """The entities whose rows are listed or aggregated."""
    if subject.listed:
        return [subject.listed]
    measures = base_measures(scope, subject.measures)
    return list(dict.fromkeys(ref.partition(".")[0] for ref in measures))

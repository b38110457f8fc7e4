"""What is asked for: the measures, and the thing they are asked about."""

from collections.abc import Iterator

from atlas.analyst.choices import figures, splits
from atlas.analyst.marks import Mark
from atlas.analyst.measured import (
    Subject,
    count_measure,
    extreme,
    label_of,
    order_ref,
    price_of,
    verb_measures,
)
from atlas.analyst.ranking import ask_direction, by_adjective, rank_listed, ranked
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import Declined, Unclear
from atlas.semantic.entities import Entity
from atlas.semantic.query import Assumption
from atlas.semantic.reading import base_measures
from atlas.semantic.scope import Scope

_AS_LIST = "shown as a list; ask “how many” to count"


def subject_of(reader: Reader) -> Subject:
    """The subject of a question; Unclear or Declined when it has none."""
    found = Subject()
    steps = (_explicit, _column_count, ranked, _counted, _by_verb, _by_entity, _by_condition)
    for step in (*steps, _by_threshold, _by_value):
        step(reader, found)
        if found.measures or found.listed:
            break
    else:
        _ask_for_figure(reader)
    if found.listed and (reader.roles.rank or reader.roles.adjective) and not found.order:
        rank_listed(reader, found)
    return found


def _ask_for_figure(reader: Reader) -> None:
    roles = reader.roles
    shaped = {"trend", "growth", "share", "compare", "average", "amount"}
    if roles.conditions or roles.flags.keys() & shaped:
        raise Unclear("Which figure do you want to see?", figures(reader))
    if roles.times or roles.groups or roles.grain:
        raise Unclear("Which figure do you want to see?", figures(reader))
    raise Declined("I did not find a figure or a thing to list in the question.")


def _explicit(reader: Reader, found: Subject) -> None:
    roles = reader.roles
    if roles.counted is not None and roles.measures:
        _count_too(reader, found)
    for mark in roles.measures:
        ref = order_ref(reader, mark)
        if ref not in found.measures:
            found.measures.append(ref)
    if roles.order is not None:
        found.order = order_ref(reader, roles.order)
        ask_direction(reader, found.order)
        if reader.layer.dimension(found.order) is not None:
            _by_column(reader, found, found.order)
        elif found.order not in found.measures:
            found.measures.insert(0, found.order)
        _highest_of_all(reader, found)
    elif roles.adjective is not None:
        by_adjective(reader, found, roles.adjective)


def _by_column(reader: Reader, found: Subject, column: str) -> None:
    """Rows ranked by a number column of theirs, or other things by its highest value in each."""
    if found.measures:
        return
    owner, subject = column.partition(".")[0], reader.roles.subject
    is_other = subject is not None and subject.kind == "entity" and subject.ref != owner
    highest = extreme(reader, column) if is_other else None
    if highest is None:
        found.listed = owner
        return
    found.measures, found.order = [highest], highest


def _highest_of_all(reader: Reader, found: Subject) -> None:
    """ "maximum freight" with nothing to rank: the highest single value, or which is meant."""
    roles = reader.roles
    named = roles.subject or roles.plain or roles.groups or roles.grain or roles.columns
    if roles.rank is None or named or not found.order or len(found.measures) > 1 or found.listed:
        return
    highest = extreme(reader, found.order)
    if highest is None:
        words = label_of(reader, found.order).lower()
        ranked = reader.board.said(roles.rank).lower()
        raise Unclear(f"The {ranked} {words} of what?", splits(reader, found.order))
    found.measures, found.order, roles.rank = [highest], None, None


def _count_too(reader: Reader, found: Subject) -> None:
    """ "How many orders and how much revenue": both, when they are joined by a word."""
    counted, first = reader.roles.counted, reader.roles.measures[0]
    entity = reader.layer.entity(counted.ref) if counted else None
    if counted is None or entity is None:
        return
    gap = reader.board.between(min(counted.end, first.end), max(counted.start, first.start))
    if not {"and", ","} & set(gap) and first is not reader.roles.order:
        raise Declined(
            f"I did not understand how “{reader.board.said(first)}” belongs to "
            f"“{reader.board.said(counted)}”."
        )
    found.measures.append(count_measure(entity))
    found.counted = entity.name


def _column_count(reader: Reader, found: Subject) -> None:
    """ "how many countries": a declared count of different values, "how many units in stock": a
    declared sum; otherwise none."""
    mark = reader.roles.counted_column
    if mark is None or found.measures:
        return
    ref = reader.choose(mark, [m.ref for m in reader.roles.entities()]).ref
    dimension, entity = reader.layer.dimension(ref), reader.layer.entity(ref)
    wanted = "sum" if dimension and dimension.type == "number" else "count_distinct"
    for measure in entity.measures if entity and dimension else ():
        if measure.agg == wanted and dimension and measure.sql == dimension.sql:
            found.measures = [f"{ref.partition('.')[0]}.{measure.name}"]
            return
    raise Declined(f"I cannot count different {reader.board.said(mark).lower()} here.")


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
    found.measures = _summed_columns(reader) if roles.groups else []
    if found.measures:
        return
    if roles.columns and not (roles.groups or roles.grain):
        found.listed = _listed_by_columns(reader)
        if found.listed:
            return
    mark = next(_candidates(reader), None)
    entity = mark and reader.layer.entity(mark.ref)
    if entity:
        _counted_or_listed(reader, found, entity)


def _counted_or_listed(reader: Reader, found: Subject, entity: Entity) -> None:
    roles = reader.roles
    if "amount" in roles.flags:
        # "How much did they order": neither a list nor a count of orders says how much.
        _ask_for_figure(reader)
    if _is_counted(reader):
        found.measures = [count_measure(entity)]
        found.counted = entity.name
        if "trend" in roles.flags or not (roles.groups or roles.grain):
            return
    else:
        found.listed = entity.name
        if "list" not in roles.flags:
            found.assumptions.append(Assumption(key="list", text=_AS_LIST))


def _summed_columns(reader: Reader) -> list[str]:
    """ "units in stock by category": the declared sum of a column."""
    for mark in list(reader.roles.columns):
        ref = reader.choose(mark, []).ref
        dimension, entity = reader.layer.dimension(ref), reader.layer.entity(ref)
        for measure in entity.measures if entity else ():
            if dimension and measure.agg == "sum" and measure.sql == dimension.sql:
                reader.roles.columns.remove(mark)
                return [f"{ref.partition('.')[0]}.{measure.name}"]
    return []


def _candidates(reader: Reader) -> Iterator[Mark]:
    roles = reader.roles
    for mark in (roles.subject, *roles.plain):
        if mark is not None and mark.kind == "entity":
            yield mark


def _is_counted(reader: Reader) -> bool:
    roles = reader.roles
    shaped = {"trend", "share", "growth", "compare", "count", "average", "total"} & set(roles.flags)
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
        if item.operand is None:
            continue
        if item.operand.kind in ("measure", "entity"):
            found.measures.append(order_ref(reader, item.operand))
        elif item.operand.kind == "dimension":
            found.listed = reader.choose(item.operand, []).ref.partition(".")[0]
            found.assumptions.append(Assumption(key="list", text=_AS_LIST))


def _by_value(reader: Reader, found: Subject) -> None:
    """ "Is Chai in stock?": a thing named by its label is shown with its columns."""
    roles = reader.roles
    costs = "cost" in roles.flags
    operators = roles.flags.keys() - ({"list", "amount", "cost"} if costs else {"list"})
    if roles.times or roles.groups or roles.grain or roles.verbs or operators:
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
                if costs:
                    _show_price(reader, entity)
                text = f"shown from the list of {entity.label.lower()}"
                found.assumptions.append(Assumption(key="list", text=text))
                return


def _show_price(reader: Reader, entity: Entity) -> None:
    mark, price = reader.roles.flags["cost"], price_of(reader, entity.name)
    if price is None:
        raise Declined(f"I do not know what {entity.label.lower()} cost.")
    reader.roles.columns.append(Mark("dimension", mark.start, mark.end, price, (price,)))


def bases_of(scope: Scope, subject: Subject) -> list[str]:
    """The entities whose rows are listed or aggregated."""
    if subject.listed:
        return [subject.listed]
    measures = base_measures(scope, subject.measures)
    return list(dict.fromkeys(ref.partition(".")[0] for ref in measures))

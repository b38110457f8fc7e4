"""From roles to a typed query."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from atlas.analyst.marks import Mark
from atlas.analyst.measured import Subject, count_measure
from atlas.analyst.narrow import Narrowing, existences, narrowing
from atlas.analyst.resolve import Reader
from atlas.analyst.shape import Shape, shape_of
from atlas.analyst.shares import with_part
from atlas.analyst.stops import Declined
from atlas.analyst.subject import bases_of, subject_of
from atlas.analyst.when import When, when_of
from atlas.semantic.periods import resolve
from atlas.semantic.query import Assumption, DateRange, Existence, Order, Period, Query
from atlas.semantic.scope import Scope


def plan(reader: Reader, today: dt.date) -> Query:
    """The query of a question that stands by itself."""
    scope = Scope(reader.layer, today)
    subject = subject_of(reader)
    bases = bases_of(scope, subject)
    groups, assumptions = _groups(reader, subject, bases)
    limits = narrowing(reader, subject, bases)
    when = when_of(reader, today)
    if limits.having and subject.listed:
        groups, subject = _limited(reader, limits, subject.listed), _measured_by(limits, subject)
        bases = bases_of(scope, subject)
        limits.exists = [name for name in limits.exists if name not in bases]
    notes = [*subject.assumptions, *assumptions, *limits.assumptions, *when.assumptions]
    if subject.listed and (reader.roles.groups or reader.roles.grain):
        raise Declined("I can list things, but not within each of another.")
    if limits.having and not groups and not shape_grain(reader):
        subject = _counting(reader, subject)
    if limits.having and subject.counted and not groups:
        return _count_having(subject, limits, when, notes)
    if subject.listed:
        _refuse_unrelated(reader, subject.listed)
    shape = shape_of(reader, subject, groups, limits, when)
    notes += shape.assumptions
    query = _query(reader, subject, limits, when, shape)
    query, more = _dated(reader, query, bases, limits, today)
    notes += more
    _refuse_share_of_doers(reader, query, bases)
    query = with_part(reader, query, bases)
    return query.model_copy(update={"assumptions": tuple(notes)})


def _refuse_share_of_doers(reader: Reader, query: Query, bases: Sequence[str]) -> None:
    """ "what percentage of customers ordered this year": the whole would shrink to the part."""
    dated = query.time.dimension if query.time else None
    beyond = dated and bases and not reader.graph.is_safe(bases[0], dated.partition(".")[0])
    if query.kind == "share" and (beyond or query.exists or query.not_exists):
        raise Declined("I can count those, but not as a share of all of them.")


def _refuse_unrelated(reader: Reader, listed: str) -> None:
    """ "list customers of suppliers": a thing that is named narrows the list or stands in it."""
    entity = reader.layer.entity(listed)
    shown = (
        {ref.partition(".")[0] for ref in entity.list_columns if "." in ref} if entity else set()
    )
    conditions = {link.ref.partition(".")[0] for m, _ in reader.roles.conditions
                  for link in m.choices}  # fmt: skip
    for mark in reader.roles.plain:
        if mark.kind != "entity" or mark.ref in (listed, *shown, *conditions):
            continue
        if any(reader.beside(mark, other) for other, _ in reader.roles.conditions):
            continue
        raise Declined(f"I did not understand how “{reader.board.said(mark)}” belongs to the list.")


def _limited(reader: Reader, limits: Narrowing, listed: str) -> list[str]:
    """What is limited: the things listed, or for "countries with more than 5 customers" their
    column, as each thing is only one of itself."""
    entity = reader.layer.entity(listed)
    own = entity is not None and any(h.measure == count_measure(entity) for h in limits.having)
    columns = [reader.choose(mark, [listed]).ref for mark in reader.roles.columns]
    if own and not columns:
        raise Declined("I did not understand what the limit is about.")
    return columns if own else [listed]


def _measured_by(limits: Narrowing, subject: Subject) -> Subject:
    """ "customers with more than 10 orders": a list that shows the figure it goes by."""
    measures = list(dict.fromkeys(item.measure for item in limits.having))
    if any(item.op in ("<", "<=") for item in limits.having):
        text = "those with nothing to count are left out"
        subject.assumptions.append(Assumption(key="zeros", text=text))
    return replace(subject, listed=None, measures=measures, order=subject.order or measures[0])


def shape_grain(reader: Reader) -> bool:
    """Whether the figures are laid out over time."""
    return reader.roles.grain is not None or "trend" in reader.roles.flags


def _counting(reader: Reader, subject: Subject) -> Subject:
    """ "number of orders with more than 3 products": the count of what is limited."""
    if subject.counted:
        return subject
    for entity in reader.layer.entities:
        if subject.measures == [count_measure(entity)]:
            return replace(subject, counted=entity.name)
    raise Declined("I did not understand what the limit is about.")


def _count_having(
    subject: Subject, limits: Narrowing, when: When, notes: list[Assumption]
) -> Query:
    """ "How many customers have more than 5 orders?"."""
    return Query(
        kind="count_having",
        entity=subject.counted,
        filters=tuple(limits.filters),
        having=tuple(limits.having),
        time=when.period,
        assumptions=tuple(notes),
    )


def _groups(
    reader: Reader, subject: Subject, bases: Sequence[str]
) -> tuple[list[str], list[Assumption]]:
    roles = reader.roles
    found: list[str] = []
    for mark in roles.groups:
        ref = mark.ref if mark.kind == "entity" else reader.choose(mark, bases).ref
        if mark.kind == "entity" and subject.measures == [f"{ref}.count"]:
            raise Declined("A thing cannot be split by itself.")
        found.append(ref)
    head = roles.subject
    if subject.measures and head is not None and head.kind in ("entity", "dimension"):
        ref = head.ref if head.kind == "entity" else reader.choose(head, bases).ref
        if not _is_own_count(reader, subject, ref):
            found.insert(0, ref)
    extra, assumptions = _unspoken(reader, subject, bases, found)
    return list(dict.fromkeys([*found, *extra])), assumptions


def _is_own_count(reader: Reader, subject: Subject, ref: str) -> bool:
    entity = reader.layer.entity(ref)
    return entity is not None and "." not in ref and subject.measures == [count_measure(entity)]


def _unspoken(
    reader: Reader, subject: Subject, bases: Sequence[str], found: Sequence[str]
) -> tuple[list[str], list[Assumption]]:
    """Things named without a word that says what they are for: ranked or split by them."""
    roles = reader.roles
    if not subject.measures:
        return [], []
    conditions = {link.ref.partition(".")[0] for m, _ in roles.conditions for link in m.choices}
    extra: list[str] = []
    assumptions: list[Assumption] = []
    for mark in (*roles.plain, *roles.columns):
        ref = mark.ref if mark.kind == "entity" else reader.choose(mark, bases).ref
        entity = ref.partition(".")[0]
        known = entity in bases or entity in conditions or ref == subject.counted
        known = known or any(reader.beside(mark, other) for other, _ in roles.conditions)
        known = known or any(entity == other.partition(".")[0] for other in found)
        if known and mark.kind == "entity":
            continue
        if mark.kind == "dimension" and entity in conditions:
            continue
        extra.append(ref)
        if not (roles.order or roles.rank or roles.adjective):
            label = reader.board.said(mark)
            assumptions.append(Assumption(key=f"split:{ref}", text=f"split by {label.lower()}"))
    return extra, assumptions


def _query(reader: Reader, subject: Subject, limits: Narrowing, when: When, shape: Shape) -> Query:
    listed = subject.listed if not subject.measures else None
    order = Order(by=subject.order, direction=shape.direction) if subject.order else None
    return Query(
        kind="list" if listed else shape.kind,
        entity=listed or shape.entity,
        measures=() if listed else tuple(subject.measures),
        group_by=() if listed else tuple(shape.groups),
        columns=_columns(reader, listed) if listed else (),
        grain=None if listed else shape.grain,
        filters=tuple(limits.filters),
        exists=existences(limits.exists),
        not_exists=existences(limits.not_exists, limits.inside),
        time=when.period,
        compare_to=when.earlier if shape.kind == "compare" else None,
        step=shape.step,
        having=tuple(limits.having),
        order=order,
        limit=shape.limit,
    )


def _columns(reader: Reader, listed: str) -> tuple[str, ...]:
    """The columns named in a list question, after the one that names the rows."""
    roles = reader.roles
    subject = roles.subject if roles.subject and roles.subject.kind == "dimension" else None
    marks: list[Mark] = [m for m in (subject, *roles.columns) if m is not None]
    in_threshold = {item.operand for item in roles.thresholds}
    refs = [reader.choose(m, [listed]).ref for m in marks if m not in in_threshold]
    filtered = {ref for ref in refs if _has_condition(reader, ref)}
    refs = [ref for ref in refs if ref not in filtered]
    entity = reader.layer.entity(listed)
    if refs and entity and entity.label_column:
        refs.insert(0, f"{listed}.{entity.label_column}")
    return tuple(dict.fromkeys(refs))


def _has_condition(reader: Reader, ref: str) -> bool:
    if reader.roles.thresholds:
        return True
    return any(link.ref == ref for mark, _ in reader.roles.conditions for link in mark.choices)


def _dated(
    reader: Reader, query: Query, bases: Sequence[str], limits: Narrowing, today: dt.date
) -> tuple[Query, list[Assumption]]:
    """Gives a period to the rows it dates when what is asked for has no date of its own."""
    period = query.time
    facts = [*limits.exists, *limits.not_exists]
    if period is None:
        return _without_needless(query, reader, bases), []
    if limits.not_exists and period.dimension is None:
        since = _until_now(period, today)
        missing = tuple(
            Existence(entity=name, time=since, filters=tuple(limits.inside))
            for name in limits.not_exists
        )
        return query.model_copy(update={"time": None, "not_exists": missing}), []
    if period.dimension is not None:
        return query, []
    entity = reader.layer.entity(bases[0])
    if entity is None or (entity.default_time and not entity.snapshot and not facts):
        return query, []
    fact = next(iter(limits.exists), None) or _fact_of(reader, bases[0])
    dated = reader.layer.entity(fact) if fact else None
    if dated is None or not dated.default_time:
        return query, []
    time = period.model_copy(update={"dimension": dated.default_time})
    text = f"dated by {dated.label.lower()}"
    notes = [] if limits.exists else [Assumption(key="dated_by", text=text)]
    return query.model_copy(update={"time": time, "exists": ()}), notes


def _until_now(period: Period, today: dt.date) -> Period:
    """ "not in the last 6 months" also means not in the days since those months ended."""
    if period.relative is None or not period.relative.startswith("last_"):
        return period
    if period.relative.count("_") < 2:
        return period
    start = resolve(period, today)[0].start
    return Period(ranges=(DateRange(start=start),), label=period.label)


def _without_needless(query: Query, reader: Reader, bases: Sequence[str]) -> Query:
    """Drops "with orders" when a filter already looks into those rows."""
    if not query.exists or not query.filters:
        return query
    beyond = [f for f in query.filters
              if not reader.graph.is_safe(bases[0], f.dimension.partition(".")[0])]  # fmt: skip
    return query.model_copy(update={"exists": ()}) if beyond else query


def _fact_of(reader: Reader, base: str) -> str | None:
    """The nearest entity with a verb and a date: what customers do is order."""
    found = [
        (len(path), entity.name)
        for entity in reader.layer.entities
        if entity.verbs and entity.default_time
        and (path := reader.graph.path(base, entity.name))
    ]  # fmt: skip
    return min(found)[1] if found else None

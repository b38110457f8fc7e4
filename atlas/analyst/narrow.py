"""Conditions of a question: filters, related rows that must exist, and thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from atlas.analyst.lexicon import Link
from atlas.analyst.marks import Mark
from atlas.analyst.measured import (
    Subject,
    count_measure,
    measure_ref,
    price_of,
    verb_measures,
)
from atlas.analyst.resolve import Reader
from atlas.analyst.roles import Threshold
from atlas.analyst.stops import Declined, Unclear
from atlas.semantic.query import Assumption, Existence, Filter, Having


@dataclass
class Narrowing:
    """All that limits which rows and groups count.

    `inside` are conditions on the rows that must not exist.
    """

    filters: list[Filter] = field(default_factory=list)
    inside: list[Filter] = field(default_factory=list)
    exists: list[str] = field(default_factory=list)
    not_exists: list[str] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)


def narrowing(reader: Reader, subject: Subject, bases: Sequence[str]) -> Narrowing:
    """The conditions of a question about the entities `bases`."""
    found = Narrowing()
    missing = [mark.ref for mark in reader.roles.missing]
    found.not_exists += [name for name in missing if name not in bases]
    about = subject.listed or subject.counted
    for mark in reader.roles.owned:
        if about and mark.ref not in bases and not reader.graph.is_safe(about, mark.ref):
            found.exists.append(mark.ref)
    _by_verbs(reader, subject, bases, found)
    left_out = _left_out(reader) if found.not_exists else None
    for mark, negated in reader.roles.conditions:
        if left_out is not None and mark.start >= left_out and not negated:
            _add_filter(found.inside, reader.choose(mark, found.not_exists), negated)
        else:
            link = reader.choose(mark, bases)
            if not negated and _is_lack(reader, mark, link, bases):
                link, negated = replace(link, value=True), True
            _add_filter(found.filters, link, negated)
    for threshold in reader.roles.thresholds:
        _add_threshold(reader, subject, bases, threshold, found)
    found.assumptions += _any_is_enough(reader, bases, found.filters)
    _refuse_only(reader, bases, found)
    return found


def _refuse_only(reader: Reader, bases: Sequence[str], found: Narrowing) -> None:
    """ "Customers who only bought Chai" are fewer than those who bought it."""
    loose = {reader.board.text(i) for i in reader.board.loose()}
    if "only" not in loose or not bases:
        return
    beyond = any(
        not reader.graph.is_safe(bases[0], item.dimension.partition(".")[0])
        for item in found.filters
    )
    if beyond or found.exists:
        raise Declined("I can find those who did this, but not those who did only this.")


def _is_lack(reader: Reader, mark: Mark, link: Link, bases: Sequence[str]) -> bool:
    """ "Orders without discount" have no discounted line; one line without is not enough."""
    beyond = bases and not reader.graph.is_safe(bases[0], link.ref.partition(".")[0])
    lacks = reader.board.text(mark.start) == "without"
    return bool(beyond) and link.kind == "boolean" and link.value is False and lacks


def _left_out(reader: Reader) -> int | None:
    """The word from which on conditions are about what must not exist."""
    ends = [mark.end for mark in reader.roles.missing]
    ends += [mark.end for mark, negated in reader.roles.verbs if negated]
    return min(ends, default=None)


def _any_is_enough(
    reader: Reader, bases: Sequence[str], filters: Sequence[Filter]
) -> Iterator[Assumption]:
    """How several values were read of which one measured row may have more than one."""
    for item in filters:
        entity = item.dimension.partition(".")[0]
        if not bases or reader.graph.is_safe(bases[0], entity):
            continue
        if len(item.values) > 1 and item.op == "=" and not item.negated:
            names = " or ".join(str(value) for value in item.values)
            text = f"any one of {names} is enough"
            yield Assumption(key=f"any:{item.dimension}", text=text)


def _add_filter(filters: list[Filter], link: Link, negated: bool) -> None:
    """Several values of one dimension are alternatives; what is excluded is kept apart."""
    for index, known in enumerate(filters):
        same = known.dimension == link.ref and known.negated == negated and known.op == "="
        if same and link.value not in known.values:
            values = (*known.values, link.value)
            filters[index] = known.model_copy(update={"values": values})
            return
        if same:
            return
    filters.append(Filter(dimension=link.ref, values=(link.value,), negated=negated))


def _add_threshold(
    reader: Reader, subject: Subject, bases: Sequence[str], item: Threshold, found: Narrowing
) -> None:
    op, said = item.mark.value
    values = tuple(int(value) if value == int(value) else value for value in said)
    dimension = _price(reader, bases, item) or _number_dimension(reader, bases, item, subject)
    if dimension is not None:
        found.filters.append(Filter(dimension=dimension, op=op, values=values))
        return
    measure = _threshold_measure(reader, subject, item)
    found.having.append(Having(measure=measure, op=op, values=values))


def _price(reader: Reader, bases: Sequence[str], item: Threshold) -> str | None:
    """ "products that cost more than 50": the price, though nobody named it."""
    if "cost" not in reader.roles.flags or item.operand is not None or not bases:
        return None
    price = price_of(reader, bases[0])
    return price.ref if price else None


def _number_dimension(
    reader: Reader, bases: Sequence[str], item: Threshold, subject: Subject
) -> str | None:
    """The number column a threshold is about: just after it, or the last one named before."""
    marks = [item.operand] if item.operand else list(reversed(_before(reader, item.mark)))
    twin = _twin(reader, bases, marks, subject)
    if twin is not None:
        return twin
    for mark in marks:
        if mark is None:
            continue
        links = [link for link in mark.choices if link.kind == "dimension"]
        if mark.kind == "measure" and not subject.listed and not subject.counted:
            links = []
        if mark.kind == "dimension":
            links = [reader.choose(mark, bases)]
        for link in links:
            dimension = reader.layer.dimension(link.ref)
            row_wise = mark.kind == "dimension" or link.ref.partition(".")[0] in bases
            if dimension and dimension.type == "number" and row_wise:
                return link.ref
    return None


def _twin(
    reader: Reader, bases: Sequence[str], marks: Sequence[Mark], subject: Subject
) -> str | None:
    """The column that a measure sums, when each listed row has its own."""
    if not (subject.listed or subject.counted):
        return None
    for mark in marks:
        for link in mark.choices:
            measure = reader.layer.measure(link.ref)
            entity = reader.layer.entity(link.ref)
            if measure is None or entity is None or entity.name not in bases or not measure.sql:
                continue
            for dimension in entity.dimensions:
                if dimension.type == "number" and dimension.sql == measure.sql:
                    return f"{entity.name}.{dimension.name}"
    return None


def _before(reader: Reader, mark: Mark) -> list[Mark]:
    return [m for m in reader.board.marks("dimension", "measure") if m.end <= mark.start][-1:]


def _threshold_measure(reader: Reader, subject: Subject, item: Threshold) -> str:
    mark = item.operand or next(iter(_before(reader, item.mark)), None)
    if mark is not None and mark.kind == "measure":
        return measure_ref(reader, mark)
    entity = mark and mark.kind == "entity" and reader.layer.entity(mark.ref)
    if entity:
        return count_measure(entity)
    verb = next((found for found, negated in reader.roles.verbs if not negated), None)
    measured = verb_measures(reader)
    if measured and "times" not in reader.board.between(item.mark.end, item.mark.end + 1):
        return measured[0]
    fact = verb and _fact(reader, verb, subject.listed or subject.counted)
    happening = fact and reader.layer.entity(fact)
    if happening:
        return count_measure(happening)
    words = reader.board.said(item.mark)
    raise Unclear(f"“{words}” of what?")


def _by_verbs(reader: Reader, subject: Subject, bases: Sequence[str], found: Narrowing) -> None:
    """ "customers who ordered": the verb's fact must exist, unless the figure is its own."""
    about = subject.listed or subject.counted
    for mark, negated in reader.roles.verbs:
        fact = _fact(reader, mark, about)
        if fact is None or (not negated and (about is None or fact in bases)):
            continue
        if negated:
            if fact in bases:
                raise Declined("I cannot leave out what is being measured.")
            found.not_exists.append(fact)
        else:
            found.exists.append(fact)
    found.exists = [n for n in dict.fromkeys(found.exists) if n not in found.not_exists]
    found.not_exists = list(dict.fromkeys(found.not_exists))


def _fact(reader: Reader, mark: Mark, about: str | None) -> str | None:
    """The entity whose rows a verb tells of, the nearest to what is asked about."""
    names = [link.ref.partition(".")[0] for link in mark.choices if link.kind == "verb"]
    paths = [(len(reader.graph.path(about, n) or ()), n) for n in names] if about else []
    near = [pair for pair in paths if reader.graph.path(about or "", pair[1]) is not None]
    if about and not near:
        return None
    return min(near)[1] if near else (names[0] if names else None)


def existences(names: Sequence[str], filters: Sequence[Filter] = ()) -> tuple[Existence, ...]:
    """Related rows as the query writes them."""
    return tuple(Existence(entity=name, filters=tuple(filters)) for name in names)

"""The shape of a query: its kind, groups, span of time, direction and limit."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas.analyst.marks import Mark
from atlas.analyst.measured import Subject
from atlas.analyst.narrow import Narrowing
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import Declined, Unclear
from atlas.analyst.when import When
from atlas.semantic.entities import Choice
from atlas.semantic.query import Assumption, Direction, Grain, Kind

MANY = 10


@dataclass
class Shape:
    """How the figures are laid out."""

    kind: Kind = "aggregate"
    entity: str | None = None
    groups: list[str] = field(default_factory=list)
    grain: Grain | None = None
    step: Grain | None = None
    direction: Direction = "desc"
    limit: int | None = None
    assumptions: list[Assumption] = field(default_factory=list)


def shape_of(
    reader: Reader, subject: Subject, groups: Sequence[str], limits: Narrowing, when: When
) -> Shape:
    """The shape that the operators of the question give."""
    roles = reader.roles
    found = Shape(groups=list(groups))
    found.grain = roles.grain.value if roles.grain else None
    if "trend" in roles.flags and found.grain is None:
        found.grain = "month"
        found.assumptions.append(Assumption(key="grain", text="laid out by month"))
    _rank(reader, subject, found)
    if subject.listed:
        return found
    _kind(reader, subject, found, limits, when)
    return found


def _kind(reader: Reader, subject: Subject, found: Shape, limits: Narrowing, when: When) -> None:
    flags = reader.roles.flags
    if "share" in flags:
        found.kind = "share"
        if not found.groups and not limits.filters:
            raise Unclear("A share of what? Name a group or a condition.")
    elif when.compared:
        found.kind = "compare"
    elif "growth" in flags:
        _growth(flags["growth"], found, when)
    elif "compare" in flags:
        _compare_values(found, limits, bool(when.earlier))
    elif "average" in flags:
        _average(reader, subject, found)


def _growth(mark: Mark, found: Shape, when: When) -> None:
    step = mark.value
    if found.grain is None and step is None:
        if when.period is not None and not found.groups:
            found.kind = "compare"
            found.assumptions.append(
                Assumption(key="growth", text="compared with the period before")
            )
            return
        found.grain = "month"
        found.assumptions.append(Assumption(key="grain", text="from month to month"))
    found.kind = "growth"
    found.grain = found.grain or step
    found.step = step if step != found.grain else None


def _compare_values(found: Shape, limits: Narrowing, dated: bool) -> None:
    several = [f.dimension for f in limits.filters if len(f.values) > 1 and not f.negated]
    if several:
        found.groups = list(dict.fromkeys([*found.groups, several[0]]))
    elif not found.groups and not found.grain and not dated:
        raise Unclear("What should it be compared with? Name two periods or two values.")


def _average(reader: Reader, subject: Subject, found: Shape) -> None:
    roles = reader.roles
    measure = reader.layer.measure(subject.measures[0])
    if measure is None or not measure.additive or measure.agg == "avg":
        return
    if roles.per is not None:
        found.kind = "average_per"
        if roles.per.kind == "entity":
            found.entity = roles.per.ref
            found.groups = [ref for ref in found.groups if ref != roles.per.ref]
        text = f"the average over each {reader.board.said(roles.per).lower()}"
        found.assumptions.append(Assumption(key="average", text=text))
        return
    choices = [Choice(label=f"Per {unit}", phrase=f"per {unit}")
               for unit in ("month", *_things(reader, subject))]  # fmt: skip
    raise Unclear("The average per what?", tuple(choices[:5]))


def _things(reader: Reader, subject: Subject) -> list[str]:
    base = subject.measures[0].partition(".")[0]
    safe = [e for e in reader.layer.entities if reader.graph.is_safe(base, e.name)]
    return [e.label.lower().removesuffix("s") for e in safe if e.name != base][:4]


def _rank(reader: Reader, subject: Subject, found: Shape) -> None:
    """Order and limit: the number said, one for a singular thing, ten for a plural."""
    roles = reader.roles
    rank, adjective = roles.rank, roles.adjective
    if rank is None and adjective is None:
        return
    if adjective is not None:
        found.direction = adjective.value.value
    if rank is not None and adjective is None:
        found.direction = rank.value[1]
    if subject.order is None:
        return
    said = rank.value[0] if rank is not None else None
    said = said or _number_before(reader, adjective)
    if len(found.groups) + bool(found.grain) > 1:
        raise Declined("I can rank one thing at a time, not within each of another.")
    if found.groups or subject.listed or found.grain:
        found.limit = said or (1 if _is_one(reader) else MANY)


def _number_before(reader: Reader, mark: Mark | None) -> int | None:
    if mark is None:
        return None
    beside = (reader.board.at(mark.start - 1), reader.board.at(mark.end))
    return next((m.value for m in beside if m is not None and m.kind == "number"), None)


def _is_one(reader: Reader) -> bool:
    """Whether the thing ranked was named in the singular."""
    roles = reader.roles
    named = [roles.subject, *roles.plain, *roles.columns, *roles.groups, roles.grain]
    mark = next((m for m in named if m is not None), None)
    if mark is None:
        return False
    last = reader.board.words[mark.end - 1]
    return last.text == last.lemma and last.text not in ("staff", "people")

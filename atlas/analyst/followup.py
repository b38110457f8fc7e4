"""Follow-up questions: what a short turn changes in the query before it."""

import datetime as dt
from typing import Any

from atlas.analyst.answers import Situation
from atlas.analyst.marks import Board
from atlas.analyst.measured import Subject, order_ref
from atlas.analyst.narrow import narrowing
from atlas.analyst.reading import Read
from atlas.analyst.resolve import Reader
from atlas.analyst.roles import Roles
from atlas.analyst.scan import Scanner
from atlas.analyst.stops import Declined
from atlas.analyst.subject import bases_of
from atlas.analyst.vocabulary import LEAD
from atlas.analyst.when import before, when_of
from atlas.semantic.joins import JoinGraph
from atlas.semantic.query import Filter, Order, Period, Query
from atlas.semantic.scope import Scope


def follow_up(found: Read, situation: Situation) -> Query | None:
    """The previous query with what this turn changes; None when the turn stands by itself."""
    previous = situation.previous
    if previous is None or previous.kind in ("count_having", "saved"):
        return None
    roles = Scanner(found.board).scan()
    if _says_more(roles):
        return None
    lead = _has_lead(found.board) or _is_figure_only(found.board, roles)
    if not lead and _stands_alone(roles):
        return None
    if lead and (roles.counted or (roles.measures and (roles.groups or roles.rank))):
        return None
    reader = Reader(found.board, situation.layer, JoinGraph(situation.layer), roles)
    query = _merged(reader, previous, situation)
    return query if query.core() != previous.core() else None


def _says_more(roles: Roles) -> bool:
    """Whether a turn holds what no change of the query before it expresses."""
    marks = (roles.adjective, roles.counted_column, roles.order, roles.subject)
    return any(marks) or bool(roles.verbs or roles.missing or roles.columns)


def _has_lead(board: Board) -> bool:
    starts = any(board.matches(0, phrase.split()) for phrase in LEAD)
    return starts or board.text(len(board.words) - 1) in ("instead", "too", "only")


def _is_figure_only(board: Board, roles: Roles) -> bool:
    """ "by units sold" and "show their revenue" are about what was shown just now."""
    other = (roles.plain, roles.groups, roles.conditions, roles.times, roles.counted, roles.rank)
    if not roles.measures or any(other):
        return False
    return board.text(0) in ("by", "per") or _points_back(board)


def _points_back(board: Board) -> bool:
    return bool({"their", "its"} & _texts(board))


def _stands_alone(roles: Roles) -> bool:
    return bool(roles.measures or roles.counted or roles.subject or roles.plain or roles.verbs)


def _merged(reader: Reader, previous: Query, situation: Situation) -> Query:
    scope = Scope(situation.layer, situation.today)
    subject = Subject(measures=list(previous.measures), listed=previous.entity)
    if previous.measures:
        subject.listed = None
    bases = bases_of(scope, subject)
    changes: dict[str, Any] = {"assumptions": ()}
    changes.update(_figures(reader, previous))
    changes.update(_splits(reader, previous, bases))
    limits = narrowing(reader, subject, bases)
    if limits.filters:
        changes["filters"] = _filters(previous.filters, limits.filters)
        changes.update(_versus(reader, previous, limits.filters))
    if limits.having:
        changes["having"] = tuple(limits.having)
    if "share" in reader.roles.flags and previous.kind == "aggregate":
        changes["kind"] = "share"
    changes.update(_period(reader, previous, situation.today))
    changes.update(_ranking(reader, previous, changes))
    return Query.model_validate({**dict(previous), **changes})


def _period(reader: Reader, previous: Query, today: dt.date) -> dict[str, Any]:
    """Another period takes the place of the one before, which "the month before" counts from."""
    period = when_of(reader, today).period
    if period is not None and "compare" in reader.roles.flags and previous.time is not None:
        return _against(previous, previous.time, period, today)
    earlier = reader.roles.flags.get("earlier")
    if period is None and earlier is not None and previous.time is not None:
        found = before(previous.time, earlier.value, today)
        if "compare" in reader.roles.flags:
            plain = previous.kind == "aggregate" and found is not None and not previous.grain
            return {"kind": "compare", "compare_to": found} if plain else {}
        period = found
    if period is None:
        return {}
    dimension = period.dimension or (previous.time.dimension if previous.time else None)
    return {"time": period.model_copy(update={"dimension": dimension}), "compare_to": None}


def _against(previous: Query, time: Period, period: Period, today: dt.date) -> dict[str, Any]:
    """ "compare with last year" after last quarter: with that quarter of the year before."""
    if previous.kind not in ("aggregate", "compare") or previous.grain is not None:
        raise Declined("I can compare two periods in all, but not step by step.")
    if period.relative == "last_year":
        period = before(time, "year", today) or period
    return {"kind": "compare", "compare_to": period}


def _figures(reader: Reader, previous: Query) -> dict[str, Any]:
    """Another measure takes the place of the first; "also" adds it."""
    marks = (*reader.roles.measures, *reader.roles.plain)
    if previous.kind == "list" or not marks:
        return {}
    refs = tuple(order_ref(reader, mark) for mark in marks)
    also = bool({"also", "too"} & _texts(reader.board)) or _points_back(reader.board)
    measures = tuple(dict.fromkeys((*previous.measures, *refs))) if also else refs
    changes: dict[str, Any] = {"measures": measures}
    kept = _points_back(reader.board)
    if previous.order is not None and previous.order.by in previous.measures and not kept:
        changes["order"] = previous.order.model_copy(update={"by": measures[0]})
    return changes


def _splits(reader: Reader, previous: Query, bases: list[str]) -> dict[str, Any]:
    """ "by country" replaces the groups, "also by country" adds one, "by month" sets the span."""
    roles = reader.roles
    changes: dict[str, Any] = {}
    refs = tuple(
        mark.ref if mark.kind == "entity" else reader.choose(mark, bases).ref
        for mark in roles.groups
    )
    also = reader.board.text(0) in ("also", "and") and "instead" not in _texts(reader.board)
    if refs and previous.kind != "list":
        kept = previous.group_by if also else ()
        changes["group_by"] = tuple(dict.fromkeys((*kept, *refs)))
        if kept:
            changes["order"], changes["limit"] = None, None
        if previous.grain and not also and roles.grain is None:
            changes["grain"] = None
    if roles.grain is not None and previous.kind != "list":
        changes["grain"] = roles.grain.value
        if not also and not refs:
            changes["group_by"] = ()
            changes["order"], changes["limit"] = None, None
    return changes


def _texts(board: Board) -> set[str]:
    return {word.text for word in board.words}


def _filters(before: tuple[Filter, ...], new: list[Filter]) -> tuple[Filter, ...]:
    replaced = {item.dimension for item in new}
    return (*(item for item in before if item.dimension not in replaced), *new)


def _versus(reader: Reader, previous: Query, new: list[Filter]) -> dict[str, Any]:
    """ "vs France" after an answer about Germany: both, side by side."""
    if "compare" not in reader.roles.flags or len(new) != 1 or previous.kind != "aggregate":
        return {}
    for item in previous.filters:
        same = (item.dimension, item.op, item.negated) == (new[0].dimension, "=", new[0].negated)
        if same and not item.negated:
            both = item.model_copy(update={"values": (*item.values, *new[0].values)})
            rest = tuple(other for other in previous.filters if other is not item)
            groups = tuple(dict.fromkeys((*previous.group_by, item.dimension)))
            return {"filters": (*rest, both), "group_by": groups}
    return {}


def _ranking(reader: Reader, previous: Query, changes: dict[str, Any]) -> dict[str, Any]:
    """ "top 3" and "only the top 3" limit what was grouped before."""
    rank = reader.roles.rank
    if rank is None or rank.kind != "top":
        return {}
    count, direction = rank.value
    measures = changes.get("measures", previous.measures)
    groups = changes.get("group_by", previous.group_by)
    if not measures or not groups:
        return {}
    return {"order": Order(by=measures[0], direction=direction), "limit": count or 10}

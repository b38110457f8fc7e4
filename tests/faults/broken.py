"""Finds the promises that a siege broke: the remote's journal, and what people were told, count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.models import ActionRequest
from atlas.audit.models import AuditEntry
from tests.approvals.desk import NoteArguments
from tests.faults.remote import Line
from tests.faults.remote_desk import CHECKED

# How a request ends that undoes another one, by how that one ends.
TOGETHER = {"rolled_back": "executed", "rollback_failed": "failed", "rollback_unknown": "unknown"}
UNCLEAR = ("unknown", "rollback_unknown")
EXPECTED = {
    "approve": ("executed", "failed", "unknown"),
    "undo": ("executed", *TOGETHER),
    "reject": ("rejected",),
    "": ("pending",),
}


@dataclass(frozen=True)
class Row:
    """What the product says of one request; `undoes` is the number of what it rolls back."""

    pk: int
    delivery: str
    status: str
    key: str
    arguments: str
    intents: int
    undo_intents: int = 0
    undoes: int = 0


def rows_of_all() -> list[Row]:
    """What the product says of every request."""
    done, undone = _recorded("request.executing"), _recorded("request.rolling_back")
    return [
        Row(
            pk=row.pk,
            delivery=row.action,
            status=row.status,
            key=str(row.idempotency_key),
            arguments=_as_sent(row.arguments),
            intents=done[f"request {row.pk}"],
            undo_intents=undone[f"request {row.pk}"],
            undoes=row.undoes_id or 0,
        )
        for row in ActionRequest.objects.order_by("pk")
    ]


def violations(rows: Iterable[Row], journal: Iterable[Line], told: Mapping[int, str]) -> list[str]:
    """Every way in which the product's word differs from the journal or from what was told.

    `told` says what people were told by request: approve, reject, or undo of one that was done.
    """
    lines: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in journal:
        lines[line.verb, line.request].append(line)
    rows = list(rows)
    asked = {row.undoes: row for row in rows if row.undoes}
    found = []
    for row in rows:
        problems = [*_of_decision(row, told.get(row.pk, ""))]
        if not row.undoes:
            calls, undos = lines["do", row.pk], lines["undo", row.pk]
            problems += [*_of_calls(row, calls), *_of_status(row, calls)]
            problems += [*_of_undos(row, undos), *_of_undone(row, undos)]
            problems += _of_wish(row, undos, asked.get(row.pk), told)
        found += [f"request {row.pk} ({row.delivery}): {problem}" for problem in problems]
    strange = {pk for _verb, pk in lines} - {row.pk for row in rows if not row.undoes}
    return found + [f"request {pk}: done, and nobody asked for it" for pk in sorted(strange)]


def _of_calls(row: Row, calls: Sequence[Line]) -> Iterable[str]:
    if sum(call.effect for call in calls) > 1:
        yield "done twice"
    if row.delivery != "idempotent" and len(calls) > 1:
        yield "sent twice"
    if any(call.key != row.key for call in calls):
        yield "sent under another key"
    if any(call.arguments != row.arguments for call in calls):
        yield "not as approved"
    if len(calls) > row.intents:
        yield "sent without a record"


def _of_status(row: Row, calls: Sequence[Line]) -> Iterable[str]:
    happened = any(call.effect for call in calls)
    is_done = row.status == "executed" or row.status in TOGETHER
    if is_done and not happened:
        yield "shown as done, and it never was"
    if not is_done and row.status != "unknown" and happened:
        yield f"shown as {row.status}, and it was done"


def _of_decision(row: Row, told: str) -> Iterable[str]:
    if row.status not in EXPECTED[told]:
        yield f"decision {told!r} lost: it is {row.status}"


def _of_undos(row: Row, undos: Sequence[Line]) -> Iterable[str]:
    if sum(call.effect for call in undos) > 1:
        yield "undone twice"
    if row.delivery != "idempotent" and len(undos) > 1:
        yield "roll back sent twice"
    if any(call.key != f"{row.key}-rollback" for call in undos):
        yield "rolled back under another key"
    if any(call.arguments != row.key for call in undos):
        yield "undone is not what was done"
    if undos and row.undo_intents != 1:
        yield "undone without a record"


def _of_undone(row: Row, undos: Sequence[Line]) -> Iterable[str]:
    happened = any(call.effect for call in undos)
    if row.status == "rolled_back" and not happened:
        yield "shown as undone, and it never was"
    if row.status not in ("rolled_back", "rollback_unknown") and happened:
        yield f"shown as {row.status}, and it was undone"


def _of_wish(
    row: Row, undos: Sequence[Line], asked: Row | None, told: Mapping[int, str]
) -> Iterable[str]:
    """Undone is what somebody asked for and, where it needs that, somebody else approved."""
    is_asked = told.get(row.pk) == "undo"
    is_approved = asked is not None and told.get(asked.pk) == "approve"
    needs_approval = CHECKED in row.arguments
    if is_asked and needs_approval and asked is None:
        yield "the request to undo it is lost"
    if asked is not None and not (is_asked and needs_approval):
        yield "its roll back was filed, and nobody asked for it"
    is_wanted = is_asked and (is_approved or not needs_approval)
    if not is_wanted and (undos or row.status in TOGETHER):
        yield "undone without an approval" if is_asked else "undone, and nobody asked for it"
    if is_wanted and row.status not in TOGETHER:
        yield f"roll back lost: it is {row.status}"
    if asked is not None and asked.status != TOGETHER.get(row.status, "rejected"):
        yield f"it is {row.status}, and the request to undo it {asked.status}"


def _recorded(event: str) -> Counter[str]:
    return Counter(AuditEntry.objects.filter(event=event).values_list("subject", flat=True))


def _as_sent(arguments: dict[str, Any]) -> str:
    return NoteArguments.model_validate(arguments).model_dump_json()

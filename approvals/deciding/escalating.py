"""Hands what nobody decides for too long to the next group, and at last to all admins."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from approvals.deciding.ballots import announce
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from approvals.rules import installed
from approvals.rules.escalation import Escalation
from approvals.rules.tightening import EVERY_ACTION
from approvals.trail import trace
from atlas.audit.events import AuditEvent


def escalate(limit: int = 100) -> int:
    """Let those decide who are asked next, by the database's clock; returns how many steps.

    Of several processes one takes each step, and each is in the audit log once.
    """
    policy = installed.current()
    steps = sum(_ask_next(one, limit) for one in policy.escalate_to)
    return steps + _ask_admins(policy.escalate_after, limit)


def _ask_next(escalation: Escalation, limit: int) -> int:
    unasked = ~Q(escalated_to__contains=[escalation.group])
    overdue = _overdue(escalation.after).filter(unasked)
    if EVERY_ACTION not in escalation.actions:
        overdue = overdue.filter(action__in=escalation.actions)
    return sum(_to_group(pk, escalation.group, unasked) for pk in _numbers(overdue, limit))


def _ask_admins(after: timedelta | None, limit: int) -> int:
    if after is None:
        return 0
    overdue = _overdue(after).filter(escalated_at=None)
    return sum(_to_admins(pk) for pk in _numbers(overdue, limit))


def _to_group(pk: int, group: str, unasked: Q) -> int:
    with transaction.atomic():
        request = _locked(pk, unasked)
        if request is None:
            return 0
        asked = [*request.escalated_to, group]
        ActionRequest.objects.filter(pk=pk).update(escalated_to=asked)
        trace(AuditEvent.REQUEST_ESCALATED, request, actor=None, to=group)
        announce(request)
    return 1


def _to_admins(pk: int) -> int:
    with transaction.atomic():
        request = _locked(pk, Q(escalated_at=None))
        if request is None:
            return 0
        ActionRequest.objects.filter(pk=pk).update(escalated_at=Now())
        trace(AuditEvent.REQUEST_ESCALATED, request, actor=None, to="admins")
        announce(request)
    return 1


def _overdue(after: timedelta) -> ActionRequestQuerySet:
    return ActionRequest.objects.pending().filter(created_at__lte=Now() - after)


def _numbers(overdue: ActionRequestQuerySet, limit: int) -> list[int]:
    return list(overdue.order_by("id").values_list("pk", flat=True)[:limit])


def _locked(pk: int, condition: Q) -> ActionRequest | None:
    """The request, if it still waits and nobody else is just handing it on, or has."""
    rows = ActionRequest.objects.pending().select_for_update(of=("self",), skip_locked=True)
    return rows.filter(condition, pk=pk).first()

"""Hands what nobody decides for too long to the next group, and at last to all admins."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from approvals.deciding.ballots import announce
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from approvals.rules import installed
from approvals.rules.tightening import EVERY_ACTION, covers
from approvals.trail import trace
from atlas.audit.events import AuditEvent
from atlas.common.clock import database_now


def escalate(limit: int = 100) -> int:
    """Let those decide who are asked next, by the database's clock; returns how many steps.

    Of several processes one takes each step, and each is in the audit log once, in their order.
    """
    policy = installed.current()
    overdue: dict[int, None] = {}
    for one in policy.escalate_to:
        unasked = _waiting_for(one.after).exclude(escalated_to__contains=[one.group])
        if EVERY_ACTION not in one.actions:
            unasked = unasked.filter(action__in=one.actions)
        overdue |= _numbers(unasked, limit)
    if policy.escalate_after is not None:
        unasked = _waiting_for(policy.escalate_after).filter(escalated_at=None)
        overdue |= _numbers(unasked, limit)
    return sum(_hand_on(pk) for pk in overdue)


def _hand_on(pk: int) -> int:
    """Take every step that is due for one request, unless somebody else is just at it."""
    with transaction.atomic():
        rows = ActionRequest.objects.pending().select_for_update(of=("self",), skip_locked=True)
        request = rows.filter(pk=pk).first()
        if request is None:
            return 0
        waited = database_now() - request.created_at
        groups, steps = _groups_due(request, waited), 0
        for group in groups:
            trace(AuditEvent.REQUEST_ESCALATED, request, actor=None, to=group)
        changes: dict[str, object] = {"escalated_to": [*request.escalated_to, *groups]}
        if _admins_are_due(request, waited):
            trace(AuditEvent.REQUEST_ESCALATED, request, actor=None, to="admins")
            changes["escalated_at"] = Now()
            steps = 1
        steps += len(groups)
        if steps:
            ActionRequest.objects.filter(pk=pk).update(**changes)
            announce(request)
    return steps


def _groups_due(request: ActionRequest, waited: timedelta) -> list[str]:
    return [
        one.group
        for one in installed.current().escalate_to
        if one.after <= waited
        and covers(one.actions, request.action)
        and one.group not in request.escalated_to
    ]


def _admins_are_due(request: ActionRequest, waited: timedelta) -> bool:
    after = installed.current().escalate_after
    return after is not None and after <= waited and request.escalated_at is None


def _waiting_for(after: timedelta) -> ActionRequestQuerySet:
    return ActionRequest.objects.pending().filter(created_at__lte=Now() - after)


def _numbers(overdue: ActionRequestQuerySet, limit: int) -> dict[int, None]:
    return dict.fromkeys(overdue.order_by("id").values_list("pk", flat=True)[:limit])

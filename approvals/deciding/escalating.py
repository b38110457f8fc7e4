"""Hands what nobody decides for too long to all admins."""

from django.db import transaction
from django.db.models.functions import Now

from approvals.deciding.ballots import announce
from approvals.models import ActionRequest
from approvals.rules import installed
from approvals.trail import trace
from atlas.audit.events import AuditEvent


def escalate(limit: int = 100) -> int:
    """Let every admin decide what nobody has for too long; returns how many requests."""
    after = installed.current().escalate_after
    if after is None:
        return 0
    overdue = ActionRequest.objects.pending().filter(
        escalated_at=None, created_at__lte=Now() - after
    )
    return sum(_escalate(pk) for pk in list(overdue.values_list("pk", flat=True)[:limit]))


def _escalate(pk: int) -> int:
    with transaction.atomic():
        rows = ActionRequest.objects.pending().select_for_update(of=("self",), skip_locked=True)
        request = rows.filter(pk=pk, escalated_at=None).first()
        if request is None:
            return 0
        ActionRequest.objects.filter(pk=pk).update(escalated_at=Now())
        trace(AuditEvent.REQUEST_ESCALATED, request, actor=None)
        announce(request)
    return 1

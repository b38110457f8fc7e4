"""What the audit log keeps of a request's life."""

from approvals.enums import Status
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.audit.record import record

# How the log calls the end of an action or of its roll back.
EVENT_OF_END = {
    Status.EXECUTED: AuditEvent.REQUEST_EXECUTED,
    Status.FAILED: AuditEvent.REQUEST_FAILED,
    Status.UNKNOWN: AuditEvent.REQUEST_UNKNOWN,
    Status.ROLLED_BACK: AuditEvent.REQUEST_ROLLED_BACK,
    Status.ROLLBACK_FAILED: AuditEvent.REQUEST_ROLLBACK_FAILED,
    Status.ROLLBACK_UNKNOWN: AuditEvent.REQUEST_ROLLBACK_UNKNOWN,
}


def trace(
    event: AuditEvent, request: ActionRequest, *, actor: User | None, **details: object
) -> None:
    """Record `event` about `request` in the caller's transaction; no actor means Atlas itself."""
    record(
        event,
        actor=actor,
        actor_name="" if actor else "atlas",
        conversation_id=request.conversation_id,
        subject=f"request {request.pk}",
        body={
            "action": request.action,
            "plugin": request.plugin_id,
            "payload_hash": request.payload_hash,
            "mode": request.mode,
            "status": request.status,
            **_allowed_by(request),
            **({"undoes": request.undoes_id} if request.undoes_id else {}),
            **details,
        },
    )


def _allowed_by(request: ActionRequest) -> dict[str, object]:
    """The allow rule that let it pass; not whose it is, which the rule's own entry says."""
    if request.allow_rule_id is None:
        return {}
    return {
        "allow_rule": {"id": request.allow_rule_id, "name": request.policy["allow_rule"]["name"]}
    }

"""Sign-ins reach the audit log, by whichever page they happen."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.audit.record import record


def address_of(request: HttpRequest | None) -> str:
    """Where a request comes from, as the server sees it; headers of clients prove nothing."""
    return str(request.META.get("REMOTE_ADDR") or "") if request is not None else ""


@receiver(user_logged_in, dispatch_uid="audit sign-in")
def record_sign_in(request: HttpRequest | None, user: Any, **kwargs: object) -> None:
    record(AuditEvent.SIGNED_IN, actor=user, body={"address": address_of(request)})


@receiver(user_login_failed, dispatch_uid="audit failed sign-in")
def record_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object
) -> None:
    """Keep the name only when it is somebody's: people type passwords into the wrong field."""
    name = str(credentials.get("username") or "").replace("\x00", "")
    known = User.objects.filter(username=name).exists()
    record(
        AuditEvent.SIGN_IN_FAILED,
        actor=None,
        actor_name=name if known else "",
        body={"address": address_of(request), "known": known},
    )


def record_throttled(address: str, seconds: int) -> None:
    """Record that a sign-in was not even tried."""
    body = {"address": address, "wait_s": seconds}
    record(AuditEvent.SIGN_IN_THROTTLED, actor=None, body=body)

"""The kill switch: one order stops every agent and every execution until it is lifted."""

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals.errors import Conflict
from approvals.models import Halt
from atlas.accounts.models import User
from atlas.accounts.services import is_admin_now
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.jsonable import clean_text
from atlas.conversations.services import request_stop_of_all

MAX_REASON = 500
LOCK = 0x0A7A17


def in_force() -> Halt | None:
    """The order that holds at this moment."""
    return Halt.objects.filter(in_force=True).first()


def is_in_force_for_good() -> bool:
    """Whether an order holds, and no other begins to hold before the caller's transaction ends.

    An order that is being given waits for whoever asked here and was told no.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    return Halt.objects.filter(in_force=True).exists()


def halt(*, by: User, reason: str) -> Halt:
    """Stop all running answers, start no queued one, and carry out nothing that is approved.

    What is being carried out already ends by itself: half an action would be worse. Approved
    requests wait, and lapse when their time to run is over. Raises `NotAllowed` for anybody but
    an admin, `BadInput` without a reason, `Conflict` when an order is in force already.
    """
    reason = clean_text(reason).strip()
    _check_admin(by)
    if not reason or len(reason) > MAX_REASON:
        raise BadInput(_("Say why, in at most 500 characters; everybody reads it."))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            order = Halt.objects.create(reason=reason, ordered_by_name=str(by))
            stopped = request_stop_of_all()
            record(AuditEvent.HALTED, actor=by, body={"reason": reason, "runs": stopped})
            notify(Topic.APPROVALS, "halt")
    except IntegrityError:
        raise Conflict(_("Everything is stopped already; nothing more is needed.")) from None
    return order


def lift(*, by: User) -> None:
    """Let agents and executions go on; nothing happens when no order is in force.

    Raises `NotAllowed` for anybody but an admin.
    """
    _check_admin(by)
    with transaction.atomic():
        lifted = Halt.objects.filter(in_force=True).update(
            in_force=False, lifted_by_name=str(by), lifted_at=Now()
        )
        if lifted:
            record(AuditEvent.HALT_LIFTED, actor=by, body={})
            notify(Topic.RUNS, "lifted")
            notify(Topic.APPROVALS, "halt")


def _check_admin(person: User) -> None:
    if not is_admin_now(person):
        raise NotAllowed(_("Only an admin can stop or start all agents. Ask one."))

"""Leases on approved requests: whoever holds one carries the request out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from approvals.enums import Kind, Status
from approvals.models import ActionRequest

LEASE_S = 15.0

_CLAIM = """
UPDATE approvals_actionrequest AS request
SET lease_owner = %(owner)s, fence = request.fence + 1,
    lease_until = statement_timestamp() + make_interval(secs => %(lease_s)s)
FROM (
    SELECT id, lease_until IS NOT NULL AS was_held FROM approvals_actionrequest
    WHERE status IN ('approved', 'executing', 'rolling_back')
        AND NOT (status = 'executing' AND kind = 'rollback')
        AND (lease_until IS NULL OR lease_until <= statement_timestamp())
        AND (held_until IS NULL OR held_until <= statement_timestamp())
        AND (NOT EXISTS (SELECT FROM approvals_halt WHERE in_force)
            OR (status = 'executing' AND delivery = 'once' AND kind = 'action'))
    ORDER BY decided_at, id LIMIT %(slots)s FOR UPDATE SKIP LOCKED
) AS free
WHERE request.id = free.id
RETURNING request.id, request.fence, request.status, request.action, free.was_held,
    request.kind
"""

_RENEW = """
UPDATE approvals_actionrequest AS request
SET lease_until = statement_timestamp() + make_interval(secs => %(lease_s)s)
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS held (id, fence)
WHERE request.id = held.id AND request.fence = held.fence
    AND request.status IN ('approved', 'executing', 'rolling_back')
"""


@dataclass(frozen=True)
class Claim:
    """The right to carry out one request; a later claim of the same request has a higher fence.

    `is_resumed` when an earlier holder may have begun and was lost; `is_rollback` when what was
    done is to be undone; `lets_undo` when it is an approved request to undo another one, which
    is then claimed itself.
    """

    request_id: int
    fence: int
    action: str
    is_resumed: bool
    is_rollback: bool = False
    is_query: bool = False
    lets_undo: bool = False


def claim(owner: str, *, slots: int, lease_s: float = LEASE_S) -> list[Claim]:
    """Claim up to `slots` requests that nobody holds, the earliest decided first.

    While an admin has stopped everything there is nothing to claim but what was lost and is never
    sent again: that has to be shown as unknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"owner": owner, "lease_s": lease_s, "slots": slots})
        rows = cursor.fetchall()
    return [
        Claim(
            pk,
            fence,
            action,
            is_resumed=was_held if status == Status.ROLLING_BACK else status == Status.EXECUTING,
            is_rollback=status == Status.ROLLING_BACK,
            is_query=kind == Kind.QUERY,
            lets_undo=kind == Kind.ROLLBACK,
        )
        for pk, fence, status, action, was_held, kind in sorted(rows)
    ]


def renew(claims: Iterable[Claim], *, lease_s: float = LEASE_S) -> None:
    """Prolong the leases of `claims` in one statement; those lost to others stay lost."""
    held = list(claims)
    with connection.cursor() as cursor:
        cursor.execute(
            _RENEW,
            {
                "lease_s": lease_s,
                "ids": [one.request_id for one in held],
                "fences": [one.fence for one in held],
            },
        )


def release(one: Claim, status: Status = Status.APPROVED) -> None:
    """Give back a claim that was not begun, so that another process takes it at once.

    Name `Status.ROLLING_BACK` only before the plugin is called: that status does not tell.
    """
    waiting = ActionRequest.objects.filter(pk=one.request_id, fence=one.fence, status=status)
    waiting.update(lease_owner="", lease_until=None)

"""The queue of runs in Postgres: claim, renew, and give back what was not begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.conversations.services import LEASE

_CLAIM = """
UPDATE conversations_run AS run
SET status = 'running', fence = run.fence + 1, lease_owner = %s,
    lease_until = now() + make_interval(secs => %s),
    started_at = coalesce(run.started_at, now())
FROM (
    SELECT id FROM conversations_run WHERE status = 'queued'
        AND NOT EXISTS (SELECT FROM approvals_halt WHERE in_force)
    ORDER BY queued_at LIMIT %s FOR UPDATE SKIP LOCKED
) AS next
WHERE run.id = next.id
RETURNING run.id, run.fence, run.conversation_id, run.stop_requested, run.kind
"""

_RENEW = """
UPDATE conversations_run AS run SET lease_until = now() + make_interval(secs => %s)
FROM unnest(%s::uuid[], %s::int[]) AS mine(id, fence)
WHERE run.id = mine.id AND run.fence = mine.fence AND run.status = 'running'
RETURNING run.id, run.stop_requested
"""

_GIVE_BACK = """
UPDATE conversations_run AS run
SET status = 'queued', lease_owner = '', lease_until = NULL, started_at = NULL
FROM unnest(%s::uuid[], %s::int[]) AS mine(id, fence)
WHERE run.id = mine.id AND run.fence = mine.fence AND run.status = 'running'
RETURNING run.id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that this process may write, while nobody claims it under a higher fence."""

    run_id: UUID
    fence: int
    conversation_id: UUID
    stop_requested: bool
    kind: str


def claim(owner: str, most: int) -> list[Claim]:
    """Take up to `most` queued runs, the oldest first; others' claims are skipped.

    While an admin has stopped all agents there is nothing to take.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [owner, LEASE.total_seconds(), most])
        return [Claim(*row) for row in cursor.fetchall()]


def renew(claims: Sequence[Claim]) -> dict[UUID, bool]:
    """Renew the leases of `claims`; maps those still held to whether a stop was asked for."""
    ids, fences = [item.run_id for item in claims], [item.fence for item in claims]
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [LEASE.total_seconds(), ids, fences])
        return dict(cursor.fetchall())


def give_back(claims: Sequence[Claim]) -> None:
    """Queue again what was claimed and has not begun; others are woken for it."""
    ids, fences = [item.run_id for item in claims], [item.fence for item in claims]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [ids, fences])
        for (run_id,) in cursor.fetchall():
            notify(Topic.RUNS, f"queued:{run_id}")

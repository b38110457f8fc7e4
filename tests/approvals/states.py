"""Puts requests into every status they can have, by SQL and past every rule of the code."""

from django.db import connection

from approvals.enums import Status
from approvals.transitions import ALLOWED_MOVES


def next_statuses(before):
    """Every status that may follow `before` at once; none after the last one."""
    return {after for first, after in ALLOWED_MOVES if first is before}


def write(request, **columns):
    """Change columns by SQL, past every rule of the code."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE approvals_actionrequest SET {names} WHERE id = %s",
            [*columns.values(), request.pk],
        )


def way_to(status):
    """The statuses through which a request of the mode manual comes to `status`."""
    ways = [[Status.PENDING]]
    while ways[0][-1] is not status:
        way = ways.pop(0)
        ways += [[*way, after] for after in sorted(next_statuses(way[-1]))]
    return ways[0][1:]


def put_at(request, status):
    """Move a waiting request to `status` on its shortest way, and return it fresh."""
    write(request, decided_at="2026-01-01")
    for step in way_to(status):
        write(request, status=step)
    request.refresh_from_db()
    return request


# Where what is undone stands when the request to undo it comes to a status.
UNDONE_AT = {
    Status.EXECUTED: Status.ROLLED_BACK,
    Status.FAILED: Status.ROLLBACK_FAILED,
    Status.UNKNOWN: Status.ROLLBACK_UNKNOWN,
}


def put_rollback_at(asked, undone, status):
    """Move a waiting request to undo another one to `status`, and that one along with it."""
    write(asked, decided_at="2026-01-01")
    for step in way_to(status):
        if step in UNDONE_AT and undone.status == Status.ROLLING_BACK:
            write(undone, status=UNDONE_AT[step])
        write(asked, status=step)
        if step is Status.EXECUTING:
            write(undone, status=Status.ROLLING_BACK)
            undone.refresh_from_db()
    asked.refresh_from_db()
    undone.refresh_from_db()
    return asked

"""Promises about workers that end, or stand still, while they hold what was approved."""

import os
import signal
from collections.abc import Callable

import psutil  # type: ignore[import-untyped]  # its stubs are another package
import pytest
from django.db import connection
from django.db.models.functions import Now

from approvals import services
from approvals.models import ActionRequest
from atlas.accounts.models import User
from tests.approvals.desk import propose, start_run
from tests.database import ProcessDatabase
from tests.faults.broken import rows_of_all, violations
from tests.faults.remote import Remote
from tests.faults.remote_desk import DELIVERIES
from tests.processes.fleet import Fleet, Server
from tests.processes.waiting import until

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("desk")]

COUNT = 15


@pytest.fixture
def fleet(own_database: ProcessDatabase, remote_fleet: Callable[..., Fleet]) -> Fleet:
    return remote_fleet(own_database.variables)


def approved(count: int) -> dict[int, str]:
    """File and approve requests of all delivery classes; returns what the decider was told."""
    ann = User.objects.get(username="ann")
    run = start_run(ann)
    for number in range(count):
        action = DELIVERIES[number % len(DELIVERIES)]
        request = propose(run, action, title=f"Ticket {number}", call=f"call-{number}")
        services.approve(request.pk, by=ann, payload_hash=request.payload_hash)
    return dict.fromkeys(ActionRequest.objects.values_list("pk", flat=True), "approve")


def all_ended() -> bool:
    return not ActionRequest.objects.open().exists()


def is_frozen(worker: Server) -> bool:
    """Stop the process, unless rows would stay locked: Postgres ends that after a minute."""
    os.kill(worker.pid, signal.SIGSTOP)
    until("it has stopped", lambda: has_stopped(worker.pid))
    if is_quiet():
        return True
    os.kill(worker.pid, signal.SIGCONT)
    return False


def has_stopped(pid: int) -> bool:
    """Whether every thread has: each stops only when it leaves what it asks of the kernel."""
    threads = [thread.id for thread in psutil.Process(pid).threads()]
    return {psutil.Process(thread).status() for thread in threads} == {psutil.STATUS_STOPPED}


def is_quiet() -> bool:
    """Nothing runs in the database, nothing waits to be run, and no transaction is open.

    A statement that was sent wakes its backend up before the database calls it active: a backend
    that sleeps and is idle after that has heard everything.
    """
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pid {others} AND backend_type = 'client backend'")
        try:
            states = {psutil.Process(pid).status() for (pid,) in cursor.fetchall()}
        except psutil.NoSuchProcess:
            return False
        if states - {psutil.STATUS_SLEEPING}:
            return False
        cursor.execute(f"SELECT count(*) {others} AND state <> 'idle'")
        return cursor.fetchone() == (0,)


def test_a_worker_told_to_end_between_decision_and_run_leaves_the_rest_to_the_next(
    fleet: Fleet, remote: Remote
) -> None:
    remote.mode = "delay"
    worker = fleet.start("worker")
    told = approved(1)
    assert remote.arrived.wait(10)
    # More than it has slots, and it hears of them together with the order to end.
    until("it stands still between two transactions", lambda: is_frozen(worker))
    told |= approved(COUNT)
    os.kill(worker.pid, signal.SIGTERM)
    os.kill(worker.pid, signal.SIGCONT)
    worker.code = worker.zygote.end_of(worker.pid)
    assert worker.code == 0
    assert not all_ended()

    fleet.start("worker")
    until("the end", all_ended)

    assert violations(rows_of_all(), remote.lines(), told) == []
    assert {line.request for line in remote.lines()} == set(told)


@pytest.mark.parametrize("mode", ["delay", "late"])
def test_a_worker_that_stood_still_and_wakes_up_does_nothing_twice(
    fleet: Fleet, remote: Remote, mode: str
) -> None:
    remote.mode = mode
    frozen = fleet.start("worker")
    told = approved(len(DELIVERIES))
    assert remote.arrived.wait(10)
    try:
        until("it stands still between two transactions", lambda: is_frozen(frozen))
        # As time would do it: fifteen seconds without a sign of life.
        ActionRequest.objects.exclude(lease_until=None).update(lease_until=Now())
        fleet.start("worker")
        until("the end", all_ended)
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
    assert frozen.stop() == 0
    until("the remote to be idle", lambda: not remote.under_way)

    assert violations(rows_of_all(), remote.lines(), told) == []

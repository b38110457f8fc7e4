"""Promises about what was approved while things die: exactly that, at most once, never lost."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from atlas.conversations.models import Run
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from tests.cluster import TEST_DATABASE, TestCluster
from tests.database import pointed_at
from tests.faults.broken import TOGETHER, UNCLEAR, Row, rows_of_all, violations
from tests.faults.conftest import SEED
from tests.faults.remote import Remote
from tests.faults.remote_desk import CHECKED, DELIVERIES
from tests.faults.siege import Siege
from tests.processes.fleet import Fleet, add_people
from tests.processes.waiting import until

pytestmark = [pytest.mark.processes]

KILLS = int(
    os.environ.get("ATLAS_TEST_KILLS") or (200 if os.environ.get("ATLAS_TEST_LONG") else 50)
)


@pytest.fixture
def house(
    own_cluster: TestCluster,
    django_db_blocker: Any,
    desk: None,
    remote_fleet: Callable[..., Fleet],
) -> Iterator[tuple[TestCluster, Fleet]]:
    """A fleet whose actions reach the remote, on a Postgres that keeps what it confirmed."""
    with own_cluster.superuser() as superuser:
        # The cluster of the tests is quick and forgetful.
        superuser.execute(f"ALTER DATABASE {TEST_DATABASE} SET synchronous_commit = on")
    with pointed_at(own_cluster, TEST_DATABASE), django_db_blocker.unblock():
        add_people()
        urls = {"DATABASE_URL": APP_LOGIN, "DATABASE_OWNER_URL": OWNER_LOGIN}
        fleet = remote_fleet({name: own_cluster.url(login) for name, login in urls.items()})
        yield own_cluster, fleet
        fleet.kill_all()


def test_kills_at_any_moment_do_nothing_twice_lose_nothing_and_hide_nothing(
    house: tuple[TestCluster, Fleet], remote: Remote
) -> None:
    print(f"ATLAS_TEST_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    began = time.monotonic()
    siege = Siege(*house, remote, SEED)

    siege.endure(KILLS)

    rows, journal = rows_of_all(), remote.lines("do") + remote.lines("undo")
    figures = {"seed": SEED, "seconds": round(time.monotonic() - began), **_figures(siege, rows)}
    print(figures)  # noqa: T201  # the figures are the report
    assert violations(rows, journal, siege.words()) == []
    for status in UNCLEAR:
        unclear = {row.pk for row in rows if row.status == status}
        shown = siege.listed(status)
        assert set(shown) == unclear
        assert all("It is not known whether" in one for one in shown.values())
    done = {row.delivery for row in rows if row.status == "executed" and not row.undoes}
    assert done == set(DELIVERIES)
    undone = {CHECKED in row.arguments for row in rows if row.status == "rolled_back"}
    assert undone == {True, False}
    until("one follow-up", lambda: Run.objects.filter(follows_up=siege.run).count() == 1)


def _figures(siege: Siege, rows: list[Row]) -> dict[str, object]:
    calls, undos = (siege.remote.lines(verb) for verb in ("do", "undo"))
    undone = [row for row in rows if row.status in TOGETHER]
    return {
        "kills": dict(siege.kills),
        "kills while the remote worked": siege.hits,
        "requests": len(rows),
        "endings": dict(Counter(row.status for row in rows if not row.undoes)),
        "of requests to roll back": dict(Counter(row.status for row in rows if row.undoes)),
        "roll backs": dict(Counter((row.delivery, CHECKED in row.arguments) for row in undone)),
        "calls": len(calls),
        "effects": sum(line.effect for line in calls),
        "roll back calls": len(undos),
        "roll back effects": sum(line.effect for line in undos),
    }

"""A request outlives deploys: decided days later, it is run by another worker of other code.

Without the marker of process tests: it is skipped where the history is missing, or where the
newest commit brought a migration, since no earlier code runs on that database.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from approvals.models import ActionRequest
from tests.database import ROOT
from tests.faults.conftest import Enter
from tests.processes.fleet import Fleet, Zygote
from tests.processes.waiting import until

LOOK_BACK = 200


def git(*arguments: str) -> bytes:
    try:
        command = ["git", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("The history of this checkout cannot be read.")


def migrations_of(commit: str) -> set[str]:
    names = git("ls-tree", "-r", "--name-only", commit).decode().split()
    return {name for name in names if "/migrations/" in name and name.endswith(".py")}


def earlier_commit() -> str:
    """The oldest commit whose code fits the database of this one."""
    folders = ("approvals", "atlas", "plugins_app")
    paths = (path for folder in folders for path in (ROOT / folder).rglob("migrations/*.py"))
    here = {str(path.relative_to(ROOT)) for path in paths}
    fitting = ""
    for commit in git("log", f"-{LOOK_BACK}", "--skip=1", "--format=%H").decode().split():
        if migrations_of(commit) != here:
            break
        fitting = commit
    if not fitting:
        pytest.skip("No earlier commit has the migrations of this one.")
    return fitting


@pytest.fixture
def earlier(tmp_path_factory: pytest.TempPathFactory, fleet: Fleet) -> Iterator[Fleet]:
    """The same house with the code of an earlier commit."""
    folder = tmp_path_factory.mktemp("earlier")
    archive = git("archive", "--format=tar", earlier_commit())
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    logs: Path = tmp_path_factory.mktemp("earlier-logs")
    made = Fleet(Zygote(root=folder), logs, fleet.variables)
    yield made
    made.kill_all()
    made.zygote.close()


def test_a_request_decided_three_days_and_two_deploys_later_runs(
    fleet: Fleet, earlier: Fleet, enter: Enter
) -> None:
    first = fleet.start("serve")
    ann = enter("ann", first.address)
    with ann.socket() as socket:
        run = socket.ask("Create a ticket to restock Chai")["run"]
        assert socket.end_of(run)["kind"] == "done"
    (request,) = ActionRequest.objects.filter(origin_run=run)
    assert first.stop() == 0

    between = earlier.start("serve")
    assert "Restock Chai" in ann.at(between.address).http.get(f"/approvals/{request.pk}/").text
    with connection.cursor() as cursor:
        # The clock of the database goes on; what it is compared with is three days nearer.
        cursor.execute(
            "UPDATE approvals_actionrequest SET expires_at = expires_at - interval '3 days'"
        )
    assert between.stop() == 0

    web, _worker = fleet.start_all(["web", "worker"])
    ann.at(web.address).decide("approve", request.pk)
    until("the end", lambda: not ActionRequest.objects.open().exists())

    request.refresh_from_db()
    assert (request.status, request.attempts) == ("executed", 1)
    with psycopg.connect(fleet.variables["DATABASE_OWNER_URL"]) as owner:
        titles = owner.execute("SELECT title FROM plugin_ticket_tickets").fetchall()
    assert titles == [("Restock Chai",)]

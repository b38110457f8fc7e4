"""Promises of a running server while Postgres is stopped and started under a running answer."""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from atlas.datasources.models import SemanticVersion
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from atlas.semantic.layer import SemanticLayer
from tests.cluster import TEST_DATABASE, TestCluster
from tests.database import pointed_at
from tests.faults.conftest import Enter
from tests.processes.fleet import Fleet, Zygote, add_people
from tests.processes.people import Socket
from tests.processes.waiting import until

pytestmark = [pytest.mark.processes]

# The ten seconds are for the long tests; three show the same.
OUTAGE_S = 10.0 if os.environ.get("ATLAS_TEST_LONG") else 3.0
PACE_MS = 20
WORDS = int((OUTAGE_S + 2) * 1000 / PACE_MS)
ANSWER = " ".join(f"word{n}" for n in range(WORDS))
# Less than the ten seconds that a page waits for a connection while others have them.
SOON_S = 8.0


@dataclass
class Outage:
    """A server with a Postgres of its own."""

    cluster: TestCluster
    fleet: Fleet

    def row(self, query: str) -> tuple[Any, ...]:
        with psycopg.connect(self.cluster.url()) as connection:
            return connection.execute(query).fetchone() or ()


@pytest.fixture
def outage(
    own_cluster: TestCluster,
    django_db_blocker: Any,
    zygote: Zygote,
    tmp_path: Path,
) -> Iterator[Outage]:
    """A fleet whose model speaks slowly, on a cluster that nobody else uses."""
    with pointed_at(own_cluster, TEST_DATABASE), django_db_blocker.unblock():
        add_people()
        layer = SemanticLayer()
        SemanticVersion.objects.create(
            datasource="none", digest=layer.digest, layer=json.loads(layer.to_json())
        )
    scene = {"match": ".", "turns": [{"text": ANSWER}], "pace_ms": PACE_MS}
    (tmp_path / "script.json").write_text(json.dumps([scene]))
    lines = ["plugins = []", "default_datasource = 'none'", f"semantic_dir = {str(tmp_path)!r}"]
    (tmp_path / "config.py").write_text("\n".join(lines))
    variables = {
        "DATABASE_URL": own_cluster.url(APP_LOGIN),
        "DATABASE_OWNER_URL": own_cluster.url(OWNER_LOGIN),
        "ATLAS_DATA_DIR": str(tmp_path / "data"),
        "ATLAS_CONFIG": str(tmp_path / "config.py"),
        "ATLAS_MODEL": f"scripted:{tmp_path / 'script.json'}",
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
        "PATH": "",
    }
    made = Fleet(zygote, tmp_path, variables)
    yield Outage(own_cluster, made)
    made.kill_all()


def test_an_answer_outlives_an_outage_of_postgres(outage: Outage, enter: Enter) -> None:
    server = outage.fleet.start("serve")
    ann = enter("ann", server.address)
    with ann.socket() as wire, ann.socket("atlas.html") as page:
        started = wire.ask("Tell me")
        run = started["run"]
        page.send(type="watch", conversation=started["conversation"])
        wire.until(lambda: wire.text(run).count(" ") >= 20)
        outage.cluster.local.stop()
        down_at = time.monotonic()

        gone = wire.wait(lambda frame: frame["type"] == "database", timeout_s=SOON_S)
        assert not gone["is_there"]
        assert "The database does not answer." in _fragment(page, "connection")
        _is_refused(wire)
        # What Postgres had taken before it stopped has been shown by now.
        before = wire.text(run)
        _pages_say_so(ann)
        until("the outage has lasted", lambda: time.monotonic() - down_at >= OUTAGE_S)
        _is_refused(wire)
        assert wire.text(run) == before

        outage.cluster.local.start()
        back = wire.wait(lambda frame: frame["type"] == "database")
        assert back["is_there"]
        until("pages", lambda: ann.http.get("/").status_code == 200)
        assert wire.end_of(run)["kind"] == "done"

    assert wire.text(run) == ANSWER
    assert [f["seq"] for f in wire.events(run)] == sorted({f["seq"] for f in wire.events(run)})
    assert outage.row("SELECT count(*), min(status) FROM conversations_run") == (1, "done")
    assert outage.row("SELECT text FROM conversations_message WHERE author = 'assistant'") == (
        ANSWER,
    )
    assert "Tell me" in ann.http.get(f"/c/{started['conversation']}/").text
    assert ann.http.get("/readyz").json() == {"ready": True}
    assert server.stop() == 0


def _is_refused(wire: Socket) -> None:
    """A question is refused, soon; everything that was sent before has come then."""
    wire.send(type="ask", text="And now?", conversation=None)
    refused = wire.wait(lambda frame: frame["type"] == "error", timeout_s=SOON_S)
    assert refused["code"] == "database_away"


def _pages_say_so(ann: Any) -> None:
    for ask in (
        lambda: ann.http.get("/"),
        lambda: ann.http.get("/approvals/"),
        lambda: ann.post("/ask/", text="And now?"),
        lambda: ann.http.get("/api/v1/", headers={"Authorization": "Bearer atl_nothing"}),
    ):
        began = time.monotonic()
        answer = ask()
        assert time.monotonic() - began < SOON_S
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "Atlas cannot reach its database" in answer.text
        assert "Traceback" not in answer.text
    assert "loads itself again" in ann.http.get("/").text
    assert ann.http.get("/readyz").status_code == 503
    assert ann.http.get("/healthz").status_code == 200
    assert ann.http.get("/static/atlas/css/base.css").status_code == 200


def _fragment(page: Any, element: str, found: Callable[[str], bool] = lambda _text: True) -> str:
    """The next fragment that a browser is sent for an element."""
    while True:
        text: str = page.wire.recv(timeout=SOON_S)
        if f'id="{element}"' in text and found(text):
            return text

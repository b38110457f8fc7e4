"""Promises about what was approved while things die: exactly that, at most once, never lost."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.conversations.models import Run
from atlas.datasources.models import SemanticVersion
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from atlas.semantic.layer import SemanticLayer
from tests.cluster import TEST_DATABASE, TestCluster
from tests.database import pointed_at
from tests.faults.remote import Remote
from tests.faults.remote_desk import DELIVERIES, remote_desk
from tests.faults.siege import Siege, violations
from tests.hosted import host, let_go
from tests.processes.fleet import Fleet, Zygote, add_people, until

pytestmark = [pytest.mark.processes]

KILLS = int(
    os.environ.get("ATLAS_TEST_KILLS") or (200 if os.environ.get("ATLAS_TEST_LONG") else 50)
)
SEED = int(os.environ.get("ATLAS_TEST_SEED", random.randrange(10**6)))  # noqa: S311  # no secret
CONFIG = """
from tests.faults.remote_desk import remote_desk

plugins = [remote_desk({port})]
default_datasource = "none"
semantic_dir = {folder!r}
"""


@pytest.fixture
def remote() -> Iterator[Remote]:
    made = Remote(SEED)
    yield made
    made.close()


@pytest.fixture
def house(
    own_cluster: TestCluster,
    django_db_blocker: Any,
    remote: Remote,
    tmp_path: Path,
) -> Iterator[tuple[TestCluster, Fleet]]:
    """A fleet whose actions reach the remote, on a Postgres that keeps what it confirmed."""
    with own_cluster.superuser() as superuser:
        # The cluster of the tests is quick and forgetful.
        superuser.execute(f"ALTER DATABASE {TEST_DATABASE} SET synchronous_commit = on")
    entries = host(remote_desk(remote.port))
    with pointed_at(own_cluster, TEST_DATABASE), django_db_blocker.unblock():
        add_people()
        layer = SemanticLayer()
        SemanticVersion.objects.create(
            datasource="none", digest=layer.digest, layer=json.loads(layer.to_json())
        )
        (tmp_path / "config.py").write_text(CONFIG.format(port=remote.port, folder=str(tmp_path)))
        variables = {
            "DATABASE_URL": own_cluster.url(APP_LOGIN),
            "DATABASE_OWNER_URL": own_cluster.url(OWNER_LOGIN),
            "ATLAS_DATA_DIR": str(tmp_path / "data"),
            "ATLAS_CONFIG": str(tmp_path / "config.py"),
            "DJANGO_SETTINGS_MODULE": "atlas.settings",
            "PATH": "",
        }
        zygote = Zygote(variables)
        made = Fleet(zygote, tmp_path, variables, imports=("tests.faults.warm",))
        yield own_cluster, made
        made.kill_all()
        zygote.close()
    let_go(entries)


def test_kills_at_any_moment_do_nothing_twice_lose_nothing_and_hide_nothing(
    house: tuple[TestCluster, Fleet], remote: Remote
) -> None:
    print(f"ATLAS_TEST_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    began = time.monotonic()
    siege = Siege(*house, remote, SEED)

    siege.endure(KILLS)

    rows, journal = siege.rows(), remote.lines()
    figures = {
        "seed": SEED,
        "seconds": round(time.monotonic() - began),
        "kills": dict(siege.kills),
        "kills while the remote worked": siege.hits,
        "requests": len(rows),
        "endings": dict(Counter(row.status for row in rows)),
        "calls": len(journal),
        "effects": sum(line.effect for line in journal),
    }
    print(figures)  # noqa: T201  # likewise
    assert violations(rows, journal, siege.told) == []
    unknown = {row.pk for row in rows if row.status == "unknown"}
    shown = siege.listed("unknown")
    assert set(shown) == unknown
    assert all("It is not known whether this happened" in one for one in shown.values())
    done = {row.delivery for row in rows if row.status == "executed"}
    assert done == set(DELIVERIES)
    until("one follow-up", lambda: Run.objects.filter(follows_up=siege.run).count() == 1)

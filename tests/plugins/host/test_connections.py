"""Datasource connections: made on first use, bounded, cancelled, and checked."""

import asyncio
import threading

import pytest

from atlas.common.errors import AtlasError
from plugins_app.host.calling import calls
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable
from plugins_app.host.facets import connections
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import (
    AccountReport,
    Datasource,
    EntityDraft,
    Plugin,
    PolicyTable,
    QueryLimits,
    QueryResult,
    ValidationResult,
)
from plugins_app.sdk.testing import FakeConnection

LIMITS = QueryLimits(max_rows=10)


def plugin(plugin_id="warehouse", **facet):
    given = {"create": FakeConnection, "db_type": "postgres"}
    return Plugin(
        id=plugin_id,
        types=("datasource",),
        version="1.0.0",
        name="Warehouse",
        datasource=Datasource(**(given | facet)),
    )


def described(name):
    return PolicyTable(name, "reader", {}, True, False, False, False, "")


async def query(plugin_id="warehouse", sql="SELECT 1", timeout_ms=5000):
    return await connections.query(plugin_id, sql, timeout_ms=timeout_ms, limits=LIMITS)


async def test_the_connection_is_made_on_first_use_and_kept(registered):
    made = []

    def create():
        made.append(FakeConnection(["n"], [[7]]))
        return made[-1]

    registered(plugin(create=create))
    assert made == []
    assert (await query()).rows == [[7]]
    await asyncio.gather(query(sql="SELECT 2"), query(sql="SELECT 3"))
    assert len(made) == 1
    assert sorted(made[0].queries) == ["SELECT 1", "SELECT 2", "SELECT 3"]


async def test_a_connection_that_could_not_be_made_is_tried_again(registered):
    attempts = []

    async def create():
        attempts.append(1)
        if len(attempts) == 1:
            raise ConnectionError("refused")
        return FakeConnection()

    registered(plugin(create=create))
    with pytest.raises(PluginFailed, match="The plugin “Warehouse” failed: refused"):
        await query()
    assert (await query()).rows == ((1,),)


class Broken(FakeConnection):
    async def query(self, sql, timeout_ms=None, *, limits=None):
        return [[1]]


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (Broken, "returned something that is not a QueryResult"),
        (object, "create() returned no connection"),
    ],
)
async def test_rubbish_is_an_error(registered, create, message):
    registered(plugin(create=create))
    with pytest.raises(AtlasError) as caught:
        await query()
    assert message in caught.value.user_message


class Hanging(FakeConnection):
    """An asynchronous driver that stops its statement when its task is cancelled."""

    def __init__(self):
        super().__init__()
        self.started = threading.Event()
        self.stopped = threading.Event()

    async def query(self, sql, timeout_ms=None, *, limits=None):
        self.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stopped.set()
            raise


class Blocking(FakeConnection):
    """A synchronous driver that can only be stopped through cancel()."""

    def __init__(self):
        super().__init__()
        self.started = threading.Event()
        self.stopped = threading.Event()

    def query(self, sql, timeout_ms=None, *, limits=None):
        self.started.set()
        self.stopped.wait(10)
        return QueryResult([], [])

    def cancel(self):
        super().cancel()
        self.stopped.set()


@pytest.mark.parametrize(("kind", "cancelled"), [(Hanging, 0), (Blocking, 1)])
async def test_cancelling_the_caller_stops_the_statement(registered, kind, cancelled):
    connection = kind()
    registered(plugin(create=lambda: connection))
    task = asyncio.create_task(query())
    assert await asyncio.to_thread(connection.started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(connection.stopped.wait, 5)
    assert connection.cancelled == cancelled


@pytest.mark.parametrize(("kind", "cancelled"), [(Hanging, 0), (Blocking, 1)])
async def test_the_deadline_stops_the_statement(registered, patient, monkeypatch, kind, cancelled):
    monkeypatch.setattr(connections, "QUERY_GRACE_S", 0)
    connection = kind()
    registered(plugin(create=lambda: connection))
    with pytest.raises(PluginTimeout):
        await query(timeout_ms=20)
    assert await asyncio.to_thread(connection.stopped.wait, 5)
    assert connection.cancelled == cancelled


async def test_a_synchronous_connection_gets_one_statement_at_a_time(registered):
    running, most = [], []

    class Slow(FakeConnection):
        def query(self, sql, timeout_ms=None, *, limits=None):
            running.append(sql)
            most.append(len(running))
            running.remove(sql)
            return self.result

    registered(plugin(create=Slow))
    await asyncio.gather(*(query(sql=f"SELECT {n}") for n in range(8)))
    assert max(most) == 1


async def test_the_wait_for_a_turn_is_part_of_the_deadline(registered):
    given = []

    class Noting(Blocking):
        def query(self, sql, timeout_ms=None, *, limits=None):
            given.append(timeout_ms)
            return super().query(sql, timeout_ms, limits=limits)

    connection = Noting()
    registered(plugin(create=lambda: connection))
    first = asyncio.create_task(query())
    assert await asyncio.to_thread(connection.started.wait, 5)
    with pytest.raises(AtlasError) as caught:
        await query(timeout_ms=20)
    assert caught.value.code == "busy"
    third = asyncio.create_task(query())
    for _ in range(3):
        await asyncio.sleep(0)
    connection.stopped.set()
    await asyncio.gather(first, third)
    assert len(given) == 2
    assert 0 < given[1] < 5000


async def test_a_replaced_thread_gets_a_new_connection(registered, monkeypatch):
    monkeypatch.setattr(calls, "GRACE_S", 0.02)
    release, made = threading.Event(), []

    def create():
        made.append(FakeConnection())
        return made[-1]

    async def block():
        release.wait(10)

    (entry,) = registered(plugin(create=create))
    await query()
    # On a busy machine a loop may still answer once before the block begins.
    while not entry.thread.replacements:
        with pytest.raises(PluginTimeout):
            await calls.call(entry, block, timeout_s=0.01)
    await query()
    release.set()
    assert len(made) == 2


async def test_list_describes_usable_datasources(registered):
    entries = registered(
        plugin("a", parser_dialect="Snowflake", db_type="snowflake", dialect=" Use QUALIFY. "),
        plugin("b"),
        plugin("c"),
    )
    entries[1].move(PluginStatus.UNHEALTHY, "away")
    entries[2].enabled = False
    assert connections.list_datasources() == [
        connections.DatasourceInfo("a", "snowflake", "snowflake", "sql", "Use QUALIFY.", True),
        connections.DatasourceInfo("b", "postgres", "postgres", "sql", "", False),
    ]


async def test_a_disabled_datasource_refuses_at_once(registered):
    (entry,) = registered(plugin())
    entry.enabled = False
    with pytest.raises(PluginUnavailable, match="“Warehouse” is not available: it is disabled"):
        await query()


async def test_an_unknown_datasource_is_named(registered):
    registered()
    with pytest.raises(PluginUnavailable, match="There is no plugin “nowhere”"):
        await query("nowhere")


def raising(text):
    raise RuntimeError("internal detail")


async def later(text):
    return ValidationResult(False, "SOQL may have at most 20,000 characters")


VALIDATORS = [
    (None, True, ""),
    (lambda text: ValidationResult(True), True, ""),
    (later, False, "SOQL may have at most 20,000 characters"),
    (lambda text: ValidationResult(False), False, "The query was refused."),
    (raising, False, "The datasource's own check failed. Try again later."),
    (lambda text: True, False, "The datasource's own check is misconfigured."),
    (lambda text: None, False, "The datasource's own check is misconfigured."),
]


@pytest.mark.parametrize(("validator", "valid", "reason"), VALIDATORS)
async def test_a_validator_that_fails_refuses(registered, validator, valid, reason):
    registered(plugin(validate=validator))
    assert await connections.validate("warehouse", "x") == ValidationResult(valid, reason)


DRAFT = EntityDraft("users", "table: users")


async def drafts():
    return [DRAFT]


@pytest.mark.parametrize("given", [(DRAFT,), lambda: [DRAFT], drafts])
async def test_entities_come_from_a_list_or_a_factory(registered, given):
    registered(plugin(entities=given))
    assert await connections.entities("warehouse") == [DRAFT]


async def test_entities_of_a_wrong_kind_are_an_error(registered):
    registered(plugin(entities=lambda: [{"name": "users"}]))
    with pytest.raises(AtlasError, match="not a list of EntityDraft"):
        await connections.entities("warehouse")


async def test_the_account_is_inspected_with_the_listed_tables(registered):
    registered(
        plugin("a", inspect_account=lambda listed: AccountReport(",".join(listed), "16")),
        plugin("b"),
    )
    report = await connections.inspect_account("a", ["public.orders"])
    assert (report.user, report.server_version) == ("public.orders", "16")
    assert await connections.inspect_account("b", []) is None


async def test_closing_survives_a_plugin_that_raises(registered):
    class Bad(FakeConnection):
        def close(self):
            raise RuntimeError("no")

    (entry,) = registered(plugin(create=Bad))
    await query()
    await connections.close(entry)
    await connections.close(entry)
    assert (await query()).rows == ((1,),)


@pytest.mark.parametrize("found", [None, ["orders"], [described("sales.orders"), described("x.y")]])
async def test_row_policies_of_other_tables_than_asked_for_are_an_error(registered, found):
    registered(plugin(inspect_policies=lambda tables: found))

    with pytest.raises(AtlasError, match="describes other tables than it is asked about"):
        await connections.inspect_policies("warehouse", ["sales.orders"])


async def test_row_policies_of_tables_that_are_there_are_described(registered):
    found = [described("sales.orders")]
    registered(plugin(inspect_policies=lambda tables: found))

    asked = ["sales.orders", "sales.gone"]
    assert await connections.inspect_policies("warehouse", asked) == found

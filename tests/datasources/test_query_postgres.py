"""The same path against a real PostgreSQL."""

import asyncio
import dataclasses
import threading

import pytest

from atlas.accounts.principal import Principal
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import slots
from atlas.datasources.query import EngineFailed, QueryOutcome, Refused, run_query
from plugins_app.builtin.postgres import postgres
from plugins_app.host.calling import calls
from plugins_app.host.errors import PluginTimeout
from tests.datasources.conftest import DATABASE
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(ann, layer):
    principal = Principal.of(ann)

    async def run(sql):
        return await run_query(principal, "shop", sql, layer=layer)

    return run


async def test_rows_come_as_json_safe_values_in_order(ask, shop):
    shop()
    outcome = await ask("SELECT id, customer, total, placed FROM orders ORDER BY id LIMIT 2")
    assert outcome.columns == ["id", "customer", "total", "placed"]
    assert outcome.rows == [
        [1, "Bo", "1.50", "2026-01-02"],
        [2, None, "3.00", "2026-01-03"],
    ]
    assert not outcome.truncated


async def test_more_rows_than_the_cap_are_cut_and_said(ask, shop):
    shop()
    outcome = await ask("SELECT id FROM orders")
    assert (outcome.row_count, len(outcome.rows), outcome.truncated) == (1000, 1000, True)


async def test_exactly_as_many_rows_as_the_cap_are_not_cut(ask, shop):
    shop()
    outcome = await ask("SELECT id FROM orders WHERE id <= 1000")
    assert (outcome.row_count, outcome.truncated) == (1000, False)


async def test_more_bytes_than_the_cap_are_cut_and_said(ask, shop, bounds):
    shop()
    bounds(max_bytes=2_000)
    outcome = await ask("SELECT id FROM orders")
    assert outcome.truncated
    assert 0 < outcome.row_count < 200


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT 1 / (id - id) AS x FROM orders", "division_by_zero"),
        ("SELECT CAST(customer AS int) AS x FROM orders", "bad_value"),
        ("SELECT customer + 1 AS x FROM orders", "unknown_function"),
        ("SELECT customer, SUM(total) AS x FROM orders", "grouping"),
        ("SELECT (SELECT id FROM orders) AS x FROM orders", "many_rows"),
    ],
)
async def test_errors_of_the_engine_tell_their_class_and_no_value(ask, shop, sql, code):
    shop()
    failed = await ask(sql)
    assert isinstance(failed, EngineFailed)
    assert (failed.code, failed.retryable) == (code, False)
    assert "Ana" not in failed.message
    assert "Bo" not in failed.message


@pytest.mark.parametrize("wrong", ["customer + 1", "-customer"])
async def test_errors_of_the_engine_tell_where_in_the_text_that_was_sent(ask, shop, wrong):
    shop()
    failed = await ask(f"SELECT {wrong} AS x FROM orders")

    sent = AuditEntry.objects.filter(event=AuditEvent.QUERY_STARTED)
    text = await in_db(lambda: sent.latest("id").body["sql_sent"])
    at = text.index("+" if "+" in text else "-")
    assert (failed.line, failed.column) == (
        text.count("\n", 0, at) + 1,
        at - text.rfind("\n", 0, at),
    )
    assert "column" not in failed.message


async def test_errors_that_have_no_place_name_none(ask, shop):
    shop()
    failed = await ask("SELECT 1 / (id - id) AS x FROM orders")

    assert (failed.line, failed.column) == (0, 0)
    assert "line" not in failed.message


async def test_a_person_has_so_many_queries_at_once_and_others_go_on(ask, shop, bounds, bob, layer):
    shop()
    bounds(parallel_per_person=2)
    running = [asyncio.create_task(ask(SLOW)) for _ in range(2)]
    await until(lambda: len(slots._held) == 2)

    refused = await ask("SELECT id FROM orders LIMIT 1")
    other = await run_query(Principal.of(bob), "shop", "SELECT id FROM orders LIMIT 1", layer=layer)

    assert (refused.code, refused.retryable) == ("too_many_queries", True)
    assert refused.message == (
        "You have 2 queries running, which is the most. Wait until one has ended."
    )
    assert isinstance(other, QueryOutcome)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert isinstance(await ask("SELECT id FROM orders LIMIT 1"), QueryOutcome)


async def test_a_datasource_takes_so_many_queries_at_once(ask, shop, bounds, bob, layer):
    shop()
    bounds(parallel_per_datasource=1)
    running = asyncio.create_task(ask(SLOW))
    await until(lambda: len(slots._held) == 1)

    refused = await run_query(Principal.of(bob), "shop", "SELECT id FROM orders", layer=layer)

    assert refused.code == "too_many_queries"
    assert "“shop” is busy with other queries" in refused.message
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_source_whose_loop_was_blocked_answers_again(ask, shop):
    entry = shop().get("shop")
    assert isinstance(await ask("SELECT id FROM orders LIMIT 1"), QueryOutcome)

    blocked = entry.thread.worker()
    release = threading.Event()

    async def block():
        release.wait(60)

    # On a busy machine a loop may still answer once before the block begins.
    while not entry.thread.replacements:
        with pytest.raises(PluginTimeout):
            await calls.call(entry, block, timeout_s=0.2)

    after = [await ask("SELECT id FROM orders LIMIT 1") for _ in range(3)]
    assert [outcome.rows for outcome in after] == [[[1]]] * 3
    release.set()
    await until(blocked.loop.is_closed, timeout_s=30)


SLOW = "SELECT count(*) AS n FROM orders a, orders b, orders c, orders d"


async def test_slow_query_ends_at_its_limit(ask, shop, bounds):
    shop()
    bounds(timeout_ms=200)
    failed = await ask(SLOW)
    assert (failed.code, failed.retryable) == ("timeout", False)


async def test_cancelled_query_ends_on_the_server(ask, shop, cluster):
    shop()
    task = asyncio.create_task(ask(SLOW))

    def running():
        with cluster.superuser("postgres") as connection:
            return connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND state = 'active' AND query LIKE 'FETCH%%'",
                [DATABASE],
            ).fetchone()[0]

    await until(lambda: asyncio.to_thread(lambda: running() == 1))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: asyncio.to_thread(lambda: running() == 0))


async def test_source_that_is_down_is_said_to_be_unreachable(ask, install):
    source = postgres(url="postgresql://reader:canary-9@127.0.0.1:1/none")
    install(dataclasses.replace(source, id="shop"))
    failed = await ask("SELECT id FROM orders")
    assert isinstance(failed, EngineFailed)
    assert (failed.code, failed.retryable) == ("unreachable", True)
    assert "canary" not in failed.message


async def test_queries_run_side_by_side(ask, shop, bounds):
    shop()
    bounds(parallel_per_person=10)
    found = await asyncio.gather(*(ask("SELECT id FROM orders LIMIT 3") for _ in range(10)))
    assert all(isinstance(outcome, QueryOutcome) for outcome in found)
    assert len({outcome.result_id for outcome in found}) == 10


async def test_unlisted_table_is_refused_before_the_server_is_asked(ask, install):
    install()
    refused = await ask("SELECT id FROM salaries")
    assert isinstance(refused, Refused)

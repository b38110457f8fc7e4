"""The testing kit finds plugins that break the contract."""

import pytest

from plugins_app.sdk import HealthResult, Plugin, PluginError, QueryResult
from plugins_app.sdk.testing import (
    FakeConnection,
    FakeContext,
    FakeDatabase,
    assert_plugin_contract,
    fake_action_context,
)


class Provider:
    async def load(self):
        return ""


def plugin(**changes):
    given = {"id": "p", "types": ("context",), "version": "1", "context_provider": Provider()}
    return Plugin(**(given | changes))


def raising():
    raise RuntimeError("no")


async def healthy():
    return HealthResult(True, latency_ms=1.0)


async def test_a_sound_plugin_passes():
    await assert_plugin_contract(plugin(health_check=healthy, teardown=lambda: None))


BROKEN = [
    ({"health_check": raising}, "health_check raised RuntimeError: no"),
    ({"health_check": lambda: True}, "health_check must return a HealthResult"),
    ({"health_check": lambda: HealthResult(True)}, "health_check must measure its latency"),
    (
        {"health_check": lambda: HealthResult(False, latency_ms=1.0)},
        "an unhealthy result needs a message",
    ),
    ({"teardown": raising}, "teardown raised RuntimeError: no"),
]


@pytest.mark.parametrize(("changes", "message"), BROKEN)
async def test_a_broken_plugin_is_found(changes, message):
    with pytest.raises(AssertionError, match=message):
        await assert_plugin_contract(plugin(**changes))


async def test_fake_database_records_and_answers_in_turn():
    db = FakeDatabase([{"id": 1}], plugin_id="my-ticket", tables=["tickets"])
    assert db.table("tickets") == "plugin_my_ticket_tickets"
    assert await db.query("SELECT 1", [2]) == [{"id": 1}]
    assert await db.query("SELECT 2") == []
    assert await db.execute("DELETE") == 1
    assert db.statements == [("SELECT 1", [2]), ("SELECT 2", []), ("DELETE", [])]
    with pytest.raises(PluginError, match="others is not declared"):
        db.table("others")


async def test_fake_connection_records_queries():
    connection = FakeConnection(["n"], [[7]])
    assert await connection.query("SELECT 7") == QueryResult(["n"], [[7]])
    connection.cancel()
    connection.close()
    assert (connection.queries, connection.cancelled, connection.closed) == (["SELECT 7"], 1, True)


def test_fake_contexts_record_what_is_logged():
    ctx = FakeContext("p", config={"limit": 5})
    ctx.logger.info("loaded %d terms", 3)
    assert ctx.logger.lines == [("info", "loaded 3 terms")]
    assert ctx.config["limit"] == 5
    assert fake_action_context(idempotency_key="k").idempotency_key == "k"

"""Plugins give the agent tools, and ask datasources for the person whose question it is."""

import asyncio
import json

import pytest
from pydantic import BaseModel

from atlas.accounts.principal import Principal
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome
from atlas.agent.tools.hooked import hooked
from atlas.agent.tools.plugin_tools import for_person, with_plugin_tools
from atlas.agent.trust import Given
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import for_plugins, row_policies
from atlas.datasources.semantic import LayerVersion
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from plugins_app.host import lifecycle, registry
from plugins_app.sdk import (
    Datasource,
    Hook,
    Hooks,
    Plugin,
    PluginError,
    QueryResult,
)
from plugins_app.sdk import Tool as PluginTool
from plugins_app.sdk.testing import FakeConnection

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ORDERS = Entity(
    name="orders",
    table="orders",
    primary_key=("id",),
    dimensions=(Dimension(name="id", sql="id", type="id"),),
)
LAYER = SemanticLayer(source=Source(datasource="shop"), entities=(ORDERS,))
SQL = "SELECT id FROM orders"


class Sku(BaseModel):
    sku: str


class Desk:
    """A process with a datasource and one more plugin."""

    def __init__(self, ann):
        self.principal = Principal.of(ann)
        self.connection = FakeConnection(("id",), ((7,),))
        self.given = set()

    async def start(self, **changes):
        given = {"id": "stock", "types": ("action",), "version": "1", "name": "Stock"}
        shop = Plugin(
            id="shop",
            types=("datasource",),
            version="1",
            datasource=Datasource(create=lambda: self.connection, db_type="postgres"),
        )
        await lifecycle.start([shop, Plugin(**(given | changes))])

    def tools(self, *own):
        made = with_plugin_tools(list(own), self)
        told = hooked(made, self.principal, self.given)
        return {tool.spec.name: tool for tool in for_person(told, self.principal)}

    async def call(self, name="lookup", **arguments):
        outcome = await self.tools()[name].run(ToolCall("1", name, arguments))
        return json.loads(outcome.content)


@pytest.fixture
async def desk(ann, monkeypatch):
    monkeypatch.setattr(for_plugins, "current_layer", lambda name: LayerVersion(1, LAYER))
    yield Desk(ann)
    await lifecycle.stop()


def registering(*tools):
    def initialize(ctx):
        for tool in tools:
            ctx.tools.register(tool)

    return initialize


def look(arguments, ctx):
    return {"sku": arguments.sku, "left": 3, "for": ctx.user_id}


LOOKUP = PluginTool("lookup", "Look up stock by SKU", Sku, look)


async def test_a_registered_tool_is_offered_called_and_recorded(desk):
    await desk.start(initialize=registering(LOOKUP))
    assert desk.tools()["lookup"].spec.schema["required"] == ["sku"]
    user = str(desk.principal.user_id)
    assert await desk.call(sku="a") == {"sku": "a", "left": 3, "for": user}
    assert desk.given == {Given.TOOL_RESULT}
    entry = await in_db(AuditEntry.objects.get)
    assert (entry.event, entry.subject) == ("plugin.tool_called", "plugin stock")
    assert entry.body == {"tool": "lookup", "arguments": {"sku": "a"}}


async def test_wrong_arguments_are_refused(desk):
    await desk.start(initialize=registering(LOOKUP))
    assert (await desk.call())["error"] == "sku: Field required"


async def test_a_tool_of_atlas_wins(desk, caplog):
    async def own(call):
        return ToolOutcome.of("own")

    await desk.start(initialize=registering(LOOKUP))
    mine = Tool(ToolSpec("lookup", "", {}), "Own", own)
    tools = desk.tools(mine)
    outcome = await tools["lookup"].run(ToolCall("1", "lookup", {}))
    assert outcome.content == '"own"'
    assert "the tool lookup exists already" in caplog.text


async def test_a_disabled_plugin_offers_no_tool_and_an_enabled_one_again(desk):
    await desk.start(initialize=registering(LOOKUP))
    entry = registry.current().get("stock")
    kept = desk.tools()["lookup"]
    await lifecycle._set_enabled(entry, False)
    assert "lookup" not in desk.tools()
    outcome = await kept.run(ToolCall("1", "lookup", {"sku": "a"}))
    assert "not offered any more" in outcome.content
    await lifecycle._set_enabled(entry, True)
    assert (await desk.call(sku="b"))["sku"] == "b"


async def hang(arguments, ctx):
    await asyncio.Event().wait()


def fail(arguments, ctx):
    raise RuntimeError("no stock")


@pytest.mark.parametrize(
    ("run", "timeout_s", "said"), [(hang, 0.05, "did not answer"), (fail, 60, "no stock")]
)
async def test_a_tool_that_hangs_or_raises_is_a_refusal(desk, run, timeout_s, said):
    tool = PluginTool("lookup", "Look up", Sku, run, timeout_s=timeout_s)
    await desk.start(initialize=registering(tool))
    assert said in (await desk.call(sku="a"))["error"]


async def test_a_long_result_is_cut(desk):
    tool = PluginTool("lookup", "Look up", Sku, lambda arguments, ctx: "x" * 100_000)
    await desk.start(initialize=registering(tool))
    outcome = await desk.tools()["lookup"].run(ToolCall("1", "lookup", {"sku": "a"}))
    assert len(outcome.content) <= 12_000


UNSOUND = [
    "lookup",
    PluginTool("look up", "Look up", Sku, look),
    PluginTool("lookup", " ", Sku, look),
    PluginTool("lookup", "Look up", dict, look),
    PluginTool("lookup", "Look up", Sku, look, timeout_s=0),
    PluginTool("lookup", "Look up", Sku, look, timeout_s=61),
    PluginTool("lookup", "Look up", Sku, None),
]


@pytest.mark.parametrize("tool", UNSOUND)
async def test_an_unsound_tool_isolates_its_plugin(desk, tool):
    await desk.start(initialize=registering(tool))
    assert not registry.current().get("stock").usable
    assert registry.current().get("shop").usable


async def test_a_tool_asks_a_datasource_as_the_person(desk):
    asked = []

    async def run(arguments, ctx):
        connections = ctx.plugin.connections
        asked.append(connections.list())
        result = await connections.get("shop").query(SQL)
        asked.append(await connections.tables("shop"))
        return [list(result.columns), [list(row) for row in result.rows]]

    await desk.start(initialize=registering(PluginTool("lookup", "Look up", Sku, run)))
    assert await desk.call(sku="a") == [["id"], [[7]]]
    assert asked == [("shop",), ["orders"]]
    events = await in_db(
        lambda: list(AuditEntry.objects.order_by("id").values_list("event", "actor_name"))
    )
    assert events == [
        ("plugin.tool_called", "ann"),
        ("query.started", "ann"),
        ("query.ended", "ann"),
    ]


@pytest.mark.parametrize("sql", ["DELETE FROM orders", "SELECT id FROM salaries"])
async def test_every_gate_stands_for_plugins_too(desk, sql):
    async def run(arguments, ctx):
        await ctx.plugin.connections.get("shop").query(sql)

    await desk.start(initialize=registering(PluginTool("lookup", "Look up", Sku, run)))
    assert "The plugin “Stock” failed" in (await desk.call(sku="a"))["error"]
    assert desk.connection.queries == []


class Start:
    """What a plugin reads or hears when it asks in `initialize`, where nobody is asking."""

    def __init__(self):
        self.heard = []

    async def initialize(self, ctx):
        try:
            result = await ctx.connections.get("shop").query(SQL)
            self.heard += [list(row) for row in result.rows]
        except PluginError as error:
            self.heard.append(str(error))


async def test_where_nobody_asks_a_query_is_that_of_the_plugin(desk):
    start = Start()
    await desk.start(initialize=start.initialize)
    assert start.heard == [[7]]
    entries = AuditEntry.objects.order_by("id").values_list("event", "actor_id", "actor_name")
    assert await in_db(lambda: list(entries)) == [
        ("query.started", None, "plugin:stock"),
        ("query.ended", None, "plugin:stock"),
    ]


async def test_a_plugin_gets_nothing_where_row_policies_need_to_know_for_whom(desk, monkeypatch):
    only = RowPolicy("own orders", ("orders",), column="id", claim="user_id")
    monkeypatch.setattr(row_policies, "_policies", RowPolicies((only,)))
    start = Start()
    await desk.start(initialize=start.initialize)
    assert start.heard == ["The table orders is protected, and it is not known who asks."]
    assert desk.connection.queries == []
    refused = AuditEntry.objects.filter(event="query.refused", actor_name="plugin:stock")
    assert await in_db(refused.exists)


async def test_hooks_are_told_which_plugin_asks(desk):
    told = []
    watch = Hook(lambda event, ctx: told.append(event.user_id))
    start = Start()
    gate = Plugin(id="gate", types=("action",), version="1", hooks=Hooks(before_query=(watch,)))
    await desk.start()
    shop = registry.current().get("shop").plugin
    await lifecycle.stop()
    asking = Plugin(id="stock", types=("action",), version="1", initialize=start.initialize)
    await lifecycle.start([shop, gate, asking])
    assert told == ["plugin:stock"]


async def test_a_plugin_that_is_switched_off_asks_nothing(desk):
    kept = []
    await desk.start(initialize=kept.append)
    await lifecycle._set_enabled(registry.current().get("stock"), False)
    with pytest.raises(PluginError, match="switched off"):
        await kept[0].connections.get("shop").query(SQL)
    assert desk.connection.queries == []


async def test_a_hook_may_ask_and_does_not_see_its_own_query(desk):
    seen = []

    async def look_first(event, ctx):
        seen.append(event.sql)
        result: QueryResult = await ctx.connections.get("shop").query(SQL)
        assert len(result.rows) == 1

    async def run(arguments, ctx):
        return len((await ctx.plugin.connections.get("shop").query(SQL)).rows)

    gate = Plugin(
        id="gate",
        types=("action",),
        version="1",
        hooks=Hooks(before_query=(Hook(look_first, mandatory=True),)),
    )
    await desk.start(initialize=registering(PluginTool("lookup", "Look up", Sku, run)))
    shop, stock = (entry.plugin for entry in registry.current().all())
    await lifecycle.stop()
    await lifecycle.start([shop, stock, gate])
    assert await desk.call(sku="a") == 1
    assert len(seen) == 1

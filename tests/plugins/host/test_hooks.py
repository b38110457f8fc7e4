"""Hooks rewrite, reject and observe; mandatory ones fail closed."""

import asyncio

import pytest

from plugins_app.host.errors import HookRejected
from plugins_app.host.facets import hooks
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import (
    AfterQuery,
    AfterToolCall,
    BeforeExplore,
    BeforeQuery,
    BeforeToolCall,
    Hook,
    Hooks,
    Plugin,
    Reject,
)


class Provider:
    def load(self):
        return ""


def plugin(plugin_id="p", **points):
    return Plugin(
        id=plugin_id,
        types=("context",),
        version="1.0.0",
        name=plugin_id.upper(),
        context_provider=Provider(),
        hooks=Hooks(**points),
    )


def on_query(handler, **options):
    return {"before_query": (Hook(handler, **options),)}


async def run(sql="SELECT 1"):
    return await hooks.before_query(BeforeQuery(sql))


async def test_without_plugins_nothing_changes():
    assert await run() == "SELECT 1"


async def test_hooks_chain_in_order_of_registration_and_listing(registered):
    def add(text):
        return Hook(lambda event, ctx: {"sql": f"{event.sql} {text}"})

    async def add_later(event, ctx):
        return {"sql": f"{event.sql} c"}

    registered(
        plugin("one", before_query=(add("a"), add("b"))),
        plugin("two", before_query=(Hook(add_later),)),
    )
    assert await run() == "SELECT 1 a b c"


async def test_a_handler_gets_the_event_and_the_context_of_its_plugin(registered):
    seen = []
    registered(plugin(**on_query(lambda event, ctx: seen.append((event, ctx.plugin_id)))))
    event = BeforeQuery("SELECT 1", "warehouse", "7", "c1")
    assert await hooks.before_query(event) == "SELECT 1"
    assert seen == [(event, "p")]


async def test_a_matcher_decides_whether_the_handler_runs(registered):
    registered(
        plugin(
            **on_query(
                lambda event, ctx: {"sql": "changed"}, matcher=lambda event: "secret" in event.sql
            )
        )
    )
    assert await run("SELECT 1") == "SELECT 1"
    assert await run("SELECT secret") == "changed"


REJECTIONS = [
    (Reject("Ask the data team."), "The plugin “P” refused this: Ask the data team."),
    (ValueError("not now"), "The plugin “P” refused this: not now"),
]


@pytest.mark.parametrize(("error", "message"), REJECTIONS)
async def test_a_handler_that_raises_rejects(registered, error, message):
    def reject(event, ctx):
        raise error

    registered(plugin(**on_query(reject)), plugin("later", **on_query(lambda e, c: {"sql": "x"})))
    with pytest.raises(HookRejected) as caught:
        await run()
    assert caught.value.user_message == message
    assert caught.value.code == "rejected_by_plugin"


def fail(event, ctx=None):
    raise RuntimeError("broken")


async def hang(event, ctx=None):
    await asyncio.Event().wait()


def same(event, ctx):
    return None


BROKEN = {
    "the matcher raises": {"handler": same, "matcher": fail},
    "the matcher hangs": {"handler": same, "matcher": hang},
    "the handler hangs": {"handler": hang},
    "a wrong type": {"handler": lambda event, ctx: {"sql": 7}},
    "a wrong key": {"handler": lambda event, ctx: {"query": "x"}},
    "no mapping": {"handler": lambda event, ctx: "SELECT 2"},
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_hook_that_cannot_work_is_skipped(registered, case):
    registered(plugin(before_query=(Hook(**BROKEN[case], timeout_s=0.02),)))
    assert await run() == "SELECT 1"


@pytest.mark.parametrize("case", BROKEN)
async def test_a_mandatory_hook_that_cannot_work_rejects(registered, case):
    registered(plugin(before_query=(Hook(**BROKEN[case], timeout_s=0.02, mandatory=True),)))
    with pytest.raises(HookRejected, match=r"^The plugin “P” refused this: "):
        await run()


@pytest.mark.parametrize("mandatory", [True, False])
async def test_a_hook_of_an_unhealthy_plugin_is_skipped_unless_mandatory(registered, mandatory):
    (entry,) = registered(plugin(**on_query(lambda e, c: {"sql": "x"}, mandatory=mandatory)))
    entry.move(PluginStatus.UNHEALTHY, "away")
    if not mandatory:
        assert await run() == "SELECT 1"
        return
    with pytest.raises(HookRejected, match="the plugin is not healthy"):
        await run()


async def test_a_mandatory_hook_of_a_disabled_plugin_is_off(registered):
    (entry,) = registered(plugin(**on_query(fail, mandatory=True)))
    entry.enabled = False
    assert await run() == "SELECT 1"


async def test_explore_and_tool_hooks_change_their_own_values(registered):
    registered(
        plugin(
            before_explore=(Hook(lambda event, ctx: {"command": "ls"}),),
            before_tool_call=(Hook(lambda event, ctx: {"args": {"n": 2}}),),
            after_tool_call=(Hook(lambda event, ctx: {"result": None}),),
        )
    )
    assert await hooks.before_explore(BeforeExplore("rm")) == "ls"
    assert await hooks.before_tool_call(BeforeToolCall("explore", {"n": 1})) == {"n": 2}
    assert await hooks.after_tool_call(AfterToolCall("explore", "secret")) is None


async def test_a_list_cannot_replace_the_arguments_of_a_tool(registered):
    registered(plugin(before_tool_call=(Hook(lambda event, ctx: {"args": [1]}),)))
    assert await hooks.before_tool_call(BeforeToolCall("explore", {"n": 1})) == {"n": 1}


async def test_observers_never_reach_the_caller(registered):
    seen = []
    registered(
        plugin("one", after_query=(Hook(fail), Hook(same, matcher=fail))),
        plugin("two", after_query=(Hook(hang, timeout_s=0.02),)),
        plugin("three", after_query=(Hook(lambda event, ctx: seen.append(event.sql)),)),
    )
    hooks.after_query(AfterQuery("SELECT 1"))
    assert seen == []
    await hooks.drain()
    assert seen == ["SELECT 1"]


async def test_results_that_wait_for_observers_are_bounded_by_bytes(
    registered, monkeypatch, caplog
):
    monkeypatch.setattr(hooks, "MOST_OBSERVED_BYTES", 10_000)
    seen = []
    registered(plugin(after_query=(Hook(lambda event, ctx: seen.append(event.sql)),)))

    def tell(*sizes):
        for size in sizes:
            hooks.after_query(AfterQuery(f"{size}", rows=[[{"text": "x" * size}]]))

    tell(20_000, 1, 8_000)
    assert len([one for one in caplog.records if "are not told" in one.getMessage()]) == 1
    await hooks.drain()
    assert seen == ["20000"]
    tell(4_000, 8_000, 1)
    await hooks.drain()
    assert seen == ["20000", "4000", "1"]

"""Starting and stopping: order, isolation, what blocks the start, and what operators switch."""

import asyncio

import pytest

from plugins_app.host import lifecycle, registry
from plugins_app.host.calling import sync
from plugins_app.host.contexts import fragments
from plugins_app.host.errors import HostNotRunning, StartBlocked
from plugins_app.host.facets import actions, hooks
from plugins_app.host.models import PluginRepair, PluginSetting, PluginState
from plugins_app.host.status import PluginStatus
from plugins_app.host.upkeep import background
from plugins_app.sdk import (
    AfterQuery,
    FatalConfigurationError,
    HealthResult,
    Hook,
    Hooks,
    MissingDriverError,
    Plugin,
)
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Provider:
    def load(self):
        return "text"


def plugin(plugin_id="p", **changes):
    given = {
        "id": plugin_id,
        "types": ("context",),
        "version": "1.0.0",
        "name": plugin_id.upper(),
        "context_provider": Provider(),
    }
    return Plugin(**(given | changes))


def raising(error):
    def run(*args):
        raise error

    return run


async def hang(*args):
    await asyncio.Event().wait()


@pytest.fixture
def short_for(monkeypatch):
    """Cut a deadline where it must pass; honest code may be slow on a busy machine."""

    def cut(name, code):
        if code is hang:
            monkeypatch.setattr(lifecycle, name, 0.05)

    return cut


async def test_plugins_are_initialized_in_order_and_torn_down_in_reverse(start):
    order = []

    def step(name):
        return lambda *args: order.append(name)

    await start(
        plugin("a", initialize=step("+a"), teardown=step("-a")),
        plugin("b", initialize=step("+b"), teardown=step("-b")),
    )
    await lifecycle.stop()
    assert order == ["+a", "+b", "-b", "-a"]


async def test_initialize_gets_its_context(start):
    seen = []
    config = {"model": "builtin", "database_url": "postgresql://root:canary@h/x", "key_count": 2}
    await start(plugin(initialize=seen.append), config=config)
    (ctx,) = seen
    assert ctx.plugin_id == "p"
    assert ctx.config["database_url"] == "postgresql://[hidden]@h/x"
    assert ctx.config["model"] == "builtin"
    with pytest.raises(TypeError):
        ctx.config["model"] = "other"


FAILURES = [
    (raising(RuntimeError("no route")), "The plugin “BAD” failed: no route"),
    (raising(SystemExit(1)), "The plugin “BAD” failed: 1"),
    (hang, "The plugin “BAD” did not answer within 0.05 s. Try again."),
]


@pytest.mark.parametrize(("initialize", "reason"), FAILURES)
async def test_a_plugin_that_fails_is_left_out_and_the_others_go_on(
    start, short_for, initialize, reason
):
    short_for("INITIALIZE_DEADLINE_S", initialize)
    healthy = plugin("bad", initialize=initialize, health_check=lambda: HealthResult(True))
    entries = await start(healthy, plugin("good"))
    bad, good = entries.all()
    assert (bad.status, bad.reason, bad.usable) == (PluginStatus.UNHEALTHY, reason, False)
    assert good.status == PluginStatus.HEALTHY
    assert [f.plugin_id for f in await fragments.load_all()] == ["good"]
    # A passing health check must not promote what was never initialized.
    assert await background.check_now("bad") == reason


async def test_what_keeps_a_plugin_from_starting_is_a_repair_until_it_starts(start):
    hint = "The package mydb is not installed. Install it with: pip install mydb"
    working = []

    def initialize(ctx):
        if not working:
            raise MissingDriverError(hint)

    await start(plugin("a", initialize=initialize), plugin("b", initialize=raising(OSError("x"))))
    found = await rows(PluginRepair, "plugin_id", "area", "subject", "meaning")
    assert found == [
        ("a", "start", "driver", hint),
        ("b", "start", "initialize", "The plugin “B” failed: x"),
    ]
    working.append(True)
    await set_enabled("a", False)
    await set_enabled("a", True)
    assert [one[0] for one in await rows(PluginRepair, "plugin_id")] == ["b"]


@pytest.mark.parametrize("broken", [raising(RuntimeError("no")), hang], ids=["fails", "hangs"])
async def test_a_teardown_that_fails_or_hangs_does_not_stop_the_others(
    start, short_for, patient, broken
):
    torn = []

    async def tear():
        torn.append("a")

    await start(plugin("a", teardown=tear), plugin("b", teardown=broken))
    short_for("TEARDOWN_DEADLINE_S", broken)
    async with asyncio.timeout(lifecycle.STOP_DEADLINE_S):
        await lifecycle.stop()
    assert torn == ["a"]


async def test_a_stop_does_not_wait_for_observers(start, monkeypatch):
    monkeypatch.setattr(lifecycle, "DRAIN_DEADLINE_S", 0.05)
    torn = []
    observed = Hooks(after_query=(Hook(hang, timeout_s=60),))
    await start(plugin(teardown=lambda: torn.append("p"), hooks=observed))
    hooks.after_query(AfterQuery("SELECT 1"))
    async with asyncio.timeout(lifecycle.STOP_DEADLINE_S):
        await lifecycle.stop()
    assert torn == ["p"]


async def test_a_cancelled_start_leaves_nothing_running():
    torn, began = [], asyncio.Event()
    main = asyncio.get_running_loop()

    async def begin(ctx):
        main.call_soon_threadsafe(began.set)
        await asyncio.Event().wait()

    started = asyncio.create_task(
        lifecycle.start(
            [plugin("a", teardown=lambda: torn.append("a")), plugin("b", initialize=begin)]
        )
    )
    await began.wait()
    started.cancel()
    with pytest.raises(asyncio.CancelledError):
        await started
    assert torn == ["a"]
    assert not registry.is_running()


BLOCKING = [
    ({"initialize": raising(FatalConfigurationError("No licence."))}, "No licence."),
    ({"initialize": raising(RuntimeError("away")), "required": True}, "failed: away"),
    ({"initialize": hang, "required": True}, "did not answer within 0.05 s"),
]


@pytest.mark.parametrize(("changes", "reason"), BLOCKING)
async def test_fatal_errors_and_required_plugins_block_the_start(start, short_for, changes, reason):
    short_for("INITIALIZE_DEADLINE_S", changes["initialize"])
    torn = []
    with pytest.raises(StartBlocked) as caught:
        await start(plugin("first", teardown=lambda: torn.append(1)), plugin("bad", **changes))
    assert "The plugin “BAD” stops the start: " in caught.value.user_message
    assert reason in caught.value.user_message
    assert torn == [1]
    with pytest.raises(HostNotRunning):
        registry.current()


async def test_safe_mode_starts_without_plugins(start):
    entries = await start(plugin(initialize=raising(RuntimeError("x"))), safe_mode=True)
    assert entries.all() == []
    assert await fragments.load_all() == []
    assert actions.registered() == []


async def test_two_plugins_of_one_id_block_the_start(start):
    with pytest.raises(StartBlocked, match="Used twice: a, b"):
        await start(plugin("a"), plugin("b"), plugin("a"), plugin("b"), plugin("c"))


async def test_everything_that_is_wrong_with_the_list_is_one_message(start):
    with pytest.raises(StartBlocked) as caught:
        await start(plugin("a"), plugin("a"), plugin("b", version=""), plugin("c", types=()), "d")
    message = caught.value.user_message
    assert message.splitlines() == [
        'Plugin "b": version must not be empty.',
        'Plugin "c": types must be a tuple of at least one of datasource, context, interaction,'
        " action, sandbox.",
        "A plugin must be a plugins_app.sdk.Plugin.",
        "Each plugin needs an id of its own. Used twice: a. Give one of them `id=`.",
    ]


async def test_a_plugin_is_initializing_while_initialize_runs(start):
    seen = []

    def initialize(ctx):
        seen.append(registry.current().get("p").status)

    entries = await start(plugin(initialize=initialize))
    assert seen == [PluginStatus.INITIALIZING]
    assert entries.get("p").status == PluginStatus.HEALTHY


async def test_missing_credentials_are_a_warning(start, caplog):
    one = plugin(initialize=lambda ctx: ctx.logger.info("ready %s", "now"))
    caplog.set_level("INFO", logger="plugins_app")
    await start(one)
    assert "ready now" in caplog.text


async def test_the_state_of_every_plugin_is_in_the_database(start):
    await start(
        plugin("good", health_check=lambda: HealthResult(True, latency_ms=7.0)),
        plugin("bad", initialize=raising(RuntimeError("no route"))),
    )
    assert await background.check_now("good") == ""
    states = await rows(PluginState, "plugin_id", "status", "healthy", "latency_ms", "message")
    assert states == [
        ("bad", "unhealthy", False, None, "The plugin “BAD” failed: no route"),
        ("good", "healthy", True, 7.0, ""),
    ]
    (seen,) = await rows(PluginState.objects.filter(plugin_id="good"), "seen_at", "types", "name")
    assert seen[0] is not None
    assert seen[1:] == (["context"], "GOOD")
    (kept,) = await rows(PluginState.objects.filter(plugin_id="good"), "latencies", "since")
    assert kept[0][-1] == [True, 7.0]
    assert kept[1] is not None
    await lifecycle.stop()
    assert await rows(PluginState, "plugin_id") == []


async def test_a_disabled_plugin_is_not_started(start):
    await rows(PluginSetting.objects.bulk_create, [PluginSetting(plugin_id="p", enabled=False)])
    started = []
    entries = await start(plugin(initialize=started.append))
    assert started == []
    assert entries.get("p").status == PluginStatus.REGISTERED
    assert await fragments.load_all() == []


async def test_switching_off_and_on_tears_down_and_starts_again(start):
    steps = []
    one = plugin(
        initialize=lambda ctx: steps.append("start"), teardown=lambda: steps.append("stop")
    )
    entries = await start(one)
    await set_enabled("p", False)
    assert (steps, entries.get("p").status) == (["start", "stop"], PluginStatus.TEARDOWN)
    assert await fragments.load_all() == []
    await set_enabled("p", True)
    assert steps == ["start", "stop", "start"]
    assert [f.text for f in await fragments.load_all()] == ["text"]


async def set_enabled(plugin_id, enabled):
    await rows(
        PluginSetting.objects.update_or_create,
        plugin_id=plugin_id,
        defaults={"enabled": enabled},
    )
    await lifecycle.apply_settings()


async def test_synchronous_code_runs_coroutines_on_the_main_loop(start):
    await start(plugin())
    refreshed = await asyncio.to_thread(lambda: sync.run(background.refresh_now("p")))
    assert refreshed.after.text == "text"
    (state,) = await rows(PluginState, "context_text")
    assert state == ("text",)


def test_synchronous_code_without_plugins_is_told():
    async def nothing():
        return None

    with pytest.raises(HostNotRunning, match="This process runs no plugins"):
        sync.run(nothing())

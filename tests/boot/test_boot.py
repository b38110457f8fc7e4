"""Promises of starting and stopping what runs beside the web server."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest

from atlas import boot, working
from atlas.bus import hub
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.common.loops import forever
from atlas.datasources.models import SemanticVersion
from atlas.datasources.reloading import ReloadReport
from atlas.env import read
from atlas.events import feed
from atlas.events.writer import EventWriter
from atlas.health import readyz
from plugins_app.host import registry
from plugins_app.host.errors import StartBlocked
from plugins_app.host.models import PluginState

pytestmark = pytest.mark.django_db(transaction=True)

PLUGIN = """
from plugins_app.sdk import ContextFragment, FatalConfigurationError, Plugin

class Provider:
    def load(self):
        return ContextFragment("text", {{}})

def initialize(ctx):
    {body}

plugins = [
    Plugin(id="told", types=("context",), version="1", name="Told",
           context_provider=Provider(), initialize=initialize)
]
default_datasource = "none"
"""
Configure = Callable[[str], None]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Let boot read a configuration with one plugin whose start does this."""

    def write(body: str) -> None:
        path = tmp_path / "config.py"
        path.write_text(PLUGIN.format(body=body))
        variables = {"ATLAS_CONFIG": str(path), "ATLAS_DATA_DIR": str(tmp_path / "data")}
        variables["ATLAS_SEMANTIC_DIR"] = str(tmp_path / "semantic")
        monkeypatch.setattr(boot, "environment", lambda: read(variables))

    (tmp_path / "data").mkdir(mode=0o700)
    return write


def is_down() -> bool:
    """Whether nothing of a start is left."""
    for current in (hub.current, lambda: feed.follow(None, {})):  # type: ignore[arg-type]  # not reached
        with pytest.raises(RuntimeError):
            current()
    return not boot.is_ready() and not registry.is_running()


@pytest.mark.parametrize(
    ("role", "works", "follows"),
    [
        ("serve", True, True),
        ("worker", True, True),
        ("web", False, True),
        ("command", False, False),
    ],
)
async def test_a_role_starts_what_it_needs_and_stops_all_of_it(
    configure: Configure, role: boot.Role, works: bool, follows: bool
) -> None:
    configure("pass")

    running = await boot.start(role)

    assert boot.is_ready()
    parts = vars(running.working) if running.working else {}
    assert [bool(parts.get(part)) for part in ("runner", "executor", "sealer")] == [works] * 3
    assert bool(running.feed._tasks) == follows
    assert registry.current().get("told").healthy
    assert hub.current() is running.hub

    await running.stop(0)

    assert is_down()
    assert await in_db(PluginState.objects.count) == 0


@pytest.mark.parametrize("is_stored", [True, False])
async def test_a_stored_layer_answers_while_the_values_are_read(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, is_stored: bool
) -> None:
    configure("pass")
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(_datasource: str, _folder: Path) -> ReloadReport:
        asked.set()
        await answered.wait()
        return ReloadReport("none")

    monkeypatch.setattr(working, "reload_layer", slow)
    if is_stored:
        await in_db(SemanticVersion.objects.create, datasource="none", digest="d", layer={})
    starting = asyncio.create_task(boot.start("worker"))
    async with asyncio.timeout(20):
        await asked.wait()
        if not is_stored:
            assert not starting.done()
            answered.set()
        running = await starting

    async with asyncio.timeout(20):
        await running.stop(0)


@pytest.mark.parametrize("role", ["serve", "command"])
async def test_a_start_that_is_blocked_leaves_nothing_up(
    configure: Configure, role: boot.Role
) -> None:
    configure("raise FatalConfigurationError('the key is wrong')")

    with pytest.raises(StartBlocked, match="the key is wrong"):
        await boot.start(role)

    assert is_down()


def test_approvals_of_another_kind_do_not_pass_for_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "config.py"
    path.write_text("plugins = []\napprovals = {'modes': {'create_ticket': 'admin-only'}}\n")

    with pytest.raises(AtlasError) as refused:
        boot.read_configuration(read({"ATLAS_CONFIG": str(path)}))

    sentence = "approvals of the configuration must be Policy(...) of approvals.policies."
    assert (refused.value.code, refused.value.user_message) == ("wrong_kind", sentence)


async def test_a_plugin_that_fails_does_not_stop_the_others(configure: Configure) -> None:
    configure("raise ValueError('no')")

    running = await boot.start("web")

    assert boot.is_ready()
    assert not registry.current().get("told").healthy
    await running.stop(0)


async def test_a_process_is_not_ready_while_it_stops(configure: Configure) -> None:
    configure("pass")
    running = await boot.start("serve")
    seen: list[bool] = []
    assert running.working is not None
    assert running.working.runner is not None
    stop = running.working.runner.stop

    async def watched(grace_s: float) -> None:
        seen.append(boot.is_ready())
        await stop(grace_s)

    running.working.runner.stop = watched  # type: ignore[method-assign]  # only to look at that moment

    await running.stop(0)

    assert seen == [False]


async def test_a_step_of_the_stop_that_fails_skips_no_other(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configure("pass")
    running = await boot.start("serve")
    assert running.working is not None
    assert running.working.upkeep is not None
    upkeep, feed_of_it = running.working.upkeep, running.feed

    async def fail() -> None:
        raise ValueError("odd")

    stops = [(upkeep, upkeep.stop), (feed_of_it, feed_of_it.stop)]
    for part, _stop in stops:
        monkeypatch.setattr(part, "stop", fail)

    await running.stop(0)

    assert is_down()
    failed = [one.getMessage() for one in caplog.records if one.exc_info]
    assert failed == ["Stopping the upkeep failed", "Stopping the feed failed"]
    for _part, stop in stops:
        await stop()


async def test_a_process_in_which_a_loop_died_is_not_ready(configure: Configure) -> None:
    class TooMuch(BaseException):
        pass

    async def attempt() -> None:
        raise TooMuch

    configure("pass")
    running = await boot.start("web")
    assert (await in_db(readyz, HttpRequest())).status_code == 200

    task = forever("probe", attempt)
    await asyncio.gather(task, return_exceptions=True)

    assert (await in_db(readyz, HttpRequest())).status_code == 503
    await running.stop(0)


async def test_answers_and_actions_have_the_same_time_to_end(tmp_path: Path) -> None:
    both = asyncio.Barrier(2)
    graces: list[float] = []

    class Ending:
        async def stop(self, grace_s: float) -> None:
            graces.append(grace_s)
            await both.wait()

    env = read({"ATLAS_DATA_DIR": str(tmp_path)})
    writer = EventWriter(lambda _conversation, _events: None)
    parts = working.Working(env, writer, lambda _conversation, _events: None)
    parts.runner = Ending()  # type: ignore[assignment]  # only its stop is called
    parts.executor = Ending()  # type: ignore[assignment]  # only its stop is called

    async with asyncio.timeout(10):
        await parts.stop(5.0)

    assert graces == [5.0, 5.0]

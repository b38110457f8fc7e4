"""Promises of the local PostgreSQL: one cluster whoever starts it, and it always comes back."""

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from atlas.common.errors import AtlasError
from atlas.runtime import local_postgres, postmaster
from atlas.runtime.accounts import server_account
from atlas.runtime.errors import (
    BinariesMissing,
    FolderUnusable,
    PasswordRefused,
    StartFailed,
    VersionMismatch,
)
from atlas.runtime.local_postgres import SUPERUSER, LocalPostgres
from atlas.runtime.secrets import load_secrets
from tests.runtime.conftest import cluster_in, remove

pytestmark = pytest.mark.processes

START = """
import sys, pathlib, psycopg
from atlas.runtime.local_postgres import LocalPostgres
from atlas.runtime.secrets import load_secrets
folder = pathlib.Path(sys.argv[1])
local = LocalPostgres(folder, load_secrets(folder), settings={"fsync": "off"})
local.start()
with psycopg.connect(local.url("postgres", "postgres")) as connection:
    row = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
print("cluster", row[0], flush=True)
sys.stdin.read(1) if len(sys.argv) > 2 else None
"""


def ask(local: LocalPostgres, query: str) -> Any:
    with psycopg.connect(local.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def test_starts_answers_and_stops(local: LocalPostgres) -> None:
    assert not local.is_running()

    local.start()
    assert local.is_running()
    assert ask(local, "SHOW listen_addresses") == ""
    assert ask(local, "SELECT lower('ÄÖ') COLLATE \"default\"") == "äö"

    local.stop()
    assert not local.is_running()
    local.stop()


def test_only_a_password_opens_it(local: LocalPostgres) -> None:
    local.start()

    address = f"postgresql://{SUPERUSER}@/postgres?host={local.places.sockets}"
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(address)
    assert stat.S_IMODE(local.places.data.stat().st_mode) == 0o700
    assert "scram-sha-256" in ask(
        local, "SELECT string_agg(auth_method, ',') FROM pg_hba_file_rules"
    )


def test_processes_that_start_together_make_one_cluster(local: LocalPostgres, spawn) -> None:
    processes = [spawn(START, local.places.data_dir) for _ in range(4)]

    answers = {process.communicate(timeout=300)[0] for process in processes}

    assert len(answers) == 1
    assert answers.pop().startswith("cluster ")


def test_it_comes_back_at_once_after_a_kill(local: LocalPostgres) -> None:
    local.start()
    ask(local, "CREATE TABLE kept AS SELECT 42 AS answer")
    busy = psycopg.connect(local.url(SUPERUSER, "postgres"))
    os.kill(postmaster.recorded_pid(local.places.data), signal.SIGKILL)

    local.start()

    assert ask(local, "SELECT answer FROM kept") == 42
    busy.close()


def test_a_number_that_another_process_got_is_not_trusted(local: LocalPostgres) -> None:
    local.start()
    local.stop()
    pid_file = local.places.data / "postmaster.pid"
    sleeper = subprocess.Popen(["sleep", "60"], cwd="/", **server_account().run_options())
    pid_file.write_text(f"{sleeper.pid}\n{local.places.data}\n1\n5432\n")
    shutil.chown(pid_file, server_account().uid, server_account().gid)
    try:
        assert postmaster.postmaster_pid(local.places.data) is None
        local.stop()
        local.start()

        assert local.is_running()
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_killed_initdb_is_no_cluster(local: LocalPostgres) -> None:
    local.places.make_folders()
    (local.places.folder / "data.new").mkdir()
    (local.places.folder / "data.new" / "PG_VERSION").write_text("18\n")

    local.start()

    assert local.is_running()


def test_files_of_another_version_are_left_alone(local: LocalPostgres) -> None:
    local.start()
    local.stop()
    (local.places.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(VersionMismatch, match=r"made by PostgreSQL 12, but PostgreSQL \d+ is"):
        local.start()

    assert not local.is_running()


def test_the_last_user_stops_it(local: LocalPostgres, spawn) -> None:
    other = spawn(START, local.places.data_dir, "wait")
    assert other.stdout.readline().startswith("cluster ")
    local.start()

    local.release()
    assert local.is_running()

    other.kill()
    other.wait()
    local.start()
    local.release()
    assert not local.is_running()


def test_a_path_too_long_for_a_socket_works(shared_folder: Path) -> None:
    deep = shared_folder.joinpath(*["a-folder-with-a-long-name"] * 5)
    deep.mkdir(parents=True)
    local = cluster_in(deep, keys=shared_folder / "keys")
    try:
        local.start()

        assert local.is_running()
        assert local.places.data.is_relative_to(deep)
        assert len(str(local.places.sockets)) < 60
    finally:
        remove(local)


def test_a_socket_folder_of_somebody_else_is_refused(local: LocalPostgres) -> None:
    local.places.make_folders()
    local.places.sockets.rmdir()
    local.places.sockets.symlink_to(Path.home())

    with pytest.raises(FolderUnusable, match="it belongs to another user"):
        local.start()

    local.places.sockets.unlink()


def test_keys_of_another_cluster_are_named(local: LocalPostgres) -> None:
    local.start()
    local.stop()
    folder, data_dir = local.places.folder, local.places.data_dir
    (data_dir / "secrets.json").unlink()
    stranger = LocalPostgres(data_dir, load_secrets(data_dir))

    assert stranger.places.folder == folder
    with pytest.raises(PasswordRefused, match="does not accept the password"):
        stranger.start()

    assert postmaster.postmaster_pid(local.places.data) is None


def test_what_postgres_says_reaches_the_operator(tmp_path: Path) -> None:
    local = LocalPostgres(tmp_path, load_secrets(tmp_path), settings={"shared_buffers": "nonsense"})
    try:
        with pytest.raises(StartFailed, match="invalid value for parameter"):
            local.start()
    finally:
        remove(local)


def test_no_binaries_is_said(local: LocalPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise BinariesMissing

    monkeypatch.setattr(local_postgres, "find_binaries", nothing)

    with pytest.raises(BinariesMissing, match="DATABASE_URL"):
        local.start()


def test_a_folder_of_another_user_is_named(shared_folder: Path) -> None:
    data_dir = shared_folder / "data"
    load_secrets(data_dir)
    if os.geteuid() != 0:
        data_dir.chmod(0o000)

    sentence = as_another_account(lambda: load_secrets(data_dir))

    data_dir.chmod(0o700)
    assert sentence.endswith(
        "permission denied. Start Atlas as the user who owns it, "
        "or set ATLAS_DATA_DIR to a folder of your own."
    )


def as_another_account(act: Callable[[], object]) -> str:
    """The sentence of the error that `act` raises in a process without our rights."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        account = server_account()
        if account.other:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        try:
            act()
        except AtlasError as error:
            os.write(writing, error.user_message.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()

"""Promises of commands on a database or a data folder that cannot be used: one sentence each."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.cluster import TestCluster
from tests.database import ProcessDatabase
from tests.processes.fleet import Zygote
from tests.runtime.conftest import cluster_in, remove

pytestmark = [pytest.mark.processes]

PASSWORD = "not-shown"
# Less than five sections that each wait ten seconds for a connection.
PATIENCE_S = 45.0
Told = tuple[int, str]
Run = Callable[..., Told]


@pytest.fixture
def run(zygote: Zygote, tmp_path: Path) -> Run:
    """Run a command to its end; returns its code and what it said."""

    def to_end(line: str, **variables: str) -> Told:
        log = tmp_path / f"{line.split()[0]}.log"
        log.unlink(missing_ok=True)
        pid = zygote.fork(
            arguments=line.split(),
            variables={
                "ATLAS_DATA_DIR": str(tmp_path / "data"),
                "DJANGO_SETTINGS_MODULE": "atlas.settings",
                "PATH": "",
                **variables,
            },
            log=str(log),
            imports=[],
        )
        code = zygote.end_of(pid)
        said = log.read_text()
        assert "Traceback" not in said, said
        assert PASSWORD not in said
        return code, said

    return to_end


@pytest.fixture
def login(cluster: TestCluster) -> Iterator[str]:
    """A login without any right, and its database, which belongs to somebody else."""
    name = "faults_login"
    with cluster.superuser("postgres") as superuser:
        role = sql.Identifier(name)
        superuser.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, PASSWORD))
        superuser.execute(sql.SQL("CREATE DATABASE {}").format(role))
        superuser.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(role, role))
        yield name
        superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(role))
        superuser.execute(sql.SQL("DROP ROLE {}").format(role))


def url_of(cluster: TestCluster, login: str, password: str = PASSWORD) -> str:
    host = cluster.local.places.sockets
    return f"postgresql://{login}:{password}@/{login}?host={host}"


@pytest.mark.parametrize("command", ["serve --port 0", "worker"])
def test_a_server_says_that_no_database_answers(run: Run, command: str) -> None:
    code, said = run(command, DATABASE_URL=f"postgresql://ann:{PASSWORD}@127.0.0.1:9/x")

    assert code == 1
    assert said.splitlines()[-1] == (
        "Error: Atlas's database does not let ann in: Connection refused. "
        "Start it, or check DATABASE_URL and DATABASE_OWNER_URL."
    )


def test_a_refused_password_is_not_repeated(run: Run, cluster: TestCluster, login: str) -> None:
    wrong = url_of(cluster, login, "wrong")

    assert run("serve --port 0", DATABASE_URL=wrong) == (
        1,
        f"Error: Atlas's database does not let {login} in: password authentication failed for "
        f'user "{login}". Start it, or check DATABASE_URL and DATABASE_OWNER_URL.\n',
    )


def test_an_empty_database_is_to_be_migrated(run: Run, cluster: TestCluster, login: str) -> None:
    code, said = run("serve --port 0", DATABASE_URL=url_of(cluster, login))

    assert code == 1
    assert "Run manage.py migrate, then start Atlas again." in said


def test_a_login_that_may_make_no_tables_is_told_who_may(
    run: Run, cluster: TestCluster, login: str
) -> None:
    code, said = run("migrate", DATABASE_URL=url_of(cluster, login))

    assert code == 1
    assert "The database's login lacks a right: permission denied for schema public" in said
    assert "Set DATABASE_OWNER_URL to a login that owns the database" in said


def test_one_login_is_enough_and_the_missing_walls_are_named(
    run: Run, cluster: TestCluster, login: str
) -> None:
    with cluster.superuser("postgres") as superuser:
        owner = sql.Identifier(login)
        superuser.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(owner, owner))
    url = url_of(cluster, login)

    assert run("migrate --verbosity 0", DATABASE_URL=url) == (0, "")
    code, said = run("doctor", DATABASE_URL=url, ATLAS_SAFE_MODE="1")
    assert code == 2, said
    assert "WARN  Wall is missing: The running login owns no table" in said
    assert "manage.py db harden --print" in said
    code, said = run("db harden --print", DATABASE_URL=url)
    assert code == 0
    assert "CREATE ROLE" in said

    # A login that the owner may not make is to be made by the administrator; nothing is lost.
    other = url_of(cluster, "nobody_yet").replace("/nobody_yet?", f"/{login}?")
    code, said = run("migrate", DATABASE_URL=other, DATABASE_OWNER_URL=url)
    assert code == 1
    assert (
        f"The login nobody_yet of DATABASE_URL does not exist and {login} may not make it" in said
    )


@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_a_database_of_a_newer_version_is_left_alone(
    run: Run, process_database: ProcessDatabase, command: str
) -> None:
    with psycopg.connect(process_database.owner_url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('conversations', '0999_later', now())"
        )
        before = owner.execute("SELECT count(*) FROM django_migrations").fetchone()

        code, said = run(command, **process_database.variables)

        assert owner.execute("SELECT count(*) FROM django_migrations").fetchone() == before
    assert code == 1
    assert "made by a newer version of Atlas: conversations.0999_later is unknown here." in said
    assert "Install that version again" in said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("serve --port 70000", "70000 is no port. Choose one from 1024 to 65535"),
        ("serve --port -1", "-1 is no port."),
        ("serve --host nowhere.invalid", "nowhere.invalid is not an address of this machine."),
    ],
)
def test_a_port_that_is_none_is_named(
    run: Run, process_database: ProcessDatabase, line: str, sentence: str
) -> None:
    code, said = run(line, **process_database.variables)

    assert code == 1
    assert said.startswith(f"Error: {sentence}")


def test_a_data_folder_that_cannot_be_used_is_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    if os.geteuid() == 0:
        folder.write_text("a file")
        reason = "it is not a folder"
    else:
        folder.mkdir(mode=0o500)
        reason = "permission denied"

    code, said = run("demo --port 0")

    assert code == 1
    assert said.startswith(f"Error: Atlas cannot use {folder}")
    assert reason in said
    assert "set ATLAS_DATA_DIR to a folder of your own" in said


def test_database_files_of_a_newer_postgres_are_left_alone(run: Run, tmp_path: Path) -> None:
    local = cluster_in(tmp_path / "data")
    local.places.make_folders()
    local.places.data.mkdir(mode=0o700)
    (local.places.data / "PG_VERSION").write_text("99\n")
    for path in (local.places.data, local.places.data / "PG_VERSION"):
        local.places.account.own(path)

    code, said = run("demo --port 0")

    assert code == 1
    assert "were made by PostgreSQL 99, but PostgreSQL" in said
    assert "Install PostgreSQL 99 again, or move the folder away to begin anew." in said
    assert [path.name for path in local.places.data.iterdir()] == ["PG_VERSION"]
    remove(local)


def test_damaged_keys_are_never_replaced(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "secrets.json").write_text("{")

    code, said = run("demo --port 0")

    assert code == 1
    assert "secrets.json is damaged. Restore it from a backup" in said
    assert (folder / "secrets.json").read_text() == "{"


def test_the_doctor_looks_at_nothing_twice_when_no_database_answers(run: Run) -> None:
    began = time.monotonic()

    code, said = run("doctor", DATABASE_URL=f"postgresql://ann:{PASSWORD}@127.0.0.1:9/x")

    assert code == 1
    assert time.monotonic() - began < PATIENCE_S
    assert "FAIL  Databases: database_unreachable" in said
    assert "Atlas's database does not let ann in: Connection refused." in said
    assert said.count("not looked at") == 5
    assert "DATABASE_URL: set (environment)" in said
    assert "ATLAS_TIME_ZONE: UTC (default)" in said
    assert "limits.max_rows: 1000 (default)" in said


def test_the_doctor_adds_up_connections_and_names_the_source_of_each_value(
    run: Run, process_database: ProcessDatabase, shop_url: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.py"
    config.write_text(
        "from atlas.datasources.limits import Limits\n"
        "from plugins_app.builtin.postgres import postgres\n"
        f"plugins = [postgres(url={shop_url!r}, pool_size=7)]\n"
        "default_datasource = 'postgres'\n"
        "limits = Limits(max_rows=50)\n"
    )

    code, said = run("doctor", **process_database.variables, ATLAS_CONFIG=str(config))

    # Warnings only: no semantic layer yet, and no sandbox.
    assert code == 2, said
    assert (
        "One process: 8 pool + 1 listening + 2 events + 1 owner at the start"
        " + 7 datasource postgres = 19" in said
    )
    assert f"limits.max_rows: 50 (ATLAS_CONFIG: {config})" in said
    assert "limits.timeout_ms: 30000 (default)" in said
    assert f"Datasource: postgres (ATLAS_CONFIG: {config})" in said
    assert f"ATLAS_CONFIG: {config} (environment)" in said


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ATLAS_TIME_ZONE": "Mars/Base"}, "ATLAS_TIME_ZONE: Value error, is no time zone"),
        ({"ATLAS_HTTPS": "maybe"}, "ATLAS_HTTPS: Input should be a valid boolean"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL is not an address of a PostgreSQL database"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    run: Run, variables: dict[str, str], sentence: str
) -> None:
    code, said = run("serve --port 0", **variables)

    assert code == 1
    assert sentence in said

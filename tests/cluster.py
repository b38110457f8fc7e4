"""One temporary PostgreSQL for a pytest session, copied from a migrated one that is kept."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from atlas.runtime.local_postgres import SUPERUSER, LocalPostgres
from atlas.runtime.locks import Presence, exclusive, try_lock
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN, Logins, make_login
from atlas.runtime.secrets import load_secrets

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}
TEMPLATE = "atlas_template"
TEST_DATABASE = "test_atlas"
PREFIX = "atlas-tests-"
MARK = "in-use"
KEPT = 3


class TestCluster:
    """A running cluster with the logins of Atlas and a migrated database."""

    __test__ = False

    def __init__(self, folder: Path, keys: Path) -> None:
        self.folder = folder
        # Held while this process lives, also while a test has stopped the server.
        self._mark = Presence(folder / MARK)
        self._mark.enter()
        self.local = LocalPostgres(folder, load_secrets(keys), settings=FAST)

    def url(self, login: str = APP_LOGIN, database: str = TEST_DATABASE) -> str:
        """A connection URL; nothing is opened."""
        return self.local.url(login, database)

    def superuser(self, database: str = TEST_DATABASE) -> psycopg.Connection:
        """An open connection of the superuser in autocommit mode."""
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True)

    def copy_of_template(self, name: str) -> None:
        """Make a freshly migrated database under this name."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER_LOGIN)
        )
        with self.superuser("postgres") as connection:
            connection.execute(statement)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self.superuser("postgres") as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.local.stop()
        shutil.rmtree(self.local.places.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        # Last: whoever finds the mark without its holder deletes the files as well.
        self._mark.leave()


def start_cluster(key: str, migrate: Callable[[TestCluster, Logins], None]) -> TestCluster:
    """Start a cluster of our own; `key` names what the migrated template depends on.

    `migrate` fills the template's database once for each key.
    """
    store = Path(tempfile.gettempdir()) / f"{PREFIX}templates-{os.geteuid()}"
    _make(store)
    with exclusive(store / "lock", timeout_s=300):
        remove_abandoned()
        template = store / key
        if not (template / "complete").exists():
            _build(template, store / "keys", migrate)
        (template / "complete").touch()
        _forget_old(store)
        cluster = TestCluster(_session_folder(), store / "keys")
        cluster.local.places.make_folders()
        _copy(template / "postgres" / "data", cluster.local.places.data)
    cluster.local.start()
    return cluster


def remove_abandoned() -> None:
    """Delete clusters whose pytest was killed; the caller keeps others from making one."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}session-*"):
        mark = folder / MARK
        try:
            descriptor = os.open(mark, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue
        # Its holder may have deleted it between the two steps.
        if try_lock(descriptor, fcntl.LOCK_EX) and mark.exists():
            LocalPostgres(folder, load_secrets(folder / "keys")).stop()
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _build(template: Path, keys: Path, migrate: Callable[[TestCluster, Logins], None]) -> None:
    shutil.rmtree(template, ignore_errors=True)
    _make(template)
    cluster = TestCluster(template, keys)
    cluster.local.start()
    try:
        with cluster.superuser("postgres") as connection:
            for login in (OWNER_LOGIN, APP_LOGIN):
                make_login(connection, login, cluster.local.password(login))
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            names = sql.Identifier(TEMPLATE), sql.Identifier(OWNER_LOGIN)
            connection.execute(statement.format(*names))
        migrate(cluster, Logins(APP_LOGIN, OWNER_LOGIN, TEMPLATE))
        cluster.copy_of_template(TEST_DATABASE)
    finally:
        cluster.local.stop()
    (template / "complete").touch()


def _session_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}session-"))
    _make(folder)
    return folder


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    # As root the server runs under another account, which must pass through but not look around.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _forget_old(store: Path) -> None:
    marks = sorted(store.glob("*/complete"), key=lambda mark: mark.stat().st_mtime)
    kept = {mark.parent for mark in marks[-KEPT:]} | {store / "keys"}
    for folder in store.iterdir():
        if folder.is_dir() and folder not in kept:
            shutil.rmtree(folder, ignore_errors=True)

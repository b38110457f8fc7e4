"""The pytest plugin that gives tests a real database: migrated by the owner, used as the app."""

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from atlas.runtime.binaries import find_binaries
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN, Logins
from atlas.runtime.migration import apply_grants
from tests.cluster import TEST_DATABASE, TestCluster, start_cluster

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("atlas", "approvals", "plugins_app")
# The login that each connection of Django uses.
LOGINS = {"default": APP_LOGIN, "owner": OWNER_LOGIN}


@dataclass(frozen=True)
class ProcessDatabase:
    """A migrated database for server processes, as the variables that name it."""

    name: str
    app_url: str
    owner_url: str

    @property
    def variables(self) -> dict[str, str]:
        """What a process must find in its environment to use this database."""
        return {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}


@pytest.fixture(scope="session")
def cluster(django_db_blocker: Any) -> Iterator[TestCluster]:
    """The session's PostgreSQL; started by the first test that needs one."""
    with django_db_blocker.unblock():
        started = start_cluster(template_key(), _migrate)
    yield started
    started.remove()


@pytest.fixture(scope="session")
def django_db_setup(cluster: TestCluster, django_db_blocker: Any) -> Iterator[None]:
    """Point Django at the test database and clean transactional tests as the superuser."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(pointed_at(cluster, TEST_DATABASE))
        superuser = stack.enter_context(cluster.superuser())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        clean = Cleaner(superuser)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: clean())
        yield
        stack.enter_context(django_db_blocker.unblock())


@pytest.fixture
def own_cluster(
    cluster: TestCluster, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TestCluster]:
    """A migrated PostgreSQL that no other test uses."""
    with django_db_blocker.unblock():
        started = start_cluster(template_key(), _migrate)
    yield started
    started.remove()


@pytest.fixture
def process_database(
    cluster: TestCluster, request: pytest.FixtureRequest
) -> Iterator[ProcessDatabase]:
    """A migrated database of the test's own, for server processes."""
    name = "p" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    cluster.copy_of_template(name)
    yield ProcessDatabase(name, cluster.url(APP_LOGIN, name), cluster.url(OWNER_LOGIN, name))
    cluster.drop(name)


class Cleaner:
    """Puts every table back to what it held after migrating, whatever triggers forbid.

    The app's login may neither truncate nor touch append-only tables, so Django's flush cannot.
    """

    def __init__(self, superuser: psycopg.Connection) -> None:
        self._superuser = superuser
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("SET lock_timeout = '10s'")
        self._statements = self._prepare()

    def __call__(self) -> None:
        with self._superuser.transaction():
            self._superuser.execute(self._statements)

    def _prepare(self) -> sql.Composed:
        self._superuser.execute("CREATE SCHEMA IF NOT EXISTS kept")
        tables = [
            row[0]
            for row in self._superuser.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind = 'r' ORDER BY relname"
            )
        ]
        parts: list[sql.Composable] = []
        for table in tables:
            name = sql.Identifier("public", table)
            parts.append(sql.SQL("DELETE FROM {};").format(name))
            if self._superuser.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
                parts.append(self._restore(table))
        return sql.Composed(parts)

    def _restore(self, table: str) -> sql.Composable:
        kept, name = sql.Identifier("kept", table), sql.Identifier("public", table)
        self._superuser.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} AS TABLE {}").format(kept, name)
        )
        columns = sql.SQL(", ").join(
            sql.Identifier(row[0])
            for row in self._superuser.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [f'public."{table}"'],
            )
        )
        return sql.SQL(
            "INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {kept};"
        ).format(name=name, columns=columns, kept=kept)


@contextmanager
def pointed_at(cluster: TestCluster, database: str) -> Iterator[None]:
    """Have this process's ORM use a database of the cluster, and afterwards what it used before."""
    before = {alias: dict(connections.settings[alias]) for alias in LOGINS}
    _leave()
    for alias, login in LOGINS.items():
        parts = conninfo_to_dict(cluster.url(login, database))
        connections.settings[alias].update(
            NAME=parts["dbname"],
            USER=parts["user"],
            PASSWORD=parts["password"],
            HOST=parts["host"],
            PORT="",
        )
    try:
        yield
    finally:
        _leave()
        for alias, settings_before in before.items():
            connections.settings[alias].update(settings_before)


def _leave() -> None:
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def template_key() -> str:
    """Names everything that a migrated database depends on."""
    files = {path for path in _project_files() if _shapes_tables(path)}
    waiting = [path for path in files if "migrations" in path.parts]
    while waiting:
        for path in _imported_by(waiting.pop()) - files:
            files.add(path)
            waiting.append(path)
    digest = hashlib.sha256()
    for part in (find_binaries().version(), version("django"), *settings.INSTALLED_APPS):
        digest.update(part.encode())
    for path in sorted(files | _migrations_of_apps()):
        digest.update(path.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _migrations_of_apps() -> set[Path]:
    """Migrations of every installed app, also of packages, whatever their version says."""
    folders = {Path(config.path) / "migrations" for config in apps.get_app_configs()}
    return {path for folder in folders for path in folder.glob("*.py")}


def _migrate(cluster: TestCluster, logins: Logins) -> None:
    with pointed_at(cluster, logins.database):
        call_command(Command(), database="owner", verbosity=0)
        apply_grants(connections["owner"], logins)


def _project_files() -> Iterator[Path]:
    yield from (ROOT / "tests" / "cluster.py", ROOT / "tests" / "database.py")
    for package in PACKAGES:
        for folder, _folders, names in os.walk(ROOT / package):
            yield from (Path(folder) / name for name in names if name.endswith((".py", ".sql")))


def _shapes_tables(path: Path) -> bool:
    telling = {"models.py", "apps.py", "receivers.py", "signals.py", "settings.py", "database.py"}
    runtime = {"grants.py", "logins.py", "migration.py", "cluster.py", "local_postgres.py"}
    return "migrations" in path.parts or path.name in telling | runtime


def _imported_by(path: Path) -> set[Path]:
    if path.suffix != ".py":
        return set()
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {name for name in names if re.match(rf"({'|'.join(PACKAGES)})\b", name)}
    places = {ROOT.joinpath(*name.split(".")) for name in ours}
    found = {place.with_suffix(".py") for place in places} | {
        place / "__init__.py" for place in places
    }
    return {path for path in found if path.exists()}

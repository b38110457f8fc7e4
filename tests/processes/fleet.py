"""The pytest plugin that starts server processes: `serve`, `web` and `worker`, and kills them."""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from psycopg import sql

from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.demo import logins, place
from atlas.demo.load import load
from atlas.runtime.local_postgres import SUPERUSER
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from tests.cluster import TestCluster
from tests.database import ROOT, ProcessDatabase, pointed_at
from tests.measuring import measured
from tests.processes.waiting import PATIENCE_S, until

READY = re.compile(r"^(?:Atlas is ready at (\S+?)/?|The worker is ready)$", re.MULTILINE)
PEOPLE = {
    "ann": Role.ANALYST,
    "bob": Role.ANALYST,
    "ada": Role.ADMIN,
    "abe": Role.ADMIN,
    "vic": Role.VIEWER,
}
CONFIG = """
from plugins_app.builtin.glossary import glossary
from plugins_app.builtin.postgres import postgres
from plugins_app.builtin.ticket import ticket
import dataclasses

plugins = [
    dataclasses.replace(postgres(url={url!r}), id="demo"),
    ticket(),
    glossary(path={glossary!r}),
]
default_datasource = "demo"
semantic_dir = {semantic_dir!r}
"""
AS_OF = dt.date(2026, 5, 7)


class Zygote:
    """A warm parent of server processes (see `tests.processes.zygote`)."""

    def __init__(self, variables: dict[str, str] | None = None, root: Path = ROOT) -> None:
        self._ends: dict[int, int] = {}
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env=variables,
            text=True,
        )

    def fork(self, **asked: Any) -> int:
        """Start a process and return its id."""
        assert self._program.stdin is not None
        self._program.stdin.write(json.dumps(asked) + "\n")
        self._program.stdin.flush()
        while True:
            said = self._read()
            if "pid" in said:
                return said["pid"]

    def end_of(self, pid: int) -> int:
        """Wait for the end of a process and return its code; each end is told once.

        Numbers come again within minutes: the next process of this number has an end of its own.
        """
        while pid not in self._ends:
            self._read()
        return self._ends.pop(pid)

    def close(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(timeout=PATIENCE_S)
        self._program.stdout.close()

    def _read(self) -> dict[str, int]:
        assert self._program.stdout is not None
        line = self._program.stdout.readline()
        assert line, f"The parent of the servers has ended: {self._program.wait()}"
        said: dict[str, int] = json.loads(line)
        if "ended" in said:
            self._ends[said["ended"]] = said["code"]
        return said


@dataclass
class Server:
    """One running process; `address` is empty for a worker."""

    pid: int
    log: Path
    zygote: Zygote
    address: str = ""
    code: int | None = None

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        if self.code is None:
            os.kill(self.pid, number)
            self.code = self.zygote.end_of(self.pid)
        return self.code


@dataclass
class Fleet:
    """Server processes that share one database, one configuration and one data folder.

    Their parent imports `imports` before it forks the first.
    """

    zygote: Zygote
    folder: Path
    variables: dict[str, str]
    servers: list[Server] = field(default_factory=list)
    imports: tuple[str, ...] = ()

    def start(self, role: str = "serve", **variables: str) -> Server:
        """Start a process; `variables` come on top of the fleet's own."""
        return self.start_all([role], **variables)[0]

    def start_all(self, roles: list[str], **variables: str) -> list[Server]:
        """Start processes at the same time and wait until all of them are ready."""
        imports = [*self.imports]
        model = {**self.variables, **variables}.get("ATLAS_MODEL", "")
        if model.startswith(("openai:", "anthropic:")):
            imports += ["pydantic_ai.direct", "pydantic_ai.models.openai"]
            imports.append("pydantic_ai.models.anthropic")
        started = [self._fork(role, imports, variables) for role in roles]
        for server in started:
            found = until("ready", lambda server=server: self._ready(server))
            server.address = found[1] or ""
        return started

    def kill_all(self) -> None:
        for server in self.servers:
            # What was measured of a process is written when it ends in order.
            server.stop() if measured() else server.kill()

    def _fork(self, role: str, imports: list[str], variables: dict[str, str]) -> Server:
        log = self.folder / f"{len(self.servers)}-{role}.log"
        pid = self.zygote.fork(
            arguments=[role] if role == "worker" else [role, "--port", "0"],
            variables={**self.variables, **variables},
            log=str(log),
            imports=imports,
        )
        self.servers.append(Server(pid, log, self.zygote))
        return self.servers[-1]

    def _ready(self, server: Server) -> re.Match[str] | None:
        said = server.log.read_text() if server.log.exists() else ""
        assert Path(f"/proc/{server.pid}").exists() or sys.platform != "linux", said
        return READY.search(said)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Imports once what every server process needs."""
    made = Zygote()
    yield made
    made.close()


@pytest.fixture(scope="session")
def shop_url(cluster: TestCluster) -> Iterator[str]:
    """The reader's URL of a small demo shop, loaded once."""
    name = "shop_of_processes"
    with cluster.superuser("postgres") as connection:
        logins.prepare_reader(connection, cluster.local.password(logins.READER))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    load(cluster.url(SUPERUSER, name), as_of=AS_OF, scale=0.05)
    yield cluster.url(logins.READER, name)
    cluster.drop(name)


@pytest.fixture
def own_database(
    cluster: TestCluster,
    django_db_setup: None,
    process_database: ProcessDatabase,
    django_db_blocker: Any,
) -> Iterator[ProcessDatabase]:
    """A database of the test's own that this process's ORM reads too, with its five people."""
    with pointed_at(cluster, process_database.name), django_db_blocker.unblock():
        add_people()
        yield process_database


@pytest.fixture
def fleet(
    zygote: Zygote, own_database: ProcessDatabase, shop_url: str, tmp_path: Path
) -> Iterator[Fleet]:
    """Start processes with the demo shop, tickets and a glossary; all are killed at the end."""
    made = _fleet_in(tmp_path, zygote, own_database, shop_url)
    yield made
    made.kill_all()


@pytest.fixture(scope="module")
def shared_fleet(
    cluster: TestCluster,
    django_db_setup: None,
    django_db_blocker: Any,
    zygote: Zygote,
    shop_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fleet]:
    """The same for all tests of a module, which leave each other's conversations alone."""
    name = "shared_by_processes"
    cluster.copy_of_template(name)
    database = ProcessDatabase(name, cluster.url(APP_LOGIN, name), cluster.url(OWNER_LOGIN, name))
    with pointed_at(cluster, name), django_db_blocker.unblock():
        add_people()
        made = _fleet_in(tmp_path_factory.mktemp("fleet"), zygote, database, shop_url)
        yield made
        made.kill_all()
    cluster.drop(name)


def _fleet_in(folder: Path, zygote: Zygote, database: ProcessDatabase, shop_url: str) -> Fleet:
    glossary = folder / "glossary.yml"
    glossary.write_text("terms:\n  churn: customers who left\n")
    config = folder / "config.py"
    semantic_dir = str(place.SEMANTIC_DIR)
    config.write_text(
        CONFIG.format(url=shop_url, glossary=str(glossary), semantic_dir=semantic_dir)
    )
    variables = {
        **database.variables,
        "ATLAS_DATA_DIR": str(folder / "data"),
        "ATLAS_CONFIG": str(config),
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
        "PATH": "",
    }
    return Fleet(zygote, folder, variables)


def add_people() -> None:
    """Add everybody to the database that the ORM uses."""
    for name, role in PEOPLE.items():
        person = User(username=name, email=f"{name}@example.com", role=role)
        # With the product's hasher, since people sign in at real servers.
        person.password = Argon2PasswordHasher().encode(f"{name}-secret", "s" * 16)
        person.save()

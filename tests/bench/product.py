"""The product as people run it: an installation of its own, with demo data, people and sessions."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from atlas.runtime.local_postgres import LocalPostgres
from atlas.runtime.secrets import load_secrets
from tests.bench.proc import ROOT, CouldNotStart, Server, free_port

LOGINS_AT_ONCE = 4
SIGN_IN = "/accounts/login/"


class Installation:
    """A data folder with a running local Postgres, migrated and filled; `remove` ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cookies: list[str] = []
        self._data = folder / "data"
        self._local: LocalPostgres | None = None
        self._started = 0

    def prepare(self, people: int) -> None:
        """Do what `make demo` does before it serves, and let `people` sign in."""
        self._run("manage.py", "demo", "--no-serve")
        # Held from here on, so that no server that ends takes Postgres with it.
        self._local = LocalPostgres(self._data, load_secrets(self._data))
        self._local.start()
        password = self._run("-m", "tests.bench.people", str(people)).split()[-1]
        server = self.serve()
        try:
            self.cookies = asyncio.run(_sign_in_all(server.address, people, password))
        finally:
            server.end()

    def serve(self, model: str = "") -> "Serving":
        """Start `manage.py serve`; `model` is the base URL of an OpenAI-compatible model."""
        started = self.start(model)
        try:
            started.first_200(started.address + SIGN_IN)
        except CouldNotStart:
            started.end()
            raise
        return started

    def start(self, model: str = "") -> "Serving":
        """Start it and do not wait."""
        self._started += 1
        log = self.folder / f"serve-{self._started}.log"
        port = free_port()
        variables = dict(self._variables)
        if model:
            variables |= {"ATLAS_MODEL": "openai:fake", "ATLAS_MODEL_BASE_URL": model}
        return Serving(["manage.py", "serve", "--port", str(port)], variables, log, port)

    def remove(self) -> None:
        """Stop Postgres and delete everything."""
        if self._local is not None:
            self._local.stop()
            for folder in (self._local.places.folder, self._local.places.sockets):
                shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _variables(self) -> dict[str, str]:
        return {"ATLAS_DATA_DIR": str(self._data), "DJANGO_SETTINGS_MODULE": "atlas.settings"}

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self._variables,
            check=False,
        )
        if done.returncode:
            raise CouldNotStart(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout


class Serving(Server):
    """A server and the address where it answers."""

    def __init__(
        self, command: list[str], variables: Mapping[str, str], log: Path, port: int
    ) -> None:
        super().__init__(command, variables, log)
        self.address = f"http://127.0.0.1:{port}"


async def _sign_in_all(address: str, people: int, password: str) -> list[str]:
    """Sign everybody in on the page; returns their cookies."""
    gate = asyncio.Semaphore(LOGINS_AT_ONCE)

    async def sign_in(number: int) -> str:
        async with gate, httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
            await client.get(SIGN_IN)
            form = {
                "username": f"bench{number:03d}",
                "password": password,
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            }
            answered = await client.post(SIGN_IN, data=form)
            if answered.status_code != 302:
                raise CouldNotStart(f"signing in answered {answered.status_code}")
            return "; ".join(f"{name}={value}" for name, value in client.cookies.items())

    return await asyncio.gather(*(sign_in(number) for number in range(people)))

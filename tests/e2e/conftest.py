"""The demo in processes of its own, and people who use it in a headless Chromium."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from atlas.runtime.local_postgres import SUPERUSER
from tests.measuring import measured
from tests.processes.waiting import until
from tests.runtime.conftest import ROOT, cluster_in, remove

READY = re.compile(r"^Atlas is ready at (\S+?)/?$", re.MULTILINE)
PERSON = re.compile(r"^  (\w+)  (\S+)  \(", re.MULTILINE)
START_TIMEOUT_S = 300
STOP_TIMEOUT_S = 30
PATIENCE_MS = 30_000
# In January "this year" would be one month, which is no chart.
AS_OF = "2026-11-23"

Visit = Callable[..., Page]


@dataclass(frozen=True)
class Demo:
    """A demo that answers at `address`."""

    address: str
    passwords: dict[str, str]
    data_dir: Path
    kill: Callable[[], None] = field(compare=False)
    start: Callable[[], object] = field(compare=False)

    def database(self, name: str = "atlas") -> str:
        """The address of one of its databases, as the superuser."""
        return cluster_in(self.data_dir).url(SUPERUSER, name)

    def ticket_titles(self) -> list[str]:
        """The titles of the tickets that exist, in order."""
        with psycopg.connect(self.database()) as connection:
            found = connection.execute("SELECT title FROM plugin_ticket_tickets ORDER BY title")
            return [row[0] for row in found]

    def is_reported(self, plugin: str) -> bool:
        """Whether the admin's pages know of this plugin, which the server tells them by itself."""
        with psycopg.connect(self.database()) as connection:
            rows = connection.execute(
                "SELECT FROM plugins_pluginstate WHERE plugin_id = %s AND healthy",
                [plugin],
            )
            return rows.fetchone() is not None

    def mails(self) -> list[str]:
        """The messages of the outbox that actions sent."""
        return [text for text in self._outbox() if "Auto-Submitted:" not in text]

    def notices(self) -> list[str]:
        """The messages of the outbox that Atlas sent by itself."""
        return [text for text in self._outbox() if "Auto-Submitted:" in text]

    def _outbox(self) -> list[str]:
        return [path.read_text() for path in sorted((self.data_dir / "outbox").glob("*.eml"))]


@contextmanager
def running_demo(data_dir: Path, *arguments: str) -> Iterator[Demo]:
    """`manage.py demo` on a free port with a Postgres and people of its own."""
    running = _Process(data_dir, arguments)
    try:
        said = running.start("--port", "0")
        address = READY.search(said)[1]
        start = partial(running.start, "--port", address.rpartition(":")[2])
        yield Demo(address, dict(PERSON.findall(said)), data_dir, running.kill, start)
    finally:
        running.stop()
        remove(cluster_in(data_dir))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo that all tests of the session share."""
    with running_demo(tmp_path_factory.mktemp("e2e") / "data", "--as-of", AS_OF) as demo:
        until("the plugins are reported", lambda: demo.is_reported("ticket"))
        yield demo


def chromium_options() -> dict[str, Any]:
    """How a Chromium of the system is launched; skips the test when there is none."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("No program named chromium is on the PATH.")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": executable, "args": arguments}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium.

    Not kept for the session: while it is there its loop runs, and no test may be a coroutine.
    """
    options = chromium_options()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**options)
        yield started
        started.close()


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """The cookies of those who signed in already, by name."""
    return {}


@pytest.fixture
def visit(browser: Browser, demo: Demo, sessions: dict[str, Any]) -> Iterator[Visit]:
    """Open an address as a person, each time in a browser of its own.

    Whatever a page complains about in its console fails the test, so also what the CSP stops;
    `may_complain` is for pages whose connection is cut on purpose.
    """
    complaints: list[str] = []
    opened = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def open_as(
        name: str, address: str = "/", *, may_complain: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=demo.address, storage_state=sessions.get(name), **options
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if not may_complain:
            page.on("console", hear)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        if name not in sessions:
            sign_in(page, name, demo.passwords[name])
            sessions[name] = context.storage_state()
        page.goto(address)
        return page

    yield open_as
    for context in opened:
        context.close()
    assert complaints == []


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in as anybody would, up to the first page."""
    page.goto("/accounts/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("/")


class _Process:
    """The server's process, which may be killed and started again on the same port."""

    def __init__(self, data_dir: Path, arguments: Sequence[str]) -> None:
        self._data_dir = data_dir
        self._arguments = arguments
        self._log = data_dir.with_name("log")
        self._process: subprocess.Popen[str] | None = None

    def start(self, *more: str) -> str:
        """Start it and return what it wrote until it answered."""
        with self._log.open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", *more, *self._arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                # Nothing is inherited: a DATABASE_URL of the developer must not be used.
                env={
                    "ATLAS_DATA_DIR": str(self._data_dir),
                    "DJANGO_SETTINGS_MODULE": "atlas.settings",
                    **measured(),
                },
            )
        said = _until_ready(self._process)
        assert READY.search(said), said + self._log.read_text()
        return said

    def kill(self) -> None:
        """End it as `kill -9` does, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def stop(self) -> None:
        if self._process is not None:
            _stop(self._process)


def _until_ready(process: subprocess.Popen[str]) -> str:
    """What it wrote up to the line that says where it is, or all of it when it ended before."""
    deadline = threading.Timer(START_TIMEOUT_S, process.kill)
    deadline.start()
    said = ""
    for line in process.stdout or ():
        said += line
        if READY.match(line):
            break
    deadline.cancel()
    deadline.join()
    return said


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()

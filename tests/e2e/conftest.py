"""The demo in processes of its own, and people who use it in a headless Chromium."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from atlas.runtime.local_postgres import SUPERUSER
from tests.runtime.conftest import ROOT, cluster_in, remove

READY = re.compile(r"^Atlas is ready at (\S+?)/?$", re.MULTILINE)
PERSON = re.compile(r"^  (\w+)  (\S+)  \(", re.MULTILINE)
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 30
PATIENCE_MS = 10_000

Visit = Callable[..., Page]


@dataclass(frozen=True)
class Demo:
    """A demo that answers at `address`."""

    address: str
    passwords: dict[str, str]
    data_dir: Path

    def ticket_titles(self) -> list[str]:
        """The titles of the tickets that exist, in order."""
        url = cluster_in(self.data_dir).url(SUPERUSER, "atlas")
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT title FROM plugin_ticket_tickets ORDER BY title")
            return [row[0] for row in found]

    def mails(self) -> list[str]:
        """The messages of the outbox as they were sent."""
        return [path.read_text() for path in sorted((self.data_dir / "outbox").glob("*.eml"))]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`manage.py demo` on a free port with a Postgres and people of its own."""
    data_dir = tmp_path_factory.mktemp("e2e") / "data"
    log = data_dir.with_name("log")
    with log.open("w") as errors:
        process = _start(data_dir, errors)
    try:
        said = _until_ready(process)
        ready = READY.search(said)
        assert ready, said + log.read_text()
        yield Demo(ready[1], dict(PERSON.findall(said)), data_dir)
    finally:
        _stop(process)
        remove(cluster_in(data_dir))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium.

    Not kept for the session: while it is there its loop runs, and no test may be a coroutine.
    """
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("No program named chromium is on the PATH.")
    expect.set_options(timeout=PATIENCE_MS)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=arguments)
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
        place = message.location.get("url", "")
        if message.type in ("error", "warning") and not place.endswith("/favicon.ico"):
            complaints.append(f"{message.text} ({place})")

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
            _sign_in(page, name, demo.passwords[name])
            sessions[name] = context.storage_state()
        page.goto(address)
        return page

    yield open_as
    for context in opened:
        context.close()
    assert complaints == []


def _sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("/")


def _start(data_dir: Path, errors: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        cwd=ROOT,
        # Nothing is inherited: a DATABASE_URL of the developer must not be used.
        env={"ATLAS_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "atlas.settings"},
    )


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

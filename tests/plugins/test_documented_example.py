"""The plugin of the documentation keeps its own tests, and works in the real host."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from plugins_app.host.contexts import fragments
from plugins_app.host.facets import actions

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "plugins" / "example"


@pytest.fixture
def watchlist():
    spec = importlib.util.spec_from_file_location("watchlist", EXAMPLE / "watchlist.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_authors_tests_pass_without_django():
    """As the page says: in the plugin's folder, with the SDK on the path and no settings."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider",
         "-c", "/dev/null", "--rootdir", EXAMPLE, "-o", "asyncio_mode=auto", EXAMPLE],
        cwd=EXAMPLE,
        env={"PATH": "/usr/bin", "PYTHONPATH": f"{ROOT}:{EXAMPLE}"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert "5 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_it_works_in_the_host(watchlist, start, dropped):
    await start(watchlist.watchlist(title="Radar"))
    action = actions.find("addToWatchlist")
    ctx = actions.context(action, idempotency_key="key-1", request_id="1", requester_name="ann")

    result = await actions.execute(action, watchlist.Subject(subject="Chai"), ctx)
    again = await actions.execute(action, watchlist.Subject(subject="Chai"), ctx)
    told = await fragments.load_all()
    undone = await actions.roll_back(action, result, ctx)
    after = await fragments.load_all()

    assert result == again == {"subject": "Chai", "key": "key-1"}
    assert [fragment.text for fragment in told] == ["Radar: Chai"]
    assert undone == {"removed": "Chai"}
    assert [fragment.text for fragment in after] == [""]

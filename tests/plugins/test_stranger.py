"""A plugin that somebody else wrote, installed with pip and announced by an entry point."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from atlas.accounts.principal import Principal
from atlas.agent.assigning import Brief, assignment_of
from atlas.agent.messages import Prompt, ToolCall
from atlas.agent.prompt import system_prompt
from atlas.common.db import in_db
from atlas.env import read
from plugins_app.host import lifecycle, loading, registry
from plugins_app.host.contexts import fragments
from plugins_app.host.models import PluginRepair, PluginState
from plugins_app.host.upkeep import mirror
from tests.plugins import stranger
from tests.plugins.database import rows
from tests.sales import LAYER

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ROOT = Path(__file__).resolve().parents[2]
PAGE = "/admin/plugins/pluginstate/plugin/stockroom/"
KEY = "option-api_key"
OPTIONS = {"do": "configure", "option-warehouse": "Hall 7", KEY: "key-4711"}
SAYS = "Stock is counted in Hall 7."


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder into which pip installed the package."""
    folder = tmp_path_factory.mktemp("stranger")
    stranger.install(stranger.write(folder), folder / "site")
    return folder / "site"


@pytest.fixture
def found(site, monkeypatch, tmp_path):
    """Call it for the plugins that a process with this folder on its path finds."""
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "stockroom", raising=False)
    config = tmp_path / "atlas_config.py"
    config.write_text("plugins = []\n")
    yield lambda: loading.load(str(config)).plugins
    sys.modules.pop("stockroom", None)


class Operator:
    """An admin at the plugin's page, and an analyst who asks."""

    def __init__(self, tmp_path):
        users = get_user_model().objects
        self.client = Client()
        self.client.force_login(users.create(username="ada", role="admin"))
        self.ann = users.create(username="ann", role="analyst")
        self.tmp_path = tmp_path

    async def page(self, **data):
        send = self.client.post if data else self.client.get
        response = await in_db(send, PAGE, data or None, follow=True)
        return response.content.decode()

    async def task(self, question):
        brief = Brief(Principal.of(self.ann), uuid4(), question, LAYER, "shop", self.tmp_path)
        task, _work = await assignment_of(brief, read({}))
        return task

    async def measures(self, question):
        """What the built-in analyst measures for a question, if it understands it."""
        task = await self.task(question)
        prompt = Prompt("", tuple(task.messages), tuple(t.spec for t in task.tools.values()))
        async for event in task.model.stream(prompt):
            if isinstance(event, ToolCall):
                return event.arguments.get("measures")
        return None

    async def prompt(self):
        """What a language model is told."""
        return system_prompt(LAYER, "2026-06-30", await fragments.load_all(), "")


@pytest.fixture
async def operator(found, dropped, tmp_path):
    made = await in_db(Operator, tmp_path)
    await lifecycle.start(found())
    await mirror.write_all()
    yield made
    await lifecycle.stop()


async def test_it_waits_for_its_options_and_harms_nobody(operator):
    page = await operator.page()
    assert "It waits for its options: warehouse, api_key." in page
    assert "Enter its options on the page of the plugin" in page
    assert 'type="password" name="option-api_key"' in page
    assert await rows(PluginState, "plugin_id", "status") == [("stockroom", "unhealthy")]
    assert SAYS not in await operator.prompt()
    assert "Nothing was stored" in await operator.page(**{**OPTIONS, KEY: "wrong"})
    assert "api_key: Field required" in await operator.page(**{**OPTIONS, KEY: ""})


async def test_it_works_in_chat_admin_and_database_until_it_is_switched_off(operator, owner):
    assert "Version 1 is stored and in use." in await operator.page(**OPTIONS)

    assert await operator.measures("What was our zorkle?") == ["orders.revenue"]
    assert SAYS in await operator.prompt()
    tool = (await operator.task("What is left?")).tools["stock_level"]
    said = await tool.run(ToolCall("1", "stock_level", {"sku": "A-1"}))
    assert json.loads(said.content) == {"sku": "A-1", "in": "Hall 7", "seen": 1}
    assert await in_db(owner, 'SELECT sku FROM "plugin_stockroom_lookups"') == [("A-1",)]
    page = await operator.page()
    for part in ("stockroom 0.4.0", "stock_level", "plugin_stockroom_lookups", "Healthy"):
        assert part in page
    assert await rows(PluginRepair, "meaning") == []

    assert "Stockroom is disabled." in await operator.page(do="disable")

    assert SAYS not in await operator.prompt()
    assert await operator.measures("What was our zorkle?") is None
    assert "stock_level" not in (await operator.task("What is left?")).tools
    again = await tool.run(ToolCall("2", "stock_level", {"sku": "A-1"}))
    assert "not offered any more" in again.content
    assert await in_db(owner, 'SELECT count(*) FROM "plugin_stockroom_lookups"') == [(1,)]


async def test_the_stored_options_count_at_the_next_start(operator, found):
    await operator.page(**OPTIONS)
    await lifecycle.stop()
    await lifecycle.start(found())
    assert registry.current().get("stockroom").healthy
    assert SAYS in await operator.prompt()


def test_another_process_finds_it_by_the_path_alone(site, tmp_path):
    program = (
        "import sys; from plugins_app.host import loading;"
        "print([(p.id, p.types) for p in loading.load(sys.argv[1]).plugins])"
    )
    config = tmp_path / "atlas_config.py"
    config.write_text("plugins = []\n")
    paths = os.pathsep.join([str(site), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", program, str(config)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=tmp_path,
    )
    assert done.stdout.strip() == "[('stockroom', ())]", done.stderr

"""The page of a plugin: options from its model, tried, stored, gone back to; what is wrong."""

import re
from typing import Literal

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pydantic import Field, SecretStr

from atlas.common.db import in_db
from plugins_app.host import registry
from plugins_app.host.models import PluginConfigVersion
from plugins_app.host.sparkline import sparkline
from plugins_app.host.upkeep import mirror, repairs
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import (
    HealthResult,
    Plugin,
    PluginConfig,
    Sandbox,
    Security,
    Tool,
    create_plugin,
)
from plugins_app.sdk.testing import FakeBackend
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CANARY = "canary-5b1c77"
PAGE = "/admin/plugins/pluginstate/plugin/weather/"


class Config(PluginConfig):
    text: str = Field("fair", description="What the agent is told")
    key: SecretStr = SecretStr("")
    days: int = Field(3, ge=1)
    unit: Literal["c", "f"] = "c"
    loud: bool = False
    places: tuple[str, ...] = ()
    note: str | None = None
    proxy_password: str = ""


class Provider:
    def __init__(self, config):
        self.config = config

    def load(self):
        return f"{self.config.text} {self.config.key.get_secret_value()} {self.config.days}"


def build(config):
    return Plugin(
        id="weather",
        types=("context",),
        version="1.2.3",
        name="Weather",
        config=config,
        context_provider=Provider(config),
        health_check=lambda: HealthResult(
            config.text != "sick", f"no {config.key.get_secret_value()}", 4.0
        ),
    )


weather = create_plugin(config_model=Config, create=build, label="weather")


class Operator:
    """A person of the role admin at the page."""

    def __init__(self, client):
        self.client = client
        self.fields = {"text": "fair", "days": "3", "unit": "c", "places": "[]", "note": ""}

    async def get(self, address=PAGE):
        return await in_db(self._text, self.client.get, address, follow=True)

    async def post(self, **data):
        return await in_db(self._text, self.client.post, PAGE, data, follow=True)

    async def store(self, **changed):
        given = {f"option-{name}": value for name, value in (self.fields | changed).items()}
        return await self.post(do="configure", **given)

    def _text(self, send, *args, **kwargs):
        response = send(*args, **kwargs)
        return response.status_code, response.content.decode()


def signed_in(name, role):
    client = Client()
    client.force_login(get_user_model().objects.create(username=name, role=role))
    return client


@pytest.fixture
async def ada(start):
    await start(weather(key=f"{CANARY}-file"))
    await mirror.write_all()
    return Operator(await in_db(signed_in, "ada", "admin"))


def running():
    return registry.current().get("weather").plugin.config


async def test_the_form_shows_options_and_no_secret(ada):
    status, page = await ada.get()
    assert status == 200
    for part in (
        'name="option-text" value="fair"',
        "What the agent is told",
        'name="option-days" value="3"',
        '<option value="c" selected>',
        'type="checkbox" name="option-loud"',
        'type="password" name="option-key"',
        "Only in the operator's file:",
        "proxy_password",
    ):
        assert part in page
    assert CANARY not in page
    assert "<script>" not in page
    assert " style=" not in page


async def test_what_differs_from_the_file_is_stored_and_in_use(ada):
    _, page = await ada.store(text="stormy", key=CANARY, loud="on", places='["Oslo"]')
    assert "Version 1 is stored and in use." in page
    assert CANARY not in page
    (stored,) = await rows(PluginConfigVersion, "options", "changed_by")
    assert stored == ({"text": "stormy", "loud": True, "places": ["Oslo"]}, "ada")
    now = running()
    assert (now.text, now.key.get_secret_value(), now.places) == ("stormy", CANARY, ("Oslo",))


async def test_an_empty_secret_keeps_the_stored_one_until_it_is_forgotten(ada):
    await ada.store(key=CANARY)
    await ada.store(text="stormy")
    assert running().key.get_secret_value() == CANARY
    await ada.store(**{"forget-key": "on"})
    assert running().key.get_secret_value() == f"{CANARY}-file"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": "0"}, "days"),
        ({"days": "many"}, "Enter a whole number."),
        ({"unit": "k"}, "Select a valid choice."),
        ({"places": "[1"}, "Enter a valid JSON."),
        ({"text": "sick", "key": CANARY}, "Its health check says: no [hidden]"),
    ],
)
async def test_what_is_wrong_or_fails_its_check_is_not_stored(ada, wrong, said):
    status, page = await ada.store(**wrong)
    assert status == 422
    assert said in page
    assert CANARY not in page
    assert await rows(PluginConfigVersion, "number") == []
    assert running().text == "fair"


@pytest.mark.parametrize(
    "given",
    [
        {"text": f"https://me:{CANARY}@weather.example"},
        {"note": f"postgresql://me:{CANARY}@db/weather"},
        {"places": f'[{{"token": "{CANARY}"}}]'},
    ],
)
async def test_a_secret_is_not_stored_in_an_option_that_is_shown(ada, given):
    status, page = await ada.store(**given)
    assert status == 422
    assert "It holds a secret, which would be stored as it is. Put it in your file." in page
    assert await rows(PluginConfigVersion, "number") == []


async def test_versions_show_no_password_that_is_kept_in_an_address(ada):
    options = {"text": f"https://me:{CANARY}@weather.example"}
    made = PluginConfigVersion.objects.create
    await in_db(made, plugin_id="weather", number=1, options=options, changed_by="ada")
    _, page = await ada.get()
    assert "weather.example" in page
    assert CANARY not in page


async def test_versions_show_what_changed_and_one_click_goes_back(ada):
    await ada.store(text="stormy")
    await ada.store(text="calm", key=CANARY)
    _, page = await ada.get()
    assert "<del>stormy</del>" in page
    assert "<ins>calm</ins>" in page
    assert "<ins>[hidden]</ins>" in page
    _, page = await ada.post(do="revert", version="1")
    assert "Version 3 is stored and in use." in page
    assert running().text == "stormy"
    assert running().key.get_secret_value() == f"{CANARY}-file"
    for unknown in ("9", "x", ""):
        _, page = await ada.post(do="revert", version=unknown)
        assert "There is no such version" in page


async def test_a_plugin_is_switched_checked_and_refreshed(ada):
    _, page = await ada.post(do="disable")
    assert "Weather is disabled." in page
    assert "Nothing now." in page
    assert not registry.current().get("weather").usable
    assert "Weather is enabled." in (await ada.post(do="enable"))[1]
    assert "Weather is healthy." in (await ada.post(do="check"))[1]
    assert "The context changed." in (await ada.post(do="refresh"))[1]
    assert "Nothing changed." in (await ada.post(do="refresh"))[1]


async def test_repairs_uses_and_latencies_are_shown(ada):
    entry = registry.current().get("weather")
    entry.tools["forecast"] = Tool("forecast", "The weather", Config, lambda a, ctx: "")
    cure = 'ALTER TABLE "x" DROP COLUMN "<y>";'
    await in_db(repairs.replace, "weather", "tables", [Repair("y", "It is not declared.", cure)])
    await ada.post(do="check")
    await ada.post(do="check")
    _, page = await ada.get()
    assert "ALTER TABLE &quot;x&quot; DROP COLUMN &quot;&lt;y&gt;&quot;;" in page
    assert "its text is given to the agent" in page
    assert "The agent, as tools: forecast." in page
    assert re.search(r'<polyline points="[\d. ,]+"', page)
    assert "latest checks: 4 to 4 ms" in page


async def test_the_list_leads_to_the_page_and_draws_the_latency(ada):
    await ada.post(do="check")
    await ada.post(do="check")
    _, page = await ada.get("/admin/plugins/pluginstate/")
    assert "<polyline" in page
    row = re.search(r'href="(/admin/plugins/pluginstate/\d+/change/)', page)[1]
    response = await in_db(ada.client.get, row)
    assert response.headers["Location"] == PAGE


@pytest.mark.parametrize("role", ["viewer", "analyst"])
async def test_nobody_else_sees_or_changes_it(ada, role):
    other = Operator(await in_db(signed_in, "vic", role))
    assert (await other.get())[0] == 403
    assert (await other.store(text="stormy"))[0] == 403
    assert (await other.post(do="disable"))[0] == 403
    assert registry.current().get("weather").usable
    assert await rows(PluginConfigVersion, "number") == []


async def test_a_plugin_that_is_not_there_has_no_page(ada):
    assert (await ada.get(PAGE.replace("weather", "nothing")))[0] == 404


@pytest.mark.parametrize(
    ("reports", "points", "failed"),
    [
        ([], None, ()),
        ([[True, 5.0], [False, None]], None, ()),
        ([[True, 0.0], [True, 0.0]], "2.0,22.0 118.0,22.0", ()),
        ([[True, 10.0], [False, 20.0], [True, 5]], "2.0,12.0 60.0,2.0 118.0,17.0", ((60.0, 2.0),)),
    ],
)
def test_a_line_starts_at_zero_and_marks_what_failed(reports, points, failed):
    drawn = sparkline(reports)
    if points is None:
        assert drawn is None
    else:
        assert (drawn.points, drawn.failed) == (points, failed)


async def test_the_page_of_a_sandbox_says_which_is_used_and_how_it_isolates(start):
    security = Security(network_isolation=True, description="A box on a shelf.")
    facet = Sandbox(create=FakeBackend, priority=7, security=security)
    await start(Plugin(id="weather", types=("sandbox",), version="1", name="Box", sandbox=facet))
    _, page = await Operator(await in_db(signed_in, "ada", "admin")).get()
    for part in (
        "Of the healthy sandboxes “weather” has the highest priority, 7.",
        "Network isolation: yes",
        "File isolation: no",
        "A box on a shelf.",
        "The isolation is what its author declares.",
    ):
        assert part in page

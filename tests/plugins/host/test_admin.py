"""Operators see plugins in Django admin, probe them, refresh context and switch them."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from plugins_app.host import lifecycle, registry, settings
from plugins_app.host.admin import PluginMigrationAdmin, PluginStateAdmin
from plugins_app.host.calling import sync
from plugins_app.host.contexts import fragments
from plugins_app.host.models import PluginMigration, PluginSetting, PluginState
from plugins_app.host.status import PluginStatus
from plugins_app.host.upkeep import mirror, notices
from plugins_app.sdk import HealthResult, Plugin
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Provider:
    def __init__(self):
        self.text = "one"

    def load(self):
        return self.text


class Host:
    """The pages of plugins as a person of the role admin sees them."""

    def __init__(self):
        self.provider = Provider()
        self.results = [HealthResult(True, latency_ms=7.0)]
        self.site = admin.AdminSite()

    def plugin(self, plugin_id="glossary"):
        return Plugin(
            id=plugin_id,
            types=("context",),
            version="1.0.0",
            name="Glossary",
            context_provider=self.provider,
            health_check=lambda: self.results[-1],
        )

    def act(self, action, *plugin_ids):
        user = get_user_model().objects.get(username="ada")
        request = RequestFactory().post("/")
        request.user = user
        request._messages = CookieStorage(request)
        page = PluginStateAdmin(PluginState, self.site)
        chosen = PluginState.objects.filter(plugin_id__in=plugin_ids or ["glossary"])
        response = getattr(page, action)(request, chosen)
        return response, [str(message) for message in get_messages(request)]


@pytest.fixture
async def host(start):
    made = Host()
    await in_db(get_user_model().objects.create, username="ada", role="admin")
    await start(made.plugin())
    await mirror.write_all()
    return made


async def test_check_now_probes_in_this_process_and_writes_the_result(host):
    host.results.append(HealthResult(False, "away", 9.0))
    _, shown = await in_db(host.act, "check_now")
    assert shown == ["glossary: away"]
    states = await rows(PluginState, "status", "healthy", "latency_ms", "message")
    assert states == [("unhealthy", False, 9.0, "away")]
    host.results.append(HealthResult(True, latency_ms=7.0))
    assert (await in_db(host.act, "check_now"))[1] == ["glossary is healthy."]
    assert await rows(PluginState, "status", "message") == [("healthy", "")]


async def test_refresh_shows_what_changed_and_records_who(host):
    await in_db(host.act, "refresh_context")
    host.provider.text = "one\ntwo <b>"
    response, _ = await in_db(host.act, "refresh_context")
    (item,) = response.context_data["shown"]
    assert item["refreshed"].changed
    assert [(line.kind, line.text) for line in item["lines"]] == [
        ("kept", "one"),
        ("added", "two <b>"),
    ]
    entries = await rows(AuditEntry.objects.filter(event="context.refreshed"), "actor_name")
    assert entries == [("ada",), ("ada",)]
    assert await rows(PluginState, "context_text") == [("one\ntwo <b>",)]


async def test_disable_and_enable_work_at_once_and_outlive_a_restart(host):
    _, shown = await in_db(host.act, "disable")
    assert shown == ["glossary is disabled."]
    assert registry.current().get("glossary").status == PluginStatus.TEARDOWN
    assert await rows(PluginSetting, "plugin_id", "enabled", "changed_by") == [
        ("glossary", False, "ada")
    ]
    _, shown = await in_db(host.act, "enable")
    assert shown == ["glossary is enabled."]
    assert registry.current().get("glossary").usable
    events = await rows(AuditEntry.objects.order_by("id"), "event", "subject")
    assert events == [
        ("plugin.disabled", "plugin glossary"),
        ("plugin.enabled", "plugin glossary"),
    ]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
async def test_what_is_switched_off_stays_off_while_the_database_is_away(host, monkeypatch, error):
    await in_db(host.act, "disable")

    def away():
        raise error("the connection is lost")

    monkeypatch.setattr(mirror, "_disabled", away)
    await lifecycle.apply_settings()

    assert registry.current().get("glossary").status == PluginStatus.TEARDOWN
    assert not registry.current().get("glossary").enabled


async def test_refresh_of_something_without_context_says_so(host):
    response, shown = await in_db(host.act, "refresh_context", "nothing")
    assert response is None
    assert shown == ["No context was refreshed."]


async def test_a_process_without_plugins_says_so(host):
    registry_of_host = registry.current()
    loop = sync._loop
    sync.capture(None)
    _, shown = await in_db(host.act, "check_now")
    sync.capture(loop)
    assert shown == ["glossary: This process runs no plugins. Start it with `manage.py serve`."]
    assert registry.current() is registry_of_host


@pytest.mark.parametrize(
    ("page", "model"), [(PluginStateAdmin, PluginState), (PluginMigrationAdmin, PluginMigration)]
)
def test_rows_are_only_read(page, model):
    pages = page(model, admin.AdminSite())
    request = RequestFactory().get("/")
    request.user = get_user_model()(username="ada", is_active=True, role="admin")
    assert not pages.has_add_permission(request)
    assert not pages.has_change_permission(request)
    assert not pages.has_delete_permission(request)
    assert pages.has_view_permission(request)
    request.user.role = "analyst"
    assert not pages.has_view_permission(request)


async def test_a_setting_reaches_a_process_that_listens(start, listening):
    one = Host().plugin()
    await in_db(get_user_model().objects.create, username="ada", role="admin")
    entries = await start(one)
    ada = await in_db(get_user_model().objects.get, username="ada")
    await in_db(settings.set_enabled, "glossary", False, by=ada)
    await listening(lambda: not entries.get("glossary").enabled)
    await in_db(settings.set_enabled, "glossary", True, by=ada)
    await listening(lambda: entries.get("glossary").usable)


async def test_a_refresh_reaches_a_process_that_listens(start, listening):
    host = Host()
    await in_db(get_user_model().objects.create, username="ada", role="admin")
    await start(host.plugin())
    ada = await in_db(get_user_model().objects.get, username="ada")
    host.provider.text = "two"
    await in_db(settings.request_refresh, "glossary", by=ada)
    refreshed = rows_of_context()
    await listening(lambda: refreshed() == "two")


def rows_of_context():
    entry = registry.current().get("glossary")

    def text():
        loaded = fragments.last(entry)
        return loaded.text if loaded else ""

    return text


async def test_a_reload_of_the_semantic_layer_refreshes_context(start, listening):
    host = Host()
    await start(host.plugin())
    host.provider.text = "two"
    await in_db(notices.announce, notices.SEMANTIC, "shop")
    refreshed = rows_of_context()
    await listening(lambda: refreshed() == "two")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "Healthy<br>since 2 Nov 09:30"),
        ({"since": None}, "Healthy"),
        ({"enabled": False}, "disabled"),
    ],
)
def test_a_row_tells_the_standing_of_a_plugin_and_since_when(fields, shown):
    since = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)
    state = PluginState(**{"status": PluginStatus.HEALTHY, "since": since, **fields})

    told = PluginStateAdmin(PluginState, admin.AdminSite()).standing(state)

    assert re.sub("</?span[^>]*>", "", told) == shown

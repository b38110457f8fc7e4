"""Context has versions: who refreshed, when and how long; an operator can go back to one."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import timezone

from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotFound
from plugins_app.host import lifecycle, settings
from plugins_app.host.admin import ContextVersionAdmin
from plugins_app.host.contexts import fragments, versions
from plugins_app.host.contexts.fragments import Loaded
from plugins_app.host.contexts.versions import KEPT
from plugins_app.host.models import ContextVersion
from plugins_app.host.upkeep import background
from plugins_app.sdk import ContextFragment, Plugin
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Provider:
    def __init__(self):
        self.text = "one"
        self.cached = None

    def load(self):
        self.cached = self.cached or self.text
        return ContextFragment(self.cached, {"word": self.cached})

    def refresh(self):
        self.cached = None


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def plugin(provider):
    return Plugin(id="glossary", types=("context",), version="1", context_provider=provider)


@pytest.fixture
async def ada():
    return await in_db(get_user_model().objects.create, username="ada", role="admin")


async def texts():
    return [(one.text, dict(one.terms)) for one in await fragments.load_all()]


async def refreshed_to(provider, text, by="ada"):
    provider.text = text
    return await background.refresh_now("glossary", by)


async def test_each_change_is_kept_with_who_and_how_long(start, plugin, provider):
    await start(plugin)
    await texts()
    await refreshed_to(provider, "two")
    await refreshed_to(provider, "two")
    kept = await rows(ContextVersion.objects.order_by("id"), "text", "loaded_by", "took_ms")
    assert [(text, by) for text, by, _ in kept] == [("one", ""), ("two", "ada")]
    assert all(took >= 0 for *_, took in kept)


async def test_an_operator_goes_back_until_the_next_refresh(start, plugin, provider, ada):
    await start(plugin)
    await texts()
    await refreshed_to(provider, "two")
    assert await texts() == [("two", {"word": "two"})]
    ((first,),) = await rows(ContextVersion.objects.filter(text="one"), "id")
    await in_db(versions.revert, "glossary", first, by=ada)
    await lifecycle.apply_settings()
    assert await texts() == [("one", {"word": "one"})]
    await fragments.refresh_all()
    assert await texts() == [("one", {"word": "one"})]
    await lifecycle.stop()
    await start(plugin)
    assert await texts() == [("one", {"word": "one"})]
    await in_db(settings.request_refresh, "glossary", by=ada)
    await refreshed_to(provider, "three")
    assert await texts() == [("three", {"word": "three"})]
    events = await in_db(lambda: list(AuditEntry.objects.values_list("event", flat=True)))
    assert sorted(events) == ["context.refreshed", "context.reverted"]


async def test_a_process_that_listens_goes_back_too(start, plugin, provider, ada, listening):
    entries = await start(plugin)
    await texts()
    await refreshed_to(provider, "two")
    ((first,),) = await rows(ContextVersion.objects.filter(text="one"), "id")
    await in_db(versions.revert, "glossary", first, by=ada)
    await listening(lambda: entries.get("glossary").pinned_context is not None)
    assert await texts() == [("one", {"word": "one"})]


async def test_a_version_that_does_not_exist_is_refused(start, plugin, ada):
    await start(plugin)
    with pytest.raises(NotFound, match="no such version"):
        await in_db(versions.revert, "glossary", 999, by=ada)


async def test_old_versions_go_and_the_one_in_use_stays(ada):
    def fill():
        for number in range(KEPT + 5):
            versions.keep("glossary", Loaded(f"text {number}", {}, timezone.now()))
            if number == 0:
                versions.revert("glossary", ContextVersion.objects.get().pk, by=ada)
        return list(ContextVersion.objects.order_by("id").values_list("text", flat=True))

    kept = await in_db(fill)
    assert kept[0] == "text 0"
    assert len(kept) == KEPT + 1
    assert kept[-1] == f"text {KEPT + 4}"


async def test_the_page_goes_back_to_one_version(start, plugin, provider, ada):
    await start(plugin)
    await texts()
    await refreshed_to(provider, "two")

    def go_back(chosen):
        request = RequestFactory().post("/")
        request.user = ada
        request._messages = CookieStorage(request)
        ContextVersionAdmin(ContextVersion, admin.AdminSite()).go_back(request, chosen)
        return [str(message) for message in get_messages(request)]

    assert await in_db(go_back, ContextVersion.objects.all()) == ["Choose one version."]
    told = await in_db(go_back, ContextVersion.objects.filter(text="one"))
    assert told == ["glossary uses this version until the next refresh."]
    assert await texts() == [("one", {"word": "one"})]

"""Stored configuration: encrypted, versioned, tried before it counts, live in every process."""

import asyncio
import threading

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from pydantic import SecretStr

from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotFound
from plugins_app.host import lifecycle, registry
from plugins_app.host.calling import calls
from plugins_app.host.contexts import fragments
from plugins_app.host.models import PluginConfigVersion, PluginRepair
from plugins_app.host.options import overrides, replacing, vault
from plugins_app.host.options.overrides import Change
from plugins_app.host.options.vault import SecretUnreadable
from plugins_app.host.upkeep import repairs
from plugins_app.sdk import HealthResult, Plugin, PluginConfig, PluginConfigError, create_plugin
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CANARY = "canary-7f3a91"
torn = []


class Config(PluginConfig):
    text: str = "from the file"
    key: SecretStr = SecretStr("")
    fails: bool = False


class Provider:
    def __init__(self, config):
        self.config = config

    def load(self):
        return f"{self.config.text} {self.config.key.get_secret_value()}".strip()


def build(config):
    def initialize(ctx):
        if config.fails:
            raise RuntimeError(f"cannot start with {config.key.get_secret_value()}")

    return Plugin(
        id="glossary",
        types=("context",),
        version="1",
        name="Glossary",
        config=config,
        context_provider=Provider(config),
        initialize=initialize,
        teardown=lambda: torn.append(config.text),
        health_check=lambda: HealthResult(config.text != "sick", config.text, 1.0),
    )


glossary = create_plugin(config_model=Config, create=build, label="glossary")


@pytest.fixture(autouse=True)
def nothing_torn():
    torn.clear()


@pytest.fixture
async def ada():
    return await in_db(get_user_model().objects.create, username="ada", role="admin")


async def texts():
    return [fragment.text for fragment in await fragments.load_all()]


async def save(plugin, ada, **values):
    return await in_db(overrides.save, plugin, values, by=ada)


async def test_a_stored_option_reaches_the_plugin_at_start(start, ada):
    one = glossary(text="from the file")
    await save(one, ada, text="stored")
    await start(one)
    assert await texts() == ["stored"]


async def test_a_change_reaches_the_running_plugin_and_the_old_one_ends(start, ada):
    one = glossary()
    await start(one)
    assert await texts() == ["from the file"]
    await save(one, ada, text="changed")
    await lifecycle.apply_settings()
    assert await texts() == ["changed"]
    await replacing.drain()
    assert torn == ["from the file"]
    assert registry.current().get("glossary").config_version == 1


async def test_a_process_that_listens_follows_by_itself(start, ada, listening):
    one = glossary()
    await start(one)
    await save(one, ada, text="changed")
    await listening(lambda: registry.current().get("glossary").plugin.config.text == "changed")
    assert await texts() == ["changed"]


async def test_calls_of_the_old_plugin_end_before_it_is_torn_down(start, ada):
    one = glossary()
    entries = await start(one)
    old, began, may_end = entries.get("glossary"), asyncio.Event(), threading.Event()
    main = asyncio.get_running_loop()

    def slow():
        main.call_soon_threadsafe(began.set)
        may_end.wait(10)
        return list(torn)

    running = asyncio.create_task(calls.call(old, slow, timeout_s=20))
    await began.wait()
    await save(one, ada, text="changed")
    await lifecycle.apply_settings()
    may_end.set()
    assert await running == []
    await replacing.drain()
    assert torn == ["from the file"]


async def test_a_stop_takes_down_the_old_and_the_new_plugin_although_a_call_goes_on(
    start, ada, monkeypatch, release
):
    monkeypatch.setattr(lifecycle, "DRAIN_DEADLINE_S", 0.05)
    one = glossary()
    entries = await start(one)
    began, main = asyncio.Event(), asyncio.get_running_loop()

    def slow():
        main.call_soon_threadsafe(began.set)
        release.wait(60)

    running = asyncio.create_task(calls.call(entries.get("glossary"), slow, timeout_s=60))
    await began.wait()
    await save(one, ada, text="changed")
    await lifecycle.apply_settings()
    async with asyncio.timeout(10):
        await lifecycle.stop()
    assert torn == ["from the file", "changed"]
    running.cancel()


async def test_a_replacement_that_is_cut_short_takes_down_the_old_plugin_too(
    start, ada, monkeypatch
):
    one = glossary()
    await start(one)
    await save(one, ada, text="changed")
    writing, note = asyncio.Event(), repairs.note

    async def endless(plugin_id, area, found):
        if area == replacing.AREA:
            writing.set()
            await asyncio.Event().wait()
        await note(plugin_id, area, found)

    monkeypatch.setattr(repairs, "note", endless)
    following = asyncio.create_task(lifecycle.apply_settings())
    await writing.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await lifecycle.stop()
    assert torn == ["from the file", "changed"]


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"fails": True, "key": CANARY}])
async def test_a_configuration_that_cannot_be_used_leaves_the_old_plugin(start, ada, wrong):
    one = glossary()
    await start(one)
    await save(one, ada, **wrong)
    await lifecycle.apply_settings()
    assert await texts() == ["from the file"]
    ((area, meaning),) = await rows(PluginRepair, "area", "meaning")
    assert area == "configuration"
    assert meaning.startswith("The stored configuration is not used: ")
    assert CANARY not in meaning
    await save(one, ada, text="good")
    await lifecycle.apply_settings()
    assert await texts() == ["good"]
    assert await rows(PluginRepair, "area") == []


async def test_a_broken_stored_configuration_does_not_stop_a_start(start, ada):
    one = glossary()
    await save(one, ada, colour="red")
    await start(one)
    assert await texts() == ["from the file"]
    assert len(await rows(PluginRepair, "area")) == 1


async def test_secrets_are_encrypted_and_the_audit_names_only_options(start, ada):
    one = glossary()
    await save(one, ada, text="changed", key=CANARY)
    (row,) = await rows(PluginConfigVersion, "options", "secrets", "changed_by")
    assert row[0] == {"text": "changed"}
    assert CANARY not in row[1]["key"]
    assert row[2] == "ada"
    entry = await in_db(AuditEntry.objects.get)
    assert (entry.event, entry.subject) == ("plugin.configured", "plugin glossary")
    assert entry.body == {"version": 1, "changed": ["key", "text"]}
    await start(one)
    assert await texts() == [f"changed {CANARY}"]


async def test_versions_differ_and_go_back(start, ada):
    one = glossary()
    await start(one)
    await save(one, ada, text="a", key="first-secret")
    await save(one, ada, text="b", key=CANARY)
    assert await in_db(overrides.difference, one, 1, 2) == [
        Change("key", "[hidden]", "[hidden]"),
        Change("text", "a", "b"),
    ]
    assert await in_db(overrides.revert, one, 1, by=ada) == 3
    await lifecycle.apply_settings()
    assert await texts() == ["a first-secret"]
    with pytest.raises(NotFound):
        await in_db(overrides.revert, one, 9, by=ada)


async def test_options_are_tried_with_the_plugins_own_check_before_they_count(start):
    one = glossary()
    await start(one)
    assert (await replacing.tried(one, {"text": "well"})).healthy
    assert not (await replacing.tried(one, {"text": "sick"})).healthy
    with pytest.raises(PluginConfigError, match="colour"):
        await replacing.tried(one, {"colour": "red"})
    assert await texts() == ["from the file"]


def test_keys_are_rotated(monkeypatch):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def use(keys):
        class Variables:
            encryption_keys = SecretStr(keys)

        monkeypatch.setattr(vault, "environment", Variables)

    use(old)
    token = vault.encrypt(CANARY)
    use(f"{new},{old}")
    again = vault.rotated(token)
    assert vault.decrypt(again) == CANARY
    use(new)
    assert vault.decrypt(again) == CANARY
    with pytest.raises(SecretUnreadable, match="Enter it again"):
        vault.decrypt(token)
    use("short")
    with pytest.raises(SecretUnreadable, match="URL-safe base64"):
        vault.encrypt("x")


async def test_a_secret_that_cannot_be_read_is_a_repair_and_the_file_counts(
    start, ada, monkeypatch
):
    one = glossary()
    await save(one, ada, text="stored", key=CANARY)

    class Other:
        encryption_keys = SecretStr(Fernet.generate_key().decode())

    monkeypatch.setattr(vault, "environment", Other)
    await start(one)
    assert await texts() == ["from the file"]
    assert await rows(PluginRepair, "area", "subject") == [("secrets", "secrets")]

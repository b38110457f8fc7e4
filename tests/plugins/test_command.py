"""`manage.py plugin`: what operators and authors type."""

import asyncio
import io
from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pydantic import SecretStr

import plugins_app.local
from atlas.audit.models import AuditEntry
from atlas.management import plugin_listing, plugin_work
from plugins_app.builtin.ticket import ticket
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host.models import PluginConfigVersion, PluginSetting
from plugins_app.host.options import vault
from plugins_app.sdk import Field, HealthResult, Interaction, Plugin, Table
from plugins_app.sdk.grading import grade_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Provider:
    def __init__(self):
        self.texts = ["one", "two"]

    def load(self):
        return self.texts[0]

    def refresh(self):
        self.texts.pop(0)


ran = []


async def transport(ctx):
    await asyncio.sleep(0)
    ran.append((ctx.plugin_id, ctx.as_user))


PLUGINS = {
    "glossary": lambda: Plugin(
        id="glossary",
        types=("context",),
        version="1.2.3",
        name="Glossary",
        context_provider=Provider(),
        health_check=lambda: HealthResult(True, latency_ms=1.0),
        schema={"cache": Table({"key": Field("string")})},
    ),
    "bot": lambda: Plugin(
        id="bot",
        types=("interaction",),
        version="1",
        interaction=Interaction(transport=transport, stdio=True),
        health_check=lambda: HealthResult(False, "no token"),
    ),
}


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Type a command where only the plugins of this file are configured."""
    config = tmp_path / "config.py"
    config.write_text(
        "from tests.plugins.test_command import PLUGINS\n"
        "plugins = [make() for make in PLUGINS.values()]\n"
    )
    monkeypatch.setattr(plugin_listing, "environment", lambda: _Environment(str(config)))
    monkeypatch.setattr("atlas.boot.environment", lambda: _Environment(str(config)))

    def run(*words):
        out = io.StringIO()
        call_command("plugin", *words, stdout=out)
        return out.getvalue()

    return run


class _Environment:
    def __init__(self, config):
        self.config = config
        self.demo = False
        self.safe_mode = False
        self.semantic_dir = None
        self.data_dir = None


def test_list_shows_every_plugin_and_starts_none(command):
    lines = command("list").splitlines()
    assert lines[0].split() == ["ID", "Name", "Types", "Version", "Enabled", "Status", "Message"]
    assert lines[1].split() == ["glossary", "Glossary", "context", "1.2.3", "yes", "not", "running"]


def test_disable_and_enable_are_kept_and_recorded(command):
    assert command("disable", "glossary") == "glossary is disabled.\n"
    assert not PluginSetting.objects.get(plugin_id="glossary").enabled
    assert " no " in command("list")
    assert command("enable", "glossary") == "glossary is enabled.\n"
    entries = list(AuditEntry.objects.order_by("id").values_list("event", "actor_name"))
    assert entries == [("plugin.disabled", "console"), ("plugin.enabled", "console")]


@pytest.mark.parametrize("word", ["enable", "disable", "migrate", "refresh", "check"])
def test_an_unknown_plugin_is_named_with_those_there_are(command, word):
    with pytest.raises(CommandError, match=r"There is no plugin 'x'\. Known: glossary, bot"):
        command(word, "x")


def test_health_probes_and_exits_with_one_when_one_is_unhealthy(command, capsys, dropped):
    assert command("health", "glossary") == "glossary: healthy\n"
    with pytest.raises(SystemExit) as ended:
        command("health")
    assert ended.value.code == 1


def test_migrate_makes_tables_without_starting_plugins(command, dropped):
    assert command("migrate").startswith('CREATE TABLE "plugin_glossary_cache"')
    assert command("migrate", "glossary") == "0 statements.\n"


def test_refresh_reads_again(command, dropped):
    assert command("refresh", "glossary") == "glossary: changed\n"
    assert AuditEntry.objects.get(event="context.refreshed").actor_name == "console"


def test_run_runs_the_transport_until_it_ends(command, dropped):
    ran.clear()
    assert command("run", "bot") == ""
    assert command("run", "bot", "--as", "ann") == ""
    assert ran == [("bot", ""), ("bot", "ann")]
    with pytest.raises(CommandError, match="glossary has no transport of its own"):
        command("run", "glossary")


def test_create_writes_into_the_folder_of_local_plugins(command, tmp_path, monkeypatch):
    monkeypatch.setattr(plugins_app.local, "__path__", [str(tmp_path / "local")])
    told = command("create", "my-thing", "--type", "datasource")
    assert (tmp_path / "local" / "my_thing" / "__init__.py").exists()
    assert "from plugins_app.local.my_thing import my_thing" in told
    with pytest.raises(CommandError, match="exists already"):
        command("create", "my-thing", "--type", "datasource")


def test_check_grades_and_says_what_is_missing(command):
    told = command("check")
    assert "glossary: platinum\n" in told
    assert "bot: none\n  bronze needs name: it has a name for people" in told


def test_plugins_that_come_with_atlas_have_a_good_grade():
    for plugin in (ticket(), virtual_shell()):
        assert grade_of(plugin) == "platinum"


def test_add_installs_and_says_what_is_announced(command, monkeypatch):
    asked = []

    class Done:
        returncode = 0

    monkeypatch.setattr(plugin_work, "_installer", lambda: ["installer"])
    monkeypatch.setattr(plugin_work.subprocess, "run", lambda c, check: asked.append(c) or Done())
    monkeypatch.setattr(plugin_work, "_announced", lambda: {"new"} if asked else set())
    assert "It announces new" in command("add", "atlas-plugin-new")
    assert asked == [["installer", "atlas-plugin-new"]]
    with pytest.raises(CommandError, match="Name a package"):
        command("add", "--", "--index-url=x")


def test_rekey_encrypts_with_the_first_key_and_the_old_one_can_go(command, monkeypatch):
    old, new = (Fernet.generate_key().decode() for _ in range(2))

    def use(*keys):
        made = SimpleNamespace(encryption_keys=SecretStr(",".join(keys)))
        monkeypatch.setattr(vault, "environment", lambda: made)

    use(old)
    secrets = {"key": vault.encrypt("s3cret")}
    row = PluginConfigVersion.objects.create(plugin_id="glossary", number=1, secrets=secrets)
    use(new)
    with pytest.raises(CommandError, match="cannot be read with the keys"):
        command("rekey")
    use(new, old)
    assert command("rekey") == "1 secrets are encrypted with the first key.\n"
    use(new)
    row.refresh_from_db()
    assert vault.decrypt(row.secrets["key"]) == "s3cret"

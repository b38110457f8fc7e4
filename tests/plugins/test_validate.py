"""`manage.py validate` looks at what the operator wrote, and its exit code says how that is."""

import io
import json

import pytest
from django.core.management import call_command

from atlas.management import doctor, offline
from atlas.management.commands import validate
from atlas.runtime.diagnosis import failed, passed, warned
from plugins_app.host import loading
from plugins_app.host.errors import StartBlocked
from plugins_app.sdk import Plugin


def run(*words):
    """Return the findings of a command and its exit code."""
    out = io.StringIO()
    code = 0
    try:
        call_command(*words, "--json", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return [json.loads(line) for line in out.getvalue().splitlines()], code


@pytest.mark.parametrize("command", ["doctor", "validate"])
@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([passed("a", "fine")], 0),
        ([passed("a", "fine"), warned("b", "old", "Renew it.")], 2),
        ([warned("b", "old", "Renew it."), failed("c", "gone", "Get it back.")], 1),
    ],
)
def test_the_exit_code_tells_the_worst(monkeypatch, command, found, code):
    some = dict.fromkeys(validate.ONLINE, lambda: [])
    monkeypatch.setattr(doctor, "sections", lambda: {**some, "Plugins": lambda: found})
    monkeypatch.setattr("atlas.management.commands.doctor.sections", doctor.sections)
    said, ended = run(command)
    assert ended == code
    assert [one["label"] for one in said] == [one.label for one in found]


class Provider:
    def load(self):
        return ""


def plugin(plugin_id):
    return Plugin(id=plugin_id, types=("context",), version="1.2.3", context_provider=Provider())


def with_plugins(monkeypatch, *plugins):
    monkeypatch.setattr(loading, "load", lambda _config: loading.Loaded(plugins, ("x: broken",)))


def test_offline_starts_and_connects_to_nothing(monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("it connected")

    monkeypatch.setattr("psycopg.connect", never)
    with_plugins(monkeypatch, plugin("one"))
    found = list(offline.plugins_section())
    assert [one.level for one in found] == ["warn", "pass"]
    assert found[1].detail.startswith("1.2.3, context, grade ")
    assert set(offline.sections()) == {"Configuration", "Plugins", "Semantic layer"}


def test_plugins_that_cannot_live_together_fail(monkeypatch):
    with_plugins(monkeypatch, plugin("one"), plugin("one"))
    with pytest.raises(StartBlocked, match="one"):
        list(offline.plugins_section())

"""Plugins come from the operator's configuration and from announcements of packages."""

import importlib.metadata
import sys
import types

import pytest

from plugins_app.host import loading
from plugins_app.host.errors import StartBlocked
from plugins_app.sdk import Plugin, PluginConfig, create_plugin


class Provider:
    def load(self):
        return ""


class Config(PluginConfig):
    path: str = "x"


def plugin(plugin_id="p"):
    return Plugin(id=plugin_id, types=("context",), version="1", context_provider=Provider())


class Needing(PluginConfig):
    region: str


FILE = """
from plugins_app.sdk import Plugin

class Provider:
    def load(self):
        return ""

plugins = [
    Plugin(id="mine", types=("context",), version="1", context_provider=Provider()),
]
"""


@pytest.fixture
def announced(monkeypatch):
    """Announce objects as installed packages would; exceptions are raised on import."""

    def announce(**objects):
        points = []
        for name, thing in objects.items():
            monkeypatch.setitem(sys.modules, f"announced_{name}", types.ModuleType(name))
            setattr(sys.modules[f"announced_{name}"], "thing", thing)  # noqa: B010 - a module
            attribute = "missing" if isinstance(thing, Exception) else "thing"
            points.append(
                importlib.metadata.EntryPoint(name, f"announced_{name}:{attribute}", loading.GROUP)
            )
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points)

    announce()
    return announce


def test_a_file_lists_plugins(tmp_path, announced):
    path = tmp_path / "atlas_config.py"
    path.write_text(FILE)
    loaded = loading.load(str(path))
    assert [one.id for one in loaded.plugins] == ["mine"]
    assert loaded.problems == ()


def test_a_module_lists_plugins(tmp_path, announced, monkeypatch):
    (tmp_path / "operator_settings.py").write_text(FILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [one.id for one in loading.load("operator_settings").plugins] == ["mine"]


BROKEN = [
    ("1 / 0", "cannot be read: ZeroDivisionError: division by zero. Repair it"),
    ("plugins = 7", "`plugins` in the configuration must be a list."),
    ("plugins = [7, 'x']", "number 1 is a int; number 2 is a str"),
    (
        "from plugins_app.builtin.ticket import ticket\nplugins = [ticket(colour='canary')]",
        'Plugin "plugin" has an invalid configuration: colour: Extra inputs are not permitted.',
    ),
    (
        "raise RuntimeError('postgresql://root:canary@h/x')",
        "RuntimeError: postgresql://[hidden]@h/x",
    ),
]


@pytest.mark.parametrize(("source", "message"), BROKEN)
def test_a_broken_configuration_stops_the_start_and_says_why(tmp_path, announced, source, message):
    path = tmp_path / "atlas_config.py"
    path.write_text(source)
    with pytest.raises(StartBlocked) as caught:
        loading.load(str(path))
    assert message in caught.value.user_message
    assert "canary" not in caught.value.user_message


def test_a_configuration_that_does_not_exist_is_named(announced):
    with pytest.raises(StartBlocked, match=r"nowhere\.py cannot be read: FileNotFoundError"):
        loading.load("nowhere.py")


def test_announced_plugins_and_factories_follow_the_listed_ones(tmp_path, announced):
    factory = create_plugin(config_model=Config, create=lambda config: plugin("made"))
    announced(ready=plugin("ready"), factory=factory, mine=plugin("mine"))
    path = tmp_path / "atlas_config.py"
    path.write_text(FILE)
    assert [one.id for one in loading.load(str(path)).plugins] == ["mine", "ready", "made"]


def test_a_broken_announcement_is_left_out_and_reported(tmp_path, announced):
    announced(bad=ValueError("x"), rubbish=7, good=plugin("good"))
    path = tmp_path / "atlas_config.py"
    path.write_text("")
    loaded = loading.load(str(path))
    assert [one.id for one in loaded.plugins] == ["good"]
    assert loaded.problems == (
        "bad: module 'bad' has no attribute 'missing'",
        "rubbish: it announces neither a plugin nor a plugin factory",
    )


def test_an_announced_factory_that_lacks_options_waits_under_its_name(tmp_path, announced):
    factory = create_plugin(config_model=Needing, create=lambda config: plugin("made"))
    announced(**{"needing": factory, "1st": factory})
    path = tmp_path / "atlas_config.py"
    path.write_text("")
    loaded = loading.load(str(path))
    assert [(one.id, one.types) for one in loaded.plugins] == [("needing", ())]
    assert loaded.problems == (
        "1st: its name must start with a letter and hold letters, digits, - and _, at most 64",
    )

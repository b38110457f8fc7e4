"""The registry keeps order and allows only the changes of status that the guide names."""

import itertools

import pytest

from plugins_app.host import registry
from plugins_app.host.errors import HostNotRunning, PluginUnavailable
from plugins_app.host.options.secrets import redacted, scrub, secret_values
from plugins_app.host.registry import Entry, PluginRegistry
from plugins_app.host.status import ALLOWED, PluginStatus
from plugins_app.sdk import Plugin


class Provider:
    def load(self):
        return ""


def plugin(plugin_id):
    return Plugin(id=plugin_id, types=("context",), version="1", context_provider=Provider())


def test_plugins_keep_their_order():
    assert [e.id for e in PluginRegistry([plugin("b"), plugin("a")]).all()] == ["b", "a"]


def test_an_unknown_plugin_is_named():
    with pytest.raises(PluginUnavailable, match="There is no plugin “x”"):
        PluginRegistry().get("x")


def test_a_process_without_plugins_says_so():
    with pytest.raises(HostNotRunning, match="This process runs no plugins"):
        registry.current()


def test_only_usable_plugins_take_part():
    entries = PluginRegistry([plugin("a")])
    assert entries.enabled_of_type("context") == []
    entry = entries.get("a")
    entry.initialized = True
    entry.move(PluginStatus.INITIALIZING)
    entry.move(PluginStatus.HEALTHY)
    assert entries.enabled_of_type("context") == [entry]
    assert entries.enabled_of_type("action") == []


STATUSES = list(itertools.permutations(PluginStatus, 2))


@pytest.mark.parametrize(("old", "new"), STATUSES)
def test_a_status_moves_only_along_the_table(old, new):
    entry = Entry(plugin("a"), status=old)
    if new in ALLOWED[old]:
        entry.move(new)
        assert entry.status == new
    else:
        with pytest.raises(ValueError, match="cannot become"):
            entry.move(new)


def test_statuses_are_those_of_the_guide():
    assert [status.value for status in PluginStatus] == [
        "registered",
        "initializing",
        "healthy",
        "unhealthy",
        "teardown",
    ]


CONFIG = {
    "url": "postgresql://root:s%40cret@db.example.com/x",
    "api_key": "key-1",
    "nested": [{"smtp_password": "pass-1"}],
    "name": "public",
}


def test_secrets_are_found_by_name_and_in_urls():
    assert secret_values(CONFIG) == {"s%40cret", "s@cret", "key-1", "pass-1"}


def test_scrub_masks_every_secret_and_cuts():
    text = "s@cret key-1 pass-1 public mysql://a:b@h/x " + "z" * 600
    shown = scrub(text, secret_values(CONFIG))
    assert shown.startswith("[hidden] [hidden] [hidden] public mysql://[hidden]@h/x zzz")
    assert len(shown) == 512
    assert shown.endswith("…")


def test_a_redacted_view_shows_the_rest():
    assert redacted("", CONFIG) == {
        "url": "postgresql://[hidden]@db.example.com/x",
        "api_key": "[hidden]",
        "nested": [{"smtp_password": "[hidden]"}],
        "name": "public",
    }

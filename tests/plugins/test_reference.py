"""Every hook, field, status and command of plugins stands in the reference, and nothing else."""

import argparse
import dataclasses
import inspect
import re
import sys

import pytest

from atlas.management.commands.plugin import Command
from plugins_app import sdk
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import Hooks
from plugins_app.sdk.tables import COLUMN_TYPES
from tests.plugins.guide import PAGES, ROOT

sys.path.append(str(ROOT / "docs"))
import plugin_tables  # type: ignore[import-not-found]  # found through the line above

REFERENCE = (PAGES / "reference.md").read_text()
FACETS = ("Plugin", "Datasource", "Action", "Interaction", "Route", "Sandbox", "Security", "Hook")
EVENTS = {
    "before_query": sdk.BeforeQuery,
    "after_query": sdk.AfterQuery,
    "before_explore": sdk.BeforeExplore,
    "after_explore": sdk.AfterExplore,
    "before_tool_call": sdk.BeforeToolCall,
    "after_tool_call": sdk.AfterToolCall,
    "on_request": sdk.OnRequest,
    "on_response": sdk.OnResponse,
}


def section(title, page=REFERENCE):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.M | re.S)[1]


def listed(text):
    """The first cell of each row, when it is a name."""
    return re.findall(r"^\| `([\w-]+)[^`]*` \|", text, re.MULTILINE)


def names(made):
    return [field.name for field in dataclasses.fields(made)]


@pytest.mark.parametrize("facet", FACETS)
def test_every_field_of_a_facet_is_documented(facet):
    assert listed(section(facet)) == names(getattr(sdk, facet))


def test_every_hook_point_is_documented_with_its_event():
    found = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section("Hook points"), re.MULTILINE)
    assert found == [(point, EVENTS[point].__name__) for point in Hooks.points()]


def test_every_field_of_an_event_is_documented():
    found = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section("Events"), re.MULTILINE)
    assert found == [(event.__name__, name) for event in EVENTS.values() for name in names(event)]


def test_every_field_and_type_of_a_table_is_documented():
    assert listed(section("Table fields")) == [*names(sdk.Field), *COLUMN_TYPES]
    for kind, column in COLUMN_TYPES.items():
        assert f"| `{kind}` | {column} |" in REFERENCE


def test_everything_of_the_context_is_documented():
    assert listed(section("Context object")) == names(sdk.PluginContext)


def test_every_status_is_documented():
    assert listed(section("Statuses")) == [str(status) for status in PluginStatus]


def test_every_command_is_documented():
    parser = argparse.ArgumentParser()
    parser.add_subparsers = argparse.ArgumentParser.add_subparsers.__get__(parser)
    Command().add_arguments(parser)
    (choices,) = (a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    assert sorted(listed(section("Commands"))) == sorted(choices)


def test_everything_that_the_sdk_exports_says_what_it_is():
    made = {name: getattr(sdk, name) for name in sdk.__all__}
    told = {
        name: one for name, one in made.items() if inspect.isroutine(one) or inspect.isclass(one)
    }
    assert len(told) > 50
    assert [name for name, one in told.items() if not (one.__doc__ or "").strip()] == []


def test_every_key_of_the_operators_file_is_documented():
    page = (PAGES / "configuration.md").read_text()
    found = set(listed(section("The operator's file", page)))
    assert found == {"plugins", *plugin_tables.operator_keys()}


def test_every_deadline_of_the_host_is_documented():
    found = {
        (path.relative_to(plugin_tables.HOST).with_suffix("").as_posix(), name)
        for path in plugin_tables.HOST.rglob("*.py")
        for name, _seconds in plugin_tables._constants(path)
        if name.endswith("DEADLINE_S")
    }
    assert {*found, ("facets/connections", "QUERY_GRACE_S")} == set(
        plugin_tables.DEADLINES.values()
    )
    assert "| `initialize` | 30 s |" in plugin_tables.deadlines()


def test_the_options_of_each_plugin_are_listed():
    text = plugin_tables.options()
    for name, model in plugin_tables.models().items():
        part = re.search(rf"^### `{name}`\n(.*?)(?=^### |\Z)", text, re.M | re.S)[1]
        assert listed(part) == list(model.model_fields)
    assert {"postgres", "ticket", "glossary", "virtual_shell", "email"} <= set(
        plugin_tables.models()
    )

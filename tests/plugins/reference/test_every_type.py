"""Every reference plugin loads, keeps the contract's shape, and stands on the page about them."""

import importlib
import pkgutil
import re

import pytest

import plugins_app.reference
from plugins_app.sdk import PLUGIN_TYPES, PluginFactory, define_plugin
from plugins_app.sdk.grading import GRADES, grade_of
from tests.plugins.guide import PAGES

PACKAGES = [module.name for module in pkgutil.iter_modules(plugins_app.reference.__path__)]
# What a plugin cannot be made without; nothing is connected to.
OPTIONS = {
    "duckdb": {"path": "/srv/shop.duckdb"},
    "email": {"host": "localhost", "sender": "a@example.com", "allowed_domains": ("example.com",)},
    "mysql": {"url": "mysql://reader:x@localhost/shop"},
}
ROW = re.compile(r"^\| `(\w+)` \| `([\w-]+)` \| ([a-z, ]+) \|[^|]+\| ?(\d*) \|", re.MULTILINE)


def made(package):
    """The plugin that a package offers under its own name."""
    module = importlib.import_module(f"plugins_app.reference.{package}")
    factory = getattr(module, package)
    assert isinstance(factory, PluginFactory)
    return factory(**OPTIONS.get(package, {}))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_offers_a_good_plugin_under_its_own_name(package):
    plugin = made(package)
    assert define_plugin(plugin) is plugin
    assert GRADES.index(grade_of(plugin)) >= GRADES.index("gold")


def test_all_five_types_are_covered():
    covered = {kind for package in PACKAGES for kind in made(package).types}
    assert covered == set(PLUGIN_TYPES)


def test_the_page_lists_them_all_with_id_type_and_priority():
    found = {}
    for package in PACKAGES:
        plugin = made(package)
        priority = f"{plugin.sandbox.priority:g}" if plugin.sandbox else ""
        found[package] = (plugin.id, ", ".join(plugin.types), priority)
    rows = ROW.findall((PAGES / "reference-plugins.md").read_text())
    assert sorted(rows) == sorted((package, *row) for package, row in found.items())

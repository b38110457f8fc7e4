"""YAML files become text and terms; what is broken, costly or outside of the folder is left out."""

import os
from uuid import uuid4

import pytest

from atlas.accounts.principal import Principal
from atlas.agent.assigning import Brief, assignment_of
from atlas.agent.messages import Prompt, ToolCall
from atlas.demo.place import SEMANTIC_DIR
from atlas.env import read
from plugins_app.host import lifecycle
from plugins_app.host.contexts import fragments
from plugins_app.host.upkeep import health
from plugins_app.reference.yaml_context import files, yaml_context
from plugins_app.reference.yaml_context.plugin import Stats
from plugins_app.reference.yaml_context.text import CUT, LONGEST_TEXT
from plugins_app.sdk import PluginConfigError, ToolContext
from plugins_app.sdk.grading import grade_of
from plugins_app.sdk.testing import FakeContext, assert_plugin_contract, logged
from tests.sales import LAYER

ORDERS = """
name: orders
table: sales.orders
description: |
  One row for each order | of a customer.
  This line is not shown.
dimensions: [{name: id}, {name: placed}]
"""
CUSTOMERS = "description: Companies.\ndimensions: {id: {type: number}}\n"
GLOSSARY = """
- {term: backlog, synonyms: [open orders], definition: Orders that are open., phrase: orders}
- term: best customers
  status: ambiguous
  options: [{label: By amount, phrase: a}, {label: By orders, phrase: b}]
- {term: profit, status: unsupported, reason: There are no costs.}
"""
METRICS = "- {name: aov, label: Average order value, description: Amount for each order.}\n"
TEXT = """## Entities

| Entity | Table | Dimensions | Description |
|---|---|---|---|
| customers | customers | 1 | Companies. |
| orders | sales.orders | 2 | One row for each order \\| of a customer. |

## Glossary

- **backlog** (also: open orders): Orders that are open.
- **best customers** **ambiguous, ask which is meant**: By amount; By orders
- **profit** **cannot be answered**: There are no costs.

## Metrics

| Metric | Description |
|---|---|
| aov | Amount for each order. |"""


@pytest.fixture
def folder(tmp_path):
    """A function that fills the folder: file to text."""
    root = tmp_path / "semantic"

    def fill(**changes):
        whole = {
            "entities/orders.yml": ORDERS,
            "entities/customers.yaml": CUSTOMERS,
            "glossary.yml": GLOSSARY,
            "metrics/sales.yml": METRICS,
        }
        for name, text in (whole | changes).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return fill


def loaded(root):
    """What a started plugin loads, and what it logged."""
    plugin, ctx = yaml_context(semantic_dir=root), FakeContext()
    plugin.context_provider.logger = ctx.logger
    return plugin.context_provider.load(), logged(ctx)


def test_entities_words_and_figures_become_text_and_terms(folder):
    fragment, said = loaded(folder())
    assert fragment.text == TEXT
    assert dict(fragment.terms) == {"backlog": "orders", "open orders": "orders"}
    assert said == []


def test_the_semantic_layer_of_the_demo_is_read_without_a_complaint():
    fragment, said = loaded(SEMANTIC_DIR)
    assert said == []
    assert "| orders | orders | 11 | One row for each order of a customer" in fragment.text
    assert fragment.terms["scandinavia"] == "Denmark, Finland, Norway and Sweden"
    assert "best customers" not in fragment.terms


GLOSSARIES = [
    ("terms: {ARR: Annual revenue}", "- **ARR**: Annual revenue", {"ARR": "Annual revenue"}),
    ("terms: {ARR: {definition: Annual}}", "- **ARR**: Annual", {"ARR": "Annual"}),
    (
        "terms: {x: {status: ambiguous, possible_mappings: [a, b]}}",
        "- **x** **ambiguous, ask which is meant**: a; b",
        {},
    ),
    ("terms: {x: {status: ambiguous}}", "- **x** **ambiguous, ask which is meant**", {}),
    ("- {term: x, phrase: freight}", "- **x**: freight", {"x": "freight"}),
    ("terms: {2024: Last year}", "- **2024**: Last year", {"2024": "Last year"}),
]


@pytest.mark.parametrize(("text", "line", "terms"), GLOSSARIES)
def test_glossaries_may_be_mappings_or_lists(folder, text, line, terms):
    fragment, _said = loaded(folder(**{"glossary.yml": text}))
    assert line in fragment.text.splitlines()
    assert dict(fragment.terms) == terms


def test_an_empty_folder_gives_no_text(tmp_path):
    fragment, said = loaded(tmp_path)
    assert (fragment.text, dict(fragment.terms), said) == ("", {}, [])
    assert loaded(tmp_path / "not there")[0].text == ""


BOMB = "a: &a [x]\nb: &b {<<: *a}\n"
BROKEN = [
    ("entities/bad.yml", "a: [\n", "entities/bad.yml is not valid YAML in line 2"),
    ("entities/bad.yml", b"name: \xff", "entities/bad.yml cannot be read"),
    ("entities/bad.yml", "- orders", "entities/bad is no mapping"),
    ("entities/bad.yml", BOMB, "entities/bad.yml uses an alias: write the value out"),
    (
        "entities/bad.yml",
        "!!python/object/apply:os.system [id]",
        "entities/bad.yml uses a tag: write plain values",
    ),
    ("entities/bad.yml", "[" * 90, "entities/bad.yml is nested deeper than 40 levels"),
    (
        "entities/bad.yml",
        "day: 2026-13-45",
        "entities/bad.yml holds a number or a day that does not exist",
    ),
    ("entities/bad.yml", "a" * 256_001, "entities/bad.yml is larger than 256,000 bytes"),
    ("glossary.yml", "- {term: x}", "glossary.yml: x says no meaning"),
    ("metrics/bad.yml", "7", "metrics/bad holds no list of metrics"),
]


@pytest.mark.parametrize(("name", "text", "problem"), BROKEN, ids=[p for _, _, p in BROKEN])
def test_a_bad_file_is_warned_about_and_the_rest_is_read(folder, name, text, problem):
    fragment, said = loaded(folder(**{name: text}))
    assert said == [f"Passed over: {problem}"]
    assert "| customers | customers | 1 | Companies. |" in fragment.text
    assert "| aov | Amount for each order. |" in fragment.text


def test_files_are_read_up_to_a_size_in_all(folder, monkeypatch):
    root = folder()
    monkeypatch.setattr(files, "MAX_BYTES", len(CUSTOMERS))
    fragment, said = loaded(root)
    assert "customers" in fragment.text
    assert "orders" not in fragment.text
    assert said[0].startswith("Passed over: entities/orders.yml is not read: together")


def test_no_more_than_so_many_files_are_read(folder, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILES", 1)
    fragment, said = loaded(folder())
    assert "sales.orders" not in fragment.text
    assert said == ["Passed over: entities holds more than 1 files; the rest is not read"]


@pytest.mark.parametrize("place", ["entities/secret.yml", "glossary.yml", "metrics"])
def test_what_leads_out_of_the_folder_is_refused(folder, tmp_path, place):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.yml").write_text("name: canary\nterms: {canary: canary}\n")
    root = folder()
    target = outside if place == "metrics" else outside / "a.yml"
    if place == "metrics":
        (root / "metrics" / "sales.yml").unlink()
        (root / "metrics").rmdir()
    else:
        (root / place).unlink(missing_ok=True)
    (root / place).symlink_to(target)
    fragment, said = loaded(root)
    assert "canary" not in fragment.text + str(fragment.terms)
    assert said == [f"Passed over: {place} leads out of the folder"]


def test_a_link_within_the_folder_is_read(folder):
    root = folder()
    (root / "entities" / "also.yml").symlink_to(root / "entities" / "customers.yaml")
    fragment, said = loaded(root)
    assert "| also | also | 1 | Companies. |" in fragment.text
    assert said == []


def test_a_pipe_in_the_folder_does_not_hold_the_reader(folder):
    root = folder()
    os.mkfifo(root / "entities" / "pipe.yml")
    _fragment, said = loaded(root)
    assert said == ["Passed over: entities/pipe.yml is no file"]


def test_a_long_text_is_cut_at_a_line(folder):
    entity = f"description: {'x' * 290}\n"
    many = {f"entities/e{number}.yml": entity for number in range(250)}
    text = loaded(folder(**many))[0].text
    assert text.endswith(f"|\n{CUT}")
    assert LONGEST_TEXT - 400 < len(text) <= LONGEST_TEXT + len(CUT)


async def test_it_is_read_once_and_again_after_a_refresh(registered, folder):
    root = folder()
    registered(yaml_context(semantic_dir=root))
    (before,) = await fragments.load_all()
    (root / "glossary.yml").write_text("terms: {ARR: Annual}")
    assert (await fragments.load_all())[0].terms == before.terms
    assert (await fragments.refresh("context-yaml")).changed
    assert dict((await fragments.load_all())[0].terms) == {"ARR": "Annual"}


async def test_health_names_what_is_missing_and_counts_the_files(registered, tmp_path):
    root = tmp_path / "semantic"
    registered(yaml_context(semantic_dir=root))

    async def found():
        result = (await health.check("context-yaml")).result
        return result.healthy, result.message

    assert await found() == (False, f"The folder {root} does not exist")
    root.mkdir()
    assert await found() == (False, f"The folder {root} has no folder entities")
    (root / "entities").mkdir()
    assert await found() == (False, "The folder entities holds no .yml file")
    (root / "entities" / "a.yml").touch()
    assert await found() == (True, "1 entity file")
    (root / "entities" / "b.yml").touch()
    assert await found() == (True, "2 entity files")


async def test_a_start_without_a_folder_only_warns(tmp_path):
    ctx = FakeContext()
    await yaml_context(semantic_dir=tmp_path / "gone").initialize(ctx)
    assert logged(ctx) == [f"No context yet: The folder {tmp_path / 'gone'} does not exist"]


async def test_the_tool_counts_what_is_on_disk_now(folder):
    root, ctx = folder(), FakeContext()
    plugin = yaml_context(semantic_dir=root)
    await plugin.initialize(ctx)
    (root / "entities" / "lines.yml").write_text("name: order_lines")
    (root / "entities" / "bad.yml").write_text("a: b: c")
    tool = ctx.tools.registered["getYamlContextStats"]
    everything = tool.run(Stats(), ToolContext(ctx))
    assert everything["entities"] == {"count": 3, "names": ["customers", "order_lines", "orders"]}
    assert everything["ambiguous_terms"] == {"count": 1, "names": ["best customers"]}
    assert everything["not_read"] == ["entities/bad.yml is not valid YAML in line 1"]
    some = tool.run(Stats(filter="ORDER"), ToolContext(ctx))
    assert some["entities"]["names"] == ["order_lines", "orders"]
    assert (some["terms"]["count"], some["metrics"]["count"]) == (0, 0)


async def test_the_files_are_read_at_the_start_and_kept(folder):
    root = folder()
    plugin = yaml_context(semantic_dir=root)
    await plugin.initialize(FakeContext())
    (root / "entities" / "lines.yml").write_text("name: order_lines")
    assert plugin.context_provider.load().text == TEXT
    plugin.context_provider.refresh()
    assert "order_lines" in plugin.context_provider.load().text


async def test_it_keeps_the_contract_and_every_rule_of_the_scale(folder, tmp_path):
    for root in (folder(), tmp_path / "gone"):
        plugin = yaml_context(semantic_dir=root)
        await assert_plugin_contract(plugin)
        assert grade_of(plugin) == "platinum"


@pytest.mark.parametrize("options", [{"semantic_dir": 7}, {"semanticDir": "x"}])
def test_wrong_options_are_refused(options):
    with pytest.raises(PluginConfigError, match=next(iter(options))):
        yaml_context(**options)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_a_word_of_the_files_changes_what_the_analyst_answers(ann, folder):
    async def measures():
        brief = Brief(Principal.of(ann), uuid4(), "What was our zorkle?", LAYER, "shop", root)
        task, _work = await assignment_of(brief, read({}))
        prompt = Prompt("", tuple(task.messages), tuple(t.spec for t in task.tools.values()))
        calls = [one async for one in task.model.stream(prompt) if isinstance(one, ToolCall)]
        return [call.arguments.get("measures") for call in calls]

    root = folder(**{"glossary.yml": "- {term: zorkle, phrase: freight}"})
    await lifecycle.start([yaml_context(semantic_dir=root)])
    try:
        assert await measures() == [["orders.freight"]]
        (root / "glossary.yml").write_text("- {term: zorkle, phrase: revenue}")
        await fragments.refresh("context-yaml")
        assert await measures() == [["orders.revenue"]]
    finally:
        await lifecycle.stop()

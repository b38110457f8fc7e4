"""The glossary reads its file once, and again after a refresh."""

import pytest

from plugins_app.builtin.glossary import glossary
from plugins_app.host.contexts import fragments
from plugins_app.host.upkeep import health
from plugins_app.sdk.testing import assert_plugin_contract

AS_MAPPING = "terms:\n  ARR: Annual recurring revenue\n  churn: >\n    Customers\n    who left\n"
AS_LIST = """
- term: ARR
  definition: Annual recurring revenue
- {term: churn, definition: Customers who left}
"""
TERMS = {"ARR": "Annual recurring revenue", "churn": "Customers who left"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "glossary.yml"


@pytest.mark.parametrize("text", [AS_MAPPING, AS_LIST])
async def test_terms_stand_under_the_title(registered, path, text):
    path.write_text(text)
    registered(glossary(path=path))
    (fragment,) = await fragments.load_all()
    assert dict(fragment.terms) == TERMS
    assert fragment.text == "## Company glossary"


async def test_a_changed_file_is_read_after_a_refresh(registered, path):
    path.write_text(AS_MAPPING)
    registered(glossary(path=path))
    await fragments.load_all()
    path.write_text("terms: {MRR: Monthly}")
    assert dict((await fragments.load_all())[0].terms) == TERMS
    refreshed = await fragments.refresh("glossary")
    assert refreshed.changed
    assert dict((await fragments.load_all())[0].terms) == {"MRR": "Monthly"}


BROKEN = [
    (None, "The glossary file glossary.yml does not exist."),
    ("terms: [\n", "glossary.yml is not valid YAML in line 2."),
    ("terms: 7", "glossary.yml: `terms` must be a mapping or a list."),
    ("- {term: x}", "glossary.yml: entry 1 needs `term` and `definition`."),
    ("terms: {x: [1]}", "glossary.yml: every term and every definition must be a text."),
    (b"terms: {x: \xff}", "The glossary file glossary.yml cannot be read."),
    ("x" * 1_000_001, "glossary.yml is larger than 1 MB."),
]


@pytest.mark.parametrize(("content", "message"), BROKEN, ids=[message for _, message in BROKEN])
async def test_a_broken_file_is_named_with_its_line(registered, path, content, message):
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    registered(glossary(path=path))
    (fragment,) = await fragments.load_all()
    assert fragment.error == f"The plugin “Glossary” failed: {message}"
    assert (await health.check("glossary")).result.message == message


@pytest.mark.parametrize(("text", "healthy"), [(AS_MAPPING, True), ("", False)])
async def test_health_counts_the_terms(registered, path, text, healthy):
    path.write_text(text)
    registered(glossary(path=path))
    result = (await health.check("glossary")).result
    assert (result.healthy, result.message) == (
        (True, "2 terms") if healthy else (False, "The glossary is empty")
    )
    await assert_plugin_contract(glossary(path=path))


async def test_an_empty_glossary_adds_nothing(registered, path):
    path.write_text("terms:\n")
    registered(glossary(path=path))
    (fragment,) = await fragments.load_all()
    assert (fragment.text, dict(fragment.terms), fragment.error) == ("", {}, "")

"""Grades follow a written list of rules."""

from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from plugins_app.sdk import Datasource, HealthResult, Plugin, PluginConfig, Sandbox
from plugins_app.sdk.grading import GRADES, RULES, failed_rules, grade_of

ROOT = Path(__file__).resolve().parents[3]


class Config(PluginConfig):
    """Options."""

    api_key: SecretStr = SecretStr("x")


class Careless(BaseModel):
    api_key: str = "x"


def plugin(**changes):
    given = {
        "id": "p",
        "types": ("action",),
        "version": "1.0.0",
        "name": "P",
        "config": Config(),
        "health_check": lambda: HealthResult(True),
    }
    return Plugin(**(given | changes))


CASES = [
    (plugin(), "platinum", []),
    (plugin(version="one"), "none", ["version"]),
    (plugin(name=""), "none", ["name"]),
    (plugin(types=("context",)), "none", ["shape"]),
    (plugin(config=Careless()), "none", ["strict-config", "secrets", "described-config"]),
    (plugin(health_check=None), "bronze", ["health"]),
    (plugin(config=None), "platinum", []),
    (
        plugin(types=("datasource",), datasource=Datasource(lambda: None, "postgres")),
        "silver",
        ["dialect", "account"],
    ),
    (plugin(types=("sandbox",), sandbox=Sandbox(lambda root: None)), "silver", ["isolation"]),
]


@pytest.mark.parametrize(("one", "grade", "rules"), CASES)
def test_a_grade_needs_its_rules_and_those_below(one, grade, rules):
    assert (grade_of(one), [rule.name for rule in failed_rules(one)]) == (grade, rules)


def test_rules_are_written_down_in_the_order_of_grades():
    text = (ROOT / "docs" / "plugins" / "quality.md").read_text()
    written = [f"| {rule.grade} | {rule.name} | {rule.asks} |" for rule in RULES]
    assert [line for line in text.splitlines() if line.startswith("| ")][1:] == written
    assert [rule.grade for rule in RULES] == sorted(
        (rule.grade for rule in RULES), key=GRADES.index
    )

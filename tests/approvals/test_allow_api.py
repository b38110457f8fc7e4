"""Programs of admins read the allow rules; nobody else does, and nobody writes them there."""

import pytest

from tests.approvals.desk import propose, start_run
from tests.approvals.test_allow_pages import filled
from tests.approvals.test_allow_pages import source as source
from tests.approvals.test_api import ACTIONS, Program
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(source, ada):
    client_of(ada).post("/approvals/rules/new/", filled(source))


def test_an_admin_reads_the_rules_in_force(rule, source, ada, ann):
    request = propose(start_run(ann))

    (found,) = Program(ada).get("rules").json()["rules"]

    assert (found["name"], found["action"], found["asker"]) == ("Restock tickets", "note", "ann")
    assert found["conditions"][0] == {"field": "title", "operator": "is", "value": "Restock Chai"}
    assert found["words"].startswith("“Create ticket”, asked by ann, runs without a decision")
    assert (
        "Title is “Restock Chai”; Priority is not given. May be anything: Body." in found["words"]
    )
    assert (found["made_by"], found["passes"]) == ("ada", 1)
    assert Program(ann).get(str(request.pk)).json()["allow_rule"] == "Restock tickets"
    assert Program(ann).get(str(source.pk)).json()["allow_rule"] == ""


@pytest.mark.parametrize("name", ["ann", "vic"])
def test_others_are_told_that_they_may_not(request, rule, name):
    answer = Program(request.getfixturevalue(name)).get("rules")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_rules_are_not_written_over_http(rule, ada):
    assert Program(ada).post("rules", {"name": "x"}).status_code == 405
    assert ACTIONS == "/api/v1/actions/"

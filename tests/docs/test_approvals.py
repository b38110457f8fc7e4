"""The policy in the documentation does what its page says, and the table of moves is whole."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from approvals.enums import Mode
from approvals.policies import Proposed, Requirements, requirements_of
from approvals.rules.tightening import Facts
from approvals.transitions import ALLOWED_MOVES
from atlas.accounts.roles import Role
from tests.docs.policy import approvals

PAGE = Path(__file__).resolve().parents[2] / "docs" / "admin" / "approvals.md"


def required(action: str, declared: Mode, *, role: Role = Role.ADMIN, **arguments) -> Requirements:
    facts = Facts(action, arguments, role, is_reversible=True)
    return requirements_of(Proposed(declared, facts), approvals)


@pytest.mark.parametrize(
    ("amount", "mode", "count"),
    [(500, Mode.AUTO, 1), (500.01, Mode.ADMIN_ONLY, 2), ("much", Mode.ADMIN_ONLY, 2)],
)
def test_large_refunds_need_two_admins(amount: object, mode: Mode, count: int) -> None:
    found = required("refund", Mode.AUTO, amount=amount)

    assert (found.mode, found.approvals) == (mode, count)


def test_modes_are_raised_and_never_lowered() -> None:
    assert required("createSupportTicket", Mode.AUTO).mode is Mode.MANUAL
    assert required("createSupportTicket", Mode.ADMIN_ONLY).mode is Mode.ADMIN_ONLY
    assert required("sendEmail", Mode.MANUAL).mode is Mode.ADMIN_ONLY


def test_analysts_do_not_decide_alone() -> None:
    assert required("createSupportTicket", Mode.MANUAL, role=Role.ANALYST).two_person
    assert not required("createSupportTicket", Mode.MANUAL).two_person


def test_mail_to_others_goes_through_finance_then_an_admin() -> None:
    found = required("sendEmail", Mode.MANUAL, to=["office@shop.example", "eve@rival.example"])

    assert [(step.group, step.approvals) for step in found.steps] == [("Finance", 2), ("Admins", 1)]
    assert required("sendEmail", Mode.MANUAL, to=["office@shop.example"]).steps == ()


@pytest.mark.parametrize(("reversible", "days"), [(True, 3), (False, 1)])
def test_what_cannot_be_undone_waits_a_day_at_most(reversible: bool, days: int) -> None:
    facts = Facts("refund", {"amount": 1}, Role.ADMIN, is_reversible=reversible)

    found = requirements_of(Proposed(Mode.MANUAL, facts), approvals)

    assert found.time_to_decide == timedelta(days=days)


@pytest.mark.parametrize(
    ("action", "mode"), [("sendEmail", Mode.MANUAL), ("refund", Mode.ADMIN_ONLY)]
)
def test_nobody_undoes_alone_and_refunds_only_with_an_admin(action: str, mode: Mode) -> None:
    facts = Facts(action, {}, Role.ADMIN, is_reversible=True)

    found = requirements_of(Proposed(Mode.AUTO, facts), approvals.of_rollbacks)

    assert (found.mode, found.two_person) == (mode, True)


def test_the_page_lists_every_allowed_move() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)

    assert rows == [(before.value, after.value) for before, after in ALLOWED_MOVES]

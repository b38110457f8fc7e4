"""Who may have what undone, at once or after an approval, and what they are told before."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.cards.undoing import undo_of
from approvals.deciding.standing import may_undo_at
from approvals.enums import Kind, Mode, Status
from approvals.models import ActionRequest
from approvals.policies import Place
from approvals.rules.groups import Group, Step
from approvals.rules.requirements import rollback_requirements
from approvals.rules.tightening import Rule
from approvals.rules.windows import Dated, Freeze
from atlas.accounts.models import User
from atlas.accounts.roles import Role

BOTH = (False, True)
GROUPS = (Group("Leads", ("cleo",)), Group("Board", ("zoe",)))
RULES = {
    "none": (),
    "of others": (Rule("other", actions=("mail",), mode=Mode.ADMIN_ONLY),),
    "of viewers": (Rule("other", roles=frozenset({Role.VIEWER}), two_person=True),),
    "another": (Rule("another", two_person=True),),
    "admin": (Rule("admin", mode=Mode.ADMIN_ONLY),),
    "several": (Rule("several", approvals=2),),
    "groups": (Rule("groups", steps=(Step("Leads"), Step("Board"))),),
    "times": (Rule("times", time_to_decide=timedelta(hours=1)),),
    "auto": (Rule("auto", mode=Mode.AUTO),),
}
NEEDS = {
    "another": (Mode.MANUAL, True, 1),
    "admin": (Mode.ADMIN_ONLY, False, 1),
    "several": (Mode.MANUAL, False, 2),
    "groups": (Mode.MANUAL, False, 2),
}


def done(mode, **changes):
    """What was done, as it is stored."""
    values = {
        "status": Status.EXECUTED,
        "kind": Kind.ACTION,
        "action": "note",
        "mode": mode,
        "contract": {"reversible": True},
        "payload": '{"action": "note", "arguments": {"title": "Chai"}, "attachments": []}',
        "result": {"ticket_id": "T-1"},
    }
    return ActionRequest(pk=1, **{**values, **changes})


def may_ask(mode, role, place):
    """The rule once more: who could decide it; of what a policy decided, who takes part."""
    if role is Role.VIEWER:
        return False
    if mode is Mode.ADMIN_ONLY:
        return role is Role.ADMIN and not place.is_requester
    return place.is_participant


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mode", Mode)
def test_who_may_ask_and_what_that_needs(policy, mode, role, name):
    policy(rollbacks=RULES[name], groups=GROUPS)
    request, person = done(mode), User(role=role)

    for is_participant, is_requester in itertools.product(BOTH, BOTH):
        place = Place(is_participant, is_requester, other_admin_exists=True)
        assert may_undo_at(place, request, person) is may_ask(mode, role, place), place
    found = rollback_requirements(request, role)
    is_for_viewers = name == "of viewers" and role is Role.VIEWER
    needs = (Mode.MANUAL, True, 1) if is_for_viewers else NEEDS.get(name, (Mode.AUTO, False, 1))
    assert (found.mode, found.two_person, found.approvals) == needs


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": {"reversible": False}},
        {"contract": {}},
        {"kind": Kind.ROLLBACK},
        *({"status": status} for status in sorted(set(Status) - {Status.EXECUTED})),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_what_was_not_done_or_cannot_be_undone_is_nobodys_to_undo(mode, changes):
    place = Place(is_participant=True, is_requester=False, other_admin_exists=True)

    assert may_undo_at(place, done(mode, **changes), User(role=Role.ADMIN)) is False


TAKES_BACK = "It takes back: Ticket ID: T-1."
AFTER = "It begins only after an approval of its own: "


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("none", ()),
        ("another", (f"{AFTER}by somebody in the conversation; by somebody else than you.",)),
        ("admin", (f"{AFTER}admin only.",)),
        ("several", (f"{AFTER}by somebody in the conversation; 2 approvals.",)),
        ("groups", (f"{AFTER}Leads (1), then Board (1).",)),
    ],
)
@pytest.mark.parametrize("is_frozen", BOTH)
def test_what_is_said_before_something_is_undone(policy, name, needed, is_frozen):
    now = timezone.now()
    begins, ends = (f"{now + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (-24, 24))
    freezes = (Freeze("Stocktaking", Dated(begins, ends, "UTC")),) if is_frozen else ()
    policy(rollbacks=RULES[name], groups=GROUPS, freezes=freezes)
    request = done(Mode.MANUAL)
    frozen = (f"“Stocktaking” lets nothing be undone before {ends} (UTC).",) if is_frozen else ()

    undo = undo_of(request, rollback_requirements(request, Role.ANALYST), now)

    is_refused = is_frozen and not needed
    assert undo.is_frozen is is_refused
    assert undo.notes == (frozen if is_refused else (TAKES_BACK, *needed, *frozen))


def test_what_gave_nothing_back_has_nothing_to_say(policy):
    request = done(Mode.MANUAL, result={})

    required = rollback_requirements(request, Role.ANALYST)
    assert undo_of(request, required, timezone.now()).notes == ()

"""Allow rules through their door: who makes them, what passes by them, and when they end."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from approvals.allow_rules import allowing
from approvals.allow_rules.allowing import RuleDraft
from approvals.allow_rules.models import AllowRule
from approvals.cards.card import render_card
from approvals.cards.sentences import closing_sentence
from approvals.enums import Mode, Status
from approvals.errors import Conflict
from approvals.filing.changing import approve_with_changes
from approvals.filing.payloads import Attachment
from approvals.models import ActionRequest
from approvals.rules.conditions import Condition, Operator
from approvals.rules.tightening import Rule
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.clock import database_now
from atlas.common.errors import BadInput, NotAllowed, NotFound
from tests.approvals.desk import approve, propose, settled, start_run
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CHAI = Condition("title", Operator.IS, "Restock Chai")
MONTH = timedelta(days=30)


def end(span=MONTH):
    return database_now() + span


@pytest.fixture
def source(run_of_ann):
    """The request whose card a rule is made from."""
    return propose(run_of_ann)


@pytest.fixture
def again(source, ann):
    """File the same in another conversation of ann, or something else."""

    def file(action="note", by=ann, **changes):
        return propose(start_run(by), action, **changes)

    return file


def allow(source, by, *conditions, asker=None, span=MONTH, name="Restock tickets"):
    wanted = RuleDraft(name, conditions or (CHAI,), end(span), asker)
    return allowing.make(source, wanted, by=by)


def passes(request):
    return (request.status, request.mode) == (Status.APPROVED, Mode.AUTO)


def test_what_fits_runs_without_a_person_and_names_its_rule(source, again, ada, ann, outside):
    rule = allow(source, ada)

    request = again()

    assert passes(request)
    assert request.policy["allow_rule"] == {"id": rule.pk, "name": rule.name, "by": "ada"}
    settled(run_all())
    request.refresh_from_db()
    assert request.state is Status.EXECUTED
    said = "Approved by the rule “Restock tickets” of ada, and done."
    assert said in render_card(request, ann)
    assert "Done: Create the ticket “Restock Chai”" in closing_sentence(request)
    entries = AuditEntry.objects.filter(subject=f"request {request.pk}").order_by("id")
    assert [entry.event for entry in entries] == [
        AuditEvent.REQUEST_PROPOSED,
        AuditEvent.REQUEST_EXECUTING,
        AuditEvent.REQUEST_EXECUTED,
    ]
    assert all(entry.body["allow_rule"]["id"] == rule.pk for entry in entries)
    # The request it was made from still waits for its own decision.
    source.refresh_from_db()
    assert source.state is Status.PENDING


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Restock Tofu"},
        {"title": "Restock\u200b Chai"},
        {"untrusted": True},
        {"attachments": (Attachment("top.csv", ("a",), ((1,),)),)},
        {"action": "mail"},
        {"action": "ask"},
    ],
    ids=str,
)
def test_what_does_not_fit_waits_for_a_person(source, again, ada, changes):
    allow(source, ada)

    assert again(**changes).status == Status.PENDING


def test_the_card_says_that_data_kept_the_rule_from_deciding(source, again, ada, ann):
    allow(source, ada)

    card = render_card(again(untrusted=True), ann)

    assert "The rule “Restock tickets” does not decide: the agent had read data before." in card


def test_the_card_says_that_attachments_kept_the_rule_from_deciding(source, again, ada, ann):
    allow(source, ada)
    table = Attachment("top.csv", ("a",), ((1,),))

    card = render_card(again(attachments=(table,)), ann)

    assert "The rule “Restock tickets” does not decide on attachments." in card


def test_an_action_may_not_mind_what_the_agent_had_read(desk, source, again, ada):
    desk(allow_auto_after_untrusted=True)
    allow(source, ada)

    assert passes(again(untrusted=True))


def test_a_rule_may_be_for_one_person(source, again, ada, ann, bob):
    allow(source, ada, asker=ann)

    assert passes(again())
    assert again(by=bob).status == Status.PENDING


def test_a_rule_for_somebody_who_was_deleted_is_for_nobody(source, again, ada, ann, bob):
    rule = allow(source, ada, asker=bob)
    User.objects.filter(pk=bob.pk).delete()

    rule.refresh_from_db()
    assert (rule.asker, rule.is_for_all) == (None, False)
    assert again().status == Status.PENDING


@pytest.mark.parametrize(
    "policy_change",
    [
        {"modes": {"note": Mode.MANUAL}},
        {"modes": {"note": Mode.ADMIN_ONLY}},
        {"rules": (Rule("two", two_person=True),)},
        {"rules": (Rule("two", approvals=2),)},
    ],
    ids=["manual", "admin-only", "two people", "two approvals"],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_the_policy_of_the_operator_stands_above(
    source, again, ada, policy, policy_change, is_late, outside
):
    """Also when it becomes stricter after a rule let something pass."""
    allow(source, ada)
    if not is_late:
        policy(**policy_change)
    request = again()
    policy(**policy_change)

    settled(run_all())

    request.refresh_from_db()
    assert request.state is (Status.LAPSED if is_late else Status.PENDING)
    assert outside.journal == []


@pytest.mark.parametrize("how", ["revoked", "over", "demoted", "left", "deleted"])
@pytest.mark.parametrize("is_late", [False, True])
def test_a_rule_that_ended_lets_nothing_pass(source, again, ada, abe, how, is_late, outside):
    """Neither what is proposed now, nor what passed before and has not begun."""
    rule = allow(source, ada)
    late = again() if is_late else None
    people = User.objects.filter(pk=ada.pk)
    match how:
        case "revoked":
            allowing.revoke(rule.pk, by=abe)
        case "over":
            over(rule)
        case "demoted":
            people.update(role=Role.ANALYST, is_staff=False)
        case "left":
            people.update(is_active=False)
        case "deleted":
            people.delete()

    assert again(call="call-2").status == Status.PENDING
    settled(run_all())

    assert outside.journal == []
    if late is not None:
        late.refresh_from_db()
        assert (late.state, late.error_code) == (Status.LAPSED, "rule_ended")


def over(rule):
    """Let the end of a rule come, past the wall that keeps rules from being changed."""
    table = "ALTER TABLE approvals_allowrule"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"{table} DISABLE TRIGGER guard_allow_rule")
        cursor.execute(
            "UPDATE approvals_allowrule SET made_at = made_at - interval '1 year', "
            "ends_at = statement_timestamp() WHERE id = %s",
            [rule.pk],
        )
        cursor.execute(f"{table} ENABLE TRIGGER guard_allow_rule")


def test_another_rule_does_not_stand_in_for_the_one_that_is_named(source, again, ada, outside):
    first = allow(source, ada)
    request = again()
    allow(source, ada, name="The same again")
    allowing.revoke(first.pk, by=ada)

    settled(run_all())

    request.refresh_from_db()
    assert (request.state, outside.journal) == (Status.LAPSED, [])


def test_a_changed_request_is_not_handed_to_a_rule(source, ada, bob, main_loop):
    allow(source, ada, Condition("title", Operator.IS, "Restock Tofu"))
    arguments = {**source.arguments, "title": "Restock Tofu"}

    new = settled(
        approve_with_changes(
            source.pk, by=bob, payload_hash=source.payload_hash, arguments=arguments
        )
    )

    assert (new.mode, new.allow_rule_id, new.decided_by) == (Mode.MANUAL, None, bob)


@pytest.mark.parametrize("name", ["ann", "bob", "vic"])
def test_only_admins_allow_in_advance(request, source, ada, name):
    person = request.getfixturevalue(name)
    rule = allow(source, ada)

    for attempt in (
        lambda: allow(source, person),
        lambda: allowing.change(rule.pk, source, RuleDraft("x", (CHAI,), end()), by=person),
        lambda: allowing.revoke(rule.pk, by=person),
    ):
        with pytest.raises(NotAllowed, match="Only an admin"):
            attempt()
    assert AllowRule.objects.get().revoked_at is None


def test_an_admin_who_is_none_any_more_allows_nothing(source, ada):
    User.objects.filter(pk=ada.pk).update(role=Role.ANALYST, is_staff=False)

    with pytest.raises(NotAllowed):
        allow(source, ada)


def test_a_key_without_the_right_to_decide_allows_nothing(source, ada):
    ada.scopes = frozenset()

    with pytest.raises(NotAllowed):
        allow(source, ada)


@pytest.mark.parametrize("action", ["mail", "ping"])
def test_no_rule_is_made_for_what_none_may_decide(source, again, ada, action):
    with pytest.raises(Conflict, match="No rule may decide"):
        allow(again(action), ada)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "  "}, "a name"),
        ({"name": "x" * 121}, "a name"),
        ({"conditions": ()}, "at least one value"),
        ({"span": timedelta(0)}, "still to come"),
        ({"span": timedelta(days=367)}, "within a year"),
    ],
)
def test_a_rule_is_narrow_and_ends(source, ada, changes, sentence):
    usual = {"name": "Restock", "conditions": (CHAI,), "span": MONTH}
    said = {**usual, **changes}
    with pytest.raises(BadInput, match=sentence):
        allowing.make(
            source, RuleDraft(said["name"], said["conditions"], end(said["span"])), by=ada
        )


def test_a_changed_rule_is_a_new_one_that_replaces_the_old(source, again, ada, abe):
    old = allow(source, ada)
    tofu = RuleDraft("Tofu", (Condition("title", Operator.IS, "Restock Tofu"),), end())

    new = allowing.change(old.pk, source, tofu, by=abe)

    old.refresh_from_db()
    assert (new.replaces, old.revoked_by_name, new.made_by) == (old, "abe", abe)
    assert again().status == Status.PENDING
    assert again(title="Restock Tofu", call="call-2").policy["allow_rule"]["id"] == new.pk
    with pytest.raises(Conflict, match="revoked already"):
        allowing.change(old.pk, source, tofu, by=abe)


def test_every_step_is_on_record(source, ada, abe):
    first = allow(source, ada)
    second = allowing.change(first.pk, source, RuleDraft("Two", (CHAI,), end()), by=abe)
    allowing.revoke(second.pk, by=ada)
    allowing.revoke(second.pk, by=ada)

    entries = AuditEntry.objects.filter(event__startswith="allow_rule").order_by("id")
    assert [(entry.event, entry.actor_name, entry.body["name"]) for entry in entries] == [
        (AuditEvent.ALLOW_RULE_MADE, "ada", "Restock tickets"),
        (AuditEvent.ALLOW_RULE_CHANGED, "abe", "Two"),
        (AuditEvent.ALLOW_RULE_REVOKED, "ada", "Two"),
    ]
    assert entries[1].body["replaces"] == first.pk


def test_the_log_names_people_only_where_they_can_be_erased(source, ada, ann, again):
    rule = allow(source, ada, asker=ann)
    request = again(call="call-2")
    assert request.allow_rule_id == rule.pk

    bodies = AuditEntry.objects.order_by("id").values_list("body", flat=True)
    passed = bodies.filter(body__has_key="allow_rule").first()
    made = bodies.filter(body__has_key="asker").first()
    assert passed["allow_rule"] == {"id": rule.pk, "name": rule.name}
    assert (made["asker"], made["is_for_all"]) == (ann.pk, False)


def test_who_revokes_what_is_not_there_is_told(ada):
    with pytest.raises(NotFound):
        allowing.revoke(1, by=ada)


@pytest.mark.parametrize(
    "change",
    [
        "name = 'Other'",
        "conditions = '[]'",
        "is_for_all = NOT is_for_all",
        "ends_at = ends_at + interval '1 year'",
        "made_by_id = NULL, made_by_name = 'bob'",
        "fingerprint = 'f2'",
        "revoked_at = NULL",
    ],
)
def test_the_database_lets_nobody_change_a_rule(source, ada, change):
    rule = allow(source, ada)
    allowing.revoke(rule.pk, by=ada)

    with (
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE approvals_allowrule SET {change} WHERE id = %s", [rule.pk])


def test_approving_by_hand_stays_possible_beside_a_rule(source, ada, bob):
    allow(source, ada, Condition("title", Operator.IS, "Something else"))

    assert approve(source, bob).decided_by == bob
    assert ActionRequest.objects.get().allow_rule_id is None

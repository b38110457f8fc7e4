"""The editor that a card fills, the list of rules, and what others than admins get."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from approvals.allow_rules.models import AllowRule
from approvals.enums import Mode, Status
from approvals.rules.tightening import Rule
from tests.approvals.desk import approve, propose, start_run
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db

RULES = "/approvals/rules/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def source(run_of_ann, ada, bob):
    """A request of ann's conversation, in which ada takes part as well."""
    return propose(start_run(run_of_ann.asked_by, bob, ada), body="Soon,\nplease")


def filled(source, **changes):
    """What the browser posts when the editor is sent as the card fills it."""
    usual = {
        "request": source.pk,
        "name": "Restock tickets",
        "who": "one",
        "ends_on": timezone.localdate() + dt.timedelta(days=30),
        "how-title": "is",
        "what-title": "Restock Chai",
        "how-body": "any",
        "what-body": "",
        "how-priority": "not given",
        "do": "save",
    }
    return {**usual, **changes}


def test_the_editor_is_filled_from_the_card(source, ada):
    page = text_of(client_of(ada).get(f"{RULES}new/", {"request": source.pk}))

    assert "“Create ticket”, asked by ann, runs without a decision until" in page
    assert "<li>Title is “Restock Chai”</li><li>Priority is not given</li>" in page
    assert "May be anything: Body." in page
    assert "Nobody has decided anything of this kind in the past 30 days." in page
    assert "This request itself still waits for its own decision." in page


def test_it_shows_what_the_rule_would_have_done(source, ada, bob):
    approve(source, bob)

    page = text_of(client_of(ada).get(f"{RULES}new/", {"request": source.pk}))

    assert "it would have passed 1 of 1 decision." in page
    assert f'<a href="/approvals/{source.pk}/">Request {source.pk}</a>' in page


def test_while_somebody_types_the_rule_is_told_anew(source, ada):
    client = client_of(ada)
    changed = filled(
        source, do="", name="", **{"how-title": "ends with", "what-title": " Chai", "who": "all"}
    )

    answer = client.post(f"{RULES}new/", changed, headers={"HX-Request": "true"})

    page = text_of(answer)
    assert page.startswith('<section id="allow-check"')
    assert "asked by anybody" in page
    assert "<li>Title ends with “Chai”</li>" in page
    assert not AllowRule.objects.exists()


def test_only_the_form_itself_saves_never_the_look_while_typing(source, ada):
    """A browser names the last button in the posts that it makes for changes, too."""
    client_of(ada).post(f"{RULES}new/", filled(source), headers={"HX-Request": "true"})

    assert not AllowRule.objects.exists()


def test_a_double_click_makes_one_rule(source, ada):
    client = client_of(ada)

    for _ in range(2):
        assert client.post(f"{RULES}new/", filled(source)).status_code == 302

    assert AllowRule.objects.count() == 1


def test_a_rule_is_saved_listed_and_used(source, ada, ann):
    client = client_of(ada)

    answer = client.post(f"{RULES}new/", filled(source), follow=True)

    rule = AllowRule.objects.get()
    assert answer.redirect_chain == [(f"{RULES}#rule-{rule.pk}", 302)]
    assert (rule.made_by, rule.asker, rule.made_from) == (ada, ann, source)
    assert [condition["field"] for condition in rule.conditions] == ["title", "priority"]
    assert timezone.localtime(rule.ends_at).time() == dt.time()
    request = propose(start_run(ann))
    assert (request.status, request.mode) == (Status.APPROVED, Mode.AUTO)
    page = text_of(client.get(RULES))
    assert "Restock tickets" in page
    assert "passed 1 request, the last one just now" in strip_tags(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "This field is required."),
        ({"what-title": " "}, "Say what it has to be."),
        ({"how-title": "any", "how-priority": "any"}, "Say for at least one value"),
        ({"ends_on": "2020-01-01"}, "within a year"),
        ({"ends_on": "9999-12-31"}, "within a year"),
        ({"ends_on": "tomorrow"}, "Enter a valid date."),
        ({"how-title": "matches"}, "is not one of the available choices"),
        ({"who": "carl"}, "is not one of the available choices"),
    ],
)
def test_what_cannot_be_a_rule_is_said_and_nothing_is_lost(source, ada, changes, said):
    answer = client_of(ada).post(f"{RULES}new/", filled(source, **changes))

    assert answer.status_code == 400
    page = text_of(answer)
    assert said in page
    assert 'value="Restock tickets"' in page or "name" in changes
    assert not AllowRule.objects.exists()


def test_a_rule_is_changed_by_replacing_it(source, ada):
    client = client_of(ada)
    client.post(f"{RULES}new/", filled(source))
    rule = AllowRule.objects.get()

    page = text_of(client.get(f"{RULES}{rule.pk}/"))
    assert 'value="Restock tickets"' in page
    assert "<li>Title is “Restock Chai”</li><li>Priority is not given</li>" in page
    one_of = {"how-title": "one of", "what-title": "Restock Chai\r\nRestock Tofu\r\n"}
    client.post(f"{RULES}{rule.pk}/", filled(source, who="all", **one_of))

    rule.refresh_from_db()
    new = AllowRule.objects.get(revoked_at=None)
    assert (rule.revoked_by_name, new.replaces) == ("ada", rule)
    assert new.conditions[0]["value"] == ["Restock Chai", "Restock Tofu"]
    assert new.is_for_all
    assert "Replaced by ada." in text_of(client.get(RULES))
    assert client.get(f"{RULES}{rule.pk}/").status_code == 404


def test_a_rule_is_revoked_with_one_press(source, ada):
    client = client_of(ada)
    client.post(f"{RULES}new/", filled(source))
    rule = AllowRule.objects.get()

    page = text_of(client.post(f"{RULES}{rule.pk}/revoke/", follow=True))

    assert "Revoked by ada." in page
    assert "No rule is in force" in page
    assert client.post(f"{RULES}{rule.pk}/revoke/").status_code == 302
    assert client.get(f"{RULES}{rule.pk}/revoke/").status_code == 405


@pytest.mark.parametrize("name", ["ann", "bob", "vic"])
def test_others_can_do_nothing_of_it(request, source, ada, name):
    client_of(ada).post(f"{RULES}new/", filled(source))
    rule = AllowRule.objects.get()
    client = client_of(request.getfixturevalue(name))

    assert client.get(RULES).status_code == 403
    assert client.get(f"{RULES}new/", {"request": source.pk}).status_code == 403
    assert client.post(f"{RULES}new/", filled(source)).status_code == 403
    assert client.post(f"{RULES}{rule.pk}/", filled(source)).status_code == 403
    assert client.post(f"{RULES}{rule.pk}/revoke/").status_code == 403
    assert AllowRule.objects.get().revoked_at is None


def test_only_admins_find_the_way_on_the_card(source, ada, bob):
    way = f"{RULES}new/?request={source.pk}"

    assert way in client_of(ada).get(f"/approvals/{source.pk}/").content.decode()
    assert way not in client_of(bob).get(f"/approvals/{source.pk}/").content.decode()
    approve(source, bob)
    assert way in client_of(ada).get(f"/approvals/{source.pk}/").content.decode()


@pytest.mark.parametrize(
    ("action", "policy_change", "said"),
    [
        ("mail", {}, "Only an admin decides this, each time anew."),
        ("ping", {}, "No person decided this, so there is nothing to allow."),
        ("note", {"rules": (Rule("two", approvals=2),)}, "wants several people"),
        ("note", {"modes": {"note": Mode.MANUAL}}, "wants a person to look"),
    ],
)
def test_the_editor_says_where_no_rule_may_decide(
    run_of_ann, policy, ada, ann, action, policy_change, said
):
    policy(**policy_change)
    request = propose(start_run(ann, ada), action)

    page = text_of(client_of(ada).get(f"{RULES}new/", {"request": request.pk}))

    assert "No rule may decide requests like this one." in page
    assert said in page
    assert 'id="allow-form"' not in page


@pytest.mark.parametrize("number", ["", "x", "999999"])
def test_without_a_card_there_is_no_editor(ada, number):
    assert client_of(ada).get(f"{RULES}new/", {"request": number}).status_code == 404


def test_a_card_that_the_admin_may_not_see_fills_nothing(run_of_ann, ada):
    request = propose(run_of_ann)

    assert client_of(ada).get(f"{RULES}new/", {"request": request.pk}).status_code == 404


def test_an_admin_who_may_not_open_the_card_reads_no_more_of_it_in_the_editor(source, ada, abe):
    client_of(ada).post(f"{RULES}new/", filled(source))
    rule = AllowRule.objects.get()
    client = client_of(abe)
    assert client.get(f"/approvals/{source.pk}/").status_code == 404

    page = text_of(client.get(f"{RULES}{rule.pk}/"))
    posted = client.post(f"{RULES}{rule.pk}/", filled(source, name="Mine"))

    assert "You may not open the card that this rule was made of" in page
    assert "Soon, please" not in page + text_of(posted)
    assert AllowRule.objects.get() == rule

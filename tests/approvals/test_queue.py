"""What the approvals page lists, and that its price does not grow with its length."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.cards.card import Around, cards_for, render_card
from approvals.deciding.deciders import deciders_of
from approvals.enums import Status
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from approvals.pages.queue import Listed, newer_in_queue, queue_of
from approvals.rules.tightening import Rule
from approvals.rules.windows import Dated, Freeze
from tests.approvals.desk import propose, reject, start_run
from tests.approvals.states import put_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(ann, bob, vic, ada, django_user_model):
    """ann asks, bob takes part, vic reads; ada is an admin elsewhere, eve is nobody here."""
    eve = django_user_model.objects.create_user("eve", role="analyst")
    return {"ann": ann, "bob": bob, "vic": vic, "ada": ada, "eve": eve}


def queries_of(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_what_can_be_undone_costs_no_more_queries_the_longer_the_list(
    people, run_of_ann, ann, bob, desk, policy
):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    freeze = Freeze("Once", Dated("2020-01-01 00:00", "2020-01-02 00:00", "UTC"))
    policy(rollbacks=(Rule("Another looks", two_person=True),), freezes=(freeze,))

    def cost(first, last):
        for number in range(first, last):
            request = put_at(propose(run_of_ann, call=f"a-{number}"), Status.EXECUTED)
            if number % 2:
                roll_back(request.pk, by=bob, payload_hash=request.payload_hash)
        rows = list(ActionRequest.objects.visible_to(ann))
        with CaptureQueriesContext(connection) as queries:
            cards = cards_for(rows, ann)
        assert sum(card.may_undo for card in cards.values()) == last // 2
        return len(queries)

    assert cost(0, 4) == cost(4, 12)


@pytest.mark.parametrize("name", ["ann", "ada"])
def test_a_long_queue_needs_no_more_queries_than_a_short_one(
    client, people, run_of_ann, ann, bob, name
):
    client.force_login(people[name])
    for number in range(2):
        propose(run_of_ann, "note", call=f"a-{number}")
        propose(run_of_ann, "mail", call=f"b-{number}")
    few = queries_of(client, "/approvals/?filter=all")
    for number in range(2, 9):
        propose(start_run(ann, bob), "note", call=f"a-{number}")
        propose(run_of_ann, "mail", call=f"b-{number}")

    assert queries_of(client, "/approvals/?filter=all") == few


def test_cards_are_collected_in_at_most_eight_queries(
    people, run_of_ann, django_assert_max_num_queries
):
    for number in range(4):
        propose(run_of_ann, ["note", "mail"][number % 2], call=f"call-{number}")
    requests = list(ActionRequest.objects.all())

    with django_assert_max_num_queries(8):
        cards = cards_for(requests, people["ada"])

    assert {pk: card.verdict.allowed for pk, card in cards.items()} == {
        one.pk: one.action == "mail" for one in requests
    }


def test_who_may_not_decide_is_not_waited_for(policy, people, run_of_ann):
    policy(rules=(Rule("two", two_person=True),))
    note = propose(run_of_ann)

    assert deciders_of([note]) == {note.pk: ["bob"]}


def test_headings_go_down_in_steps_of_one(client, run_of_ann, ann):
    request = propose(run_of_ann)
    client.force_login(ann)

    for path in ("/approvals/", f"/approvals/{request.pk}/"):
        page = client.get(path).content.decode()
        levels = [int(level) for level in re.findall(r"<h(\d)", page)]
        assert levels[:2] == [1, 2]
        assert set(levels[2:]) <= {2}


def test_only_elsewhere_a_card_leads_to_its_conversation(run_of_ann, ann):
    request = propose(run_of_ann)

    elsewhere = render_card(request, ann)
    at_home = render_card(request, ann, Around(conversation_id=request.conversation_id))

    assert ("Open the conversation" in elsewhere, "Open the conversation" in at_home) == (
        True,
        False,
    )
    assert ("<h2" in elsewhere, "<h3" in at_home) == (True, True)


def test_a_card_posted_from_its_conversation_is_drawn_as_it_stood(client, run_of_ann, ann):
    request = propose(run_of_ann)
    client.force_login(ann)

    answer = client.post(
        f"/approvals/{request.pk}/withdraw/",
        {"payload_hash": request.payload_hash, "home": str(request.conversation_id)},
        headers={"HX-Request": "true"},
    )

    assert "Open the conversation" not in answer.content.decode()


def test_what_came_later_is_told_oldest_first(people, run_of_ann, ann):
    first, second, third = (propose(run_of_ann, call=f"call-{n}") for n in range(3))
    reject(second, ann)

    assert newer_in_queue(ann, Listed.PENDING, 0) == [first.pk, third.pk]
    assert newer_in_queue(ann, Listed.ALL, first.pk) == [second.pk, third.pk]
    assert newer_in_queue(people["eve"], Listed.ALL, 0) == []
    assert list(queue_of(ann, Listed.ALL)) == [third, second, first]


def waiting_on(client, path):
    """The count beside the tab: what it says and whether it is seen; None without one."""
    found = re.search(
        r'<span id="approvals-waiting"\s+class="count"( hidden)?>(\d+)<',
        client.get(path).content.decode(),
    )
    return found and (int(found[2]), not found[1])


@pytest.mark.parametrize(
    ("path", "waits_nothing", "waits_one"),
    [
        ("/approvals/", (0, False), (1, True)),
        ("/approvals/?filter=all", (0, False), (1, True)),
        # Nothing keeps it up to date there; the top of the page counts for all of them.
        ("/approvals/history/", None, None),
        ("/approvals/statistics/", None, None),
        ("/approvals/rules/", None, None),
    ],
)
def test_a_count_that_is_zero_or_would_go_stale_is_not_shown(
    client, run_of_ann, people, path, waits_nothing, waits_one
):
    client.force_login(people["ada"])
    assert waiting_on(client, path) == waits_nothing

    propose(run_of_ann, "mail")

    assert waiting_on(client, path) == waits_one

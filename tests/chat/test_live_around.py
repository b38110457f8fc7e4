"""What changes around a conversation while its page is open, or while its socket was away."""

import pytest
from django.test import Client

from approvals import halting
from approvals.cards import comments
from approvals.cards.card import render_card
from approvals.policies import Policy
from approvals.rules import installed
from approvals.rules.tightening import Rule
from atlas.common.db import in_db
from atlas.conversations import participants
from tests.approvals.desk import Outside, approve, propose, start_run
from tests.chat.sockets import Browser, running
from tests.hosted import host

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def policy_of_two():
    installed.install(Policy(rules=(Rule("two people", approvals=2),)))
    yield
    installed.install(Policy())


def page_of(user, path):
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def filed(owner, *others, **changes):
    host(Outside().plugin())
    return propose(start_run(owner, *others), **changes)


async def test_a_comment_made_while_the_socket_was_away_is_shown(ann, bob):
    request = await in_db(filed, ann, bob)
    html = await in_db(page_of, bob, "/approvals/")
    await in_db(lambda: comments.comment(request.pk, by=ann, text="Please wait"))

    async with running(), Browser(bob, html) as browser:
        await browser.until(lambda b: "Please wait" in b.find(f"request-{request.pk}").text)


async def test_a_vote_given_while_the_socket_was_away_is_shown(ann, bob, policy_of_two):
    request = await in_db(filed, ann, bob)
    html = await in_db(page_of, bob, "/approvals/")
    assert "0 of 2 approvals" in html
    await in_db(approve, request, ann)

    async with running(), Browser(bob, html) as browser:
        card = f"request-{request.pk}"
        await browser.until(lambda b: "1 of 2 approvals: ann" in b.find(card).text)


async def test_a_card_that_is_still_as_it_was_is_left_alone(ann, bob, ada):
    request = await in_db(filed, ann, bob)
    html = await in_db(page_of, bob, "/approvals/")

    async with running(), Browser(bob, html) as browser:
        seen = []
        await in_db(lambda: halting.halt(by=ada, reason="Look"))
        while "Look" not in "".join(seen):
            seen.append(await browser.socket.message())
    assert not any(f'id="request-{request.pk}"' in message for message in seen)


async def test_a_stop_order_is_shown_and_taken_away_by_itself(ann, ada):
    html = await in_db(page_of, ann, "/approvals/")
    async with running(), Browser(ann, html) as browser:
        assert browser.find("halt").text.strip() == ""
        await in_db(lambda: halting.halt(by=ada, reason="Wrong prices"))
        await browser.until(lambda b: "Wrong prices" in b.find("halt").text)
        assert "Open the order" not in browser.find("halt").text

        await in_db(lambda: halting.lift(by=ada))
        await browser.until(lambda b: b.find("halt").text.strip() == "")


async def test_who_may_not_ask_any_more_loses_the_composer(ann, bob):
    run = await in_db(start_run, ann, bob)
    html = await in_db(page_of, bob, f"/c/{run.conversation_id}/")
    assert 'id="question-form"' in html
    await in_db(_let, run, ann, bob, may_write=False)

    async with running(), Browser(bob, html) as browser:
        await browser.until(lambda b: "You can read here." in b.find("composer").text)
        assert browser.page.find("question-form") is None


async def test_who_may_ask_now_is_told(ann, bob):
    run = await in_db(lambda: start_run(ann, readers=[bob]))
    html = await in_db(page_of, bob, f"/c/{run.conversation_id}/")
    await in_db(_let, run, ann, bob, may_write=True)

    async with running(), Browser(bob, html) as browser:
        await browser.until(lambda b: "You can ask here now." in b.find("composer").text)


async def test_a_page_hears_who_comes_to_its_own_conversation_alone(ann, bob, ada):
    run, other = await in_db(start_run, ann), await in_db(start_run, ann)
    html = await in_db(page_of, ann, f"/c/{run.conversation_id}/")

    async with running(), Browser(ann, html) as browser:
        await in_db(_let, other, ann, ada, may_write=False)
        await in_db(_let, run, ann, bob, may_write=False)
        seen = []
        while not any('id="people-news"' in message for message in seen):
            seen.append(await browser.socket.message())
    assert sum('id="people-news"' in message for message in seen) == 1


async def test_a_card_names_who_came_to_the_conversation(ann, bob):
    request = await in_db(filed, ann)
    html = await in_db(page_of, ann, f"/c/{request.conversation_id}/")
    drawn = await in_db(render_card, request, ann)

    async with running(), Browser(ann, html.replace("</main>", f"{drawn}</main>")) as browser:
        card = f"request-{request.pk}"
        assert "Waiting for: ann." in browser.find(card).text
        await in_db(_let, request, ann, bob, may_write=True)
        await browser.until(lambda b: "Waiting for: ann or bob." in b.find(card).text)


def _let(run, owner, person, *, may_write):
    """Change the right; who has it changed comes back with a socket of a later epoch."""
    username = person.username
    participants.add(run.conversation_id, by=owner, username=username, may_write=may_write)
    person.refresh_from_db()

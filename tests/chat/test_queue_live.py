"""Promises of the approvals page while it is open: what is filed elsewhere appears by itself."""

import pytest
from django.test import Client

from approvals import services
from atlas.common.db import in_db
from tests.approvals.desk import Outside, propose, start_run
from tests.chat.sockets import Browser, running
from tests.hosted import host

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(user, query=""):
    client = Client()
    client.force_login(user)
    return client.get(f"/approvals/{query}").content.decode()


def filed(owner, *others, action="note", call="call-1"):
    host(Outside().plugin())
    return propose(start_run(owner, *others), action, call=call)


def cards_on(browser):
    return [node.attributes["id"] for node in browser.page.walk() if node.tag == "article"]


async def test_a_request_of_another_person_appears_on_top(ann, bob, ada):
    old = await in_db(filed, ann, bob)
    async with running(), Browser(bob, await in_db(page_of, bob)) as browser:
        new = await in_db(filed, ann, bob)
        await in_db(filed, ann, action="mail")

        await browser.until(lambda b: len(cards_on(b)) == 2)
        await browser.until(lambda b: b.find("approvals-waiting").text == "2")
        assert cards_on(browser) == [f"request-{new.pk}", f"request-{old.pk}"]


async def test_what_was_filed_before_the_socket_opened_is_not_missed(ann, bob):
    html = await in_db(page_of, bob)
    request = await in_db(filed, ann, bob)

    async with running(), Browser(bob, html) as browser:
        await browser.until(lambda b: cards_on(b) == [f"request-{request.pk}"])


async def test_a_decided_card_stays_where_it_is(ann, bob):
    request = await in_db(filed, ann, bob)
    async with running(), Browser(bob, await in_db(page_of, bob)) as browser:
        await in_db(services.withdraw, request.pk, by=ann)

        await browser.until(
            lambda b: b.find(f"request-{request.pk}").attributes["data-status"] == "withdrawn"
        )


async def test_later_pages_stay_as_they_are(ann, bob):
    for number in range(21):
        await in_db(filed, ann, bob, call=f"call-{number}")
    html = await in_db(page_of, bob, "?page=2")
    async with running(), Browser(bob, html) as browser:
        await browser.until(lambda b: "21" in b.find("approvals-count").text)

        await in_db(filed, ann, bob)

        await browser.until(lambda b: "22" in b.find("approvals-count").text)
        assert len(cards_on(browser)) == 1

"""Promises to people who open the demo in a browser: answers, refusals, approvals, admin."""

import email
import re
from email import policy

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Demo, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

QUESTIONS = [
    "What was our revenue by month this year?",
    "Top 5 products by revenue last quarter",
    "How many orders were late, by shipper?",
    "Which customers in Germany ordered most?",
]
MAIL = "Send an email to sales@example.com with the top 5 products by revenue"
PAGES = ["/", "/approvals/", "/accounts/profile/", "/demo/outbox/"]
ADMIN_PAGES = {
    "/admin/": "Users",
    "/admin/plugins/pluginstate/": "ticket",
    "/admin/accounts/user/": "ann",
    "/admin/accounts/apikey/": "API key",
}


def ask(page: Page, question: str) -> Locator:
    """Ask and return the answer, which may still be on its way."""
    # The words of a page are there before its scripts, which hear the keys and clicks.
    page.wait_for_load_state()
    expect(page.locator("#composer-stop form")).to_have_count(0)
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".question").last).to_contain_text(question)
    page.wait_for_load_state()
    return page.locator("article.answer").last


def propose(page: Page, question: str) -> Locator:
    """Ask for an action and return its card, by its id, when nothing more is written."""
    ask(page, question)
    card = page.locator("article.request")
    expect(card).to_have_attribute("data-status", "pending")
    expect(page.locator(".line.working")).to_have_count(0)
    return page.locator(f"#{card.get_attribute('id')}")


def same(card: Locator, page: Page) -> Locator:
    """The card of the same request on another page."""
    return page.locator(f"#{card.get_attribute('id')}")


def conversation_of(page: Page) -> str:
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/"))
    return page.url.partition("#")[0]


def closing(page: Page) -> Locator:
    """The answer after the one that holds the card."""
    return page.locator("article.answer").nth(1).locator(".prose")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_gets_a_sentence_a_result_and_its_sql(visit: Visit, question: str) -> None:
    answer = ask(visit("ann"), question)

    shown = answer.locator("figure.result").locator(".chart svg, table.data").first
    expect(shown).to_be_visible()
    expect(answer.locator(".prose")).to_contain_text(re.compile(r"\d.*\."))
    receipt = answer.locator("details.receipt")
    expect(receipt.locator("summary")).to_contain_text("1 query")
    expect(receipt.locator(".sql code")).to_be_hidden()
    receipt.locator("summary").click()
    expect(receipt.locator(".sql code")).to_be_visible()
    expect(receipt.locator(".sql code")).to_contain_text(re.compile(r"\bSELECT\b"))
    expect(receipt).to_contain_text("glossary read for this answer")


def test_what_the_data_cannot_say_is_refused_with_three_questions_that_work(visit: Visit) -> None:
    page = visit("ann")
    refusal = ask(page, "What is the weather in Paris?").locator(".refuse")

    expect(refusal).to_contain_text("weather")
    expect(page.locator("figure.result")).to_have_count(0)
    offered = refusal.get_by_role("button")
    expect(offered).to_have_count(3)
    questions = offered.all_inner_texts()
    for question in questions:
        answer = ask(page, question)
        expect(answer.locator("figure.result")).to_be_visible()


def test_an_approved_ticket_is_made_and_every_browser_says_so(visit: Visit, demo: Demo) -> None:
    page = visit("ann")
    card = propose(page, "Create a ticket to restock Chai")
    other = visit("ann", conversation_of(page))
    expect(same(card, other)).to_have_attribute("data-status", "pending")
    expect(card).to_contain_text("Waiting for: Ann.")
    assert "Restock Chai" not in demo.ticket_titles()

    card.get_by_role("button", name="Approve and create ticket").click()

    for where in (page, other):
        expect(same(card, where)).to_have_attribute("data-status", "executed")
        expect(same(card, where)).to_contain_text("Approved by Ann, and done.")
        expect(closing(where)).to_contain_text("Done: Create the ticket “Restock Chai”.")
    assert demo.ticket_titles().count("Restock Chai") == 1


def test_a_rejected_ticket_is_not_made_and_the_next_sentence_says_why(
    visit: Visit, demo: Demo
) -> None:
    page = visit("ann")
    card = propose(page, "Create a ticket to restock Chang")

    card.locator("summary", has_text="Reject…").click()
    card.get_by_label("Why do you reject it?").fill("The shelf is full")
    card.get_by_role("button", name="Reject", exact=True).click()

    expect(card).to_have_attribute("data-status", "rejected")
    expect(closing(page)).to_contain_text("Rejected by Ann: “The shelf is full”. Nothing was done")
    expect(page.locator("article.answer")).to_have_count(2)
    assert "Restock Chang" not in demo.ticket_titles()


def test_a_mail_waits_for_an_admin_and_is_sent_once_approved(visit: Visit, demo: Demo) -> None:
    page = visit("ann")
    card = propose(page, MAIL)
    expect(card).to_contain_text("admin only")
    expect(card.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    assert demo.mails() == []

    queue = visit("ada", "/approvals/")
    same(card, queue).get_by_role("button", name=re.compile("^Approve and send")).click()

    expect(card).to_have_attribute("data-status", "executed")
    expect(card).to_contain_text("Approved by Ada, and done.")
    expect(closing(page)).to_contain_text("Done:")
    (sent,) = demo.mails()
    assert "sales@example.com" in email.message_from_string(sent, policy=policy.default)["To"]


def test_a_request_appears_in_an_open_queue(visit: Visit) -> None:
    queue = visit("ada", "/approvals/")
    card = propose(visit("ann"), MAIL)

    expect(same(card, queue)).to_have_attribute("data-status", "pending")
    expect(queue.locator("#approvals-list article").first).to_contain_text("Top 5 products")
    same(card, queue).locator("summary", has_text="Reject…").click()
    same(card, queue).get_by_label("Why do you reject it?").fill("Not this week")
    same(card, queue).get_by_role("button", name="Reject", exact=True).click()

    expect(card).to_have_attribute("data-status", "rejected")


def test_a_conversation_is_not_there_for_strangers(visit: Visit) -> None:
    page = visit("ann")
    ask(page, QUESTIONS[2])
    address = conversation_of(page)

    assert page.request.get(address).status == 200
    assert visit("bob").request.get(address).status == 404


def test_an_admin_sees_the_admin_pages(visit: Visit) -> None:
    page = visit("ada", "/admin/")
    for address, promised in ADMIN_PAGES.items():
        page.goto(address)
        expect(page.locator("#content")).to_contain_text(promised)


def test_pages_have_a_policy_that_they_keep_to(visit: Visit) -> None:
    page = visit("ann")
    for address in PAGES:
        response = page.goto(address)
        assert response
        assert response.status == 200
        assert "unsafe" not in response.headers["content-security-policy"]
        expect(page.locator("h1, h2").first).to_be_visible()

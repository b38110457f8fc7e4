"""Promises about cards in a browser: changes, comments, and what everybody else sees of them."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.test_walkthrough import ask, conversation_of, propose

pytestmark = [pytest.mark.e2e, pytest.mark.processes]


def change(page: Page, card: Locator) -> Locator:
    card.get_by_role("link", name="Change…").click()
    return page.locator("#dialog #change-form")


def test_a_changed_ticket_replaces_the_old_card_in_every_browser(visit: Visit, demo: Demo) -> None:
    page = visit("ann", may_complain=True)
    card = propose(page, "Create a ticket to restock Geitost")
    other = visit("ann", conversation_of(page))
    expect(other.locator("article.request")).to_have_count(1)

    form = change(page, card)
    form.get_by_label("Title").fill(" ")
    form.get_by_label("Body").fill("Ten boxes, please")
    form.get_by_role("button", name="Approve with changes").click()
    expect(form.locator(".errorlist")).to_have_count(1)
    expect(form.get_by_label("Body")).to_have_value("Ten boxes, please")
    form.get_by_label("Title").fill("Restock Geitost by Friday")
    form.get_by_role("button", name="Approve with changes").click()

    for where in (page, other):
        cards = where.locator("article.request")
        expect(cards).to_have_count(2)
        expect(cards.first).to_have_attribute("data-status", "superseded")
        expect(cards.first.get_by_role("link", name="Show the new request")).to_be_visible()
        expect(cards.last).to_have_attribute("data-status", "executed")
        expect(cards.last.locator("del").first).to_have_text("Restock Geitost")
        expect(cards.last.locator("ins").first).to_have_text("Restock Geitost by Friday")
    expect(page.locator("#dialog")).to_be_hidden()
    assert "Restock Geitost by Friday" in demo.ticket_titles()
    assert "Restock Geitost" not in demo.ticket_titles()


def test_what_a_plugin_cannot_do_is_said_and_the_page_of_a_proxy_is_not_shown(visit: Visit) -> None:
    page = visit("ann", may_complain=True)
    form = change(page, propose(page, "Create a ticket to restock Chai"))
    answers = [
        (502, "<html><body>Bad gateway</body></html>"),
        (503, '<form id="change-form"><p class="errorlist">It is not available.</p></form>'),
    ]

    def answer(route: Route) -> None:
        status, body = answers.pop(0)
        route.fulfill(status=status, body=body, content_type="text/html")

    page.route("**/approvals/*/change/", answer)
    for _ in range(2):
        with page.expect_response("**/approvals/*/change/"):
            form.get_by_role("button", name="Approve with changes").click()

    expect(form.locator(".errorlist")).to_have_text("It is not available.")
    expect(page.get_by_text("Bad gateway")).to_have_count(0)


def test_the_change_has_a_page_of_its_own_without_scripts(visit: Visit) -> None:
    page = visit("ann")
    card = propose(page, "Create a ticket to restock Tofu")
    plain = visit("ann", conversation_of(page), java_script_enabled=False)

    plain.get_by_role("link", name="Change…").click()
    plain.get_by_label("Body").fill("Two boxes")
    plain.get_by_role("button", name="Approve with changes").click()

    expect(plain.locator("article.request")).to_have_count(2)
    expect(page.locator("article.request").last).to_have_attribute("data-status", "executed")
    expect(card).to_have_attribute("data-status", "superseded")


def test_a_comment_appears_and_leaves_what_others_type(visit: Visit) -> None:
    page = visit("ann")
    card = propose(page, "Create a ticket to restock Ikura")
    other = visit("ann", conversation_of(page)).locator("article.request")
    other.locator("summary", has_text="Comment").click()
    other.get_by_label("What do you want to say?").fill("I am still typing")

    card.locator("summary", has_text="Comment").click()
    card.get_by_label("What do you want to say?").fill("Is ten enough?")
    card.get_by_role("button", name="Send the comment").click()

    for where in (card, other):
        expect(where.locator(".request-comments li")).to_contain_text("Is ten enough?")
    expect(card.locator("textarea[name=text]")).to_have_value("")
    expect(other.get_by_label("What do you want to say?")).to_have_value("I am still typing")
    card.get_by_role("button", name="Withdraw").click()


def test_an_admin_stops_everything_and_lets_it_go_on(visit: Visit) -> None:
    page = visit("ada", "/admin/approvals/halt/")
    page.get_by_role("link", name="Stop everything…").click()
    page.get_by_label("Why is everything stopped?").fill("Wrong mails go out")
    page.get_by_role("button", name="Stop everything", exact=True).click()
    expect(page.locator("#halt")).to_contain_text("Wrong mails go out")

    asker = visit("ann")
    expect(asker.locator("#halt")).to_contain_text("Ada has stopped all agents.")
    answer = ask(asker, "What was our revenue by month this year?")
    expect(answer.locator(".line")).to_contain_text("Waiting until an admin lifts the order")
    page.get_by_role("link", name="Let everything go on…").click()
    page.get_by_role("button", name="Let everything go on").click()

    expect(answer.locator("figure.result")).to_be_visible()
    expect(asker.locator("#halt")).to_be_hidden()


def test_a_colleague_is_let_in_and_decides(visit: Visit) -> None:
    page = visit("ann", may_complain=True)
    card = propose(page, "Create a ticket to restock Konbu")
    page.locator("#conversation-menu summary").click()
    page.get_by_role("link", name="People…").click()
    people = page.locator("#dialog #people")
    people.get_by_label("User name").fill("nobody")
    people.get_by_label("May").select_option("write")
    people.get_by_role("button", name="Add").click()
    expect(people.locator(".errorlist")).to_contain_text("There is no active person")
    people.get_by_label("User name").fill("bob")
    people.get_by_role("button", name="Add").click()
    expect(people.locator("li")).to_have_count(2)

    colleague = visit("bob", conversation_of(page))
    colleague.get_by_role("button", name="Approve and create ticket").click()
    expect(card).to_have_attribute("data-status", "executed")
    expect(colleague.get_by_role("link", name="2 people")).to_be_visible()


def test_the_queue_works_by_keys_and_decides_what_is_selected(visit: Visit) -> None:
    for product in ("Pavlova", "Chocolade", "Spegesild"):
        propose(visit("ann"), f"Create a ticket to restock {product}")
    page = visit("ann", "/approvals/")
    cards = page.locator("#approvals-list article")
    expect(page.locator("#batch")).to_be_hidden()

    page.keyboard.press("?")
    expect(page.locator("#dialog")).to_contain_text("Keys on this page")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    page.keyboard.press("j")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(cards.nth(0).get_by_role("button", name="Approve and create ticket")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#change-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    page.keyboard.press("r")
    reason = cards.nth(0).get_by_label("Why do you reject it?")
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    expect(cards.nth(1)).to_be_focused()

    page.get_by_label("Why do you reject them?").fill("The shelf is full")
    page.get_by_role("button", name="Reject selected").click()

    expect(page.locator("h1")).to_have_text("2 of 2 requests decided")
    expect(page.locator(".request-rows li").first).to_contain_text("The shelf is full")
    page.get_by_role("link", name="Back to the approvals").click()
    page.wait_for_url("/approvals/")
    for card in cards.all():
        card.get_by_role("button", name="Withdraw").click()
        expect(card).to_have_attribute("data-status", "withdrawn")

"""Promises to everybody: small screens, both themes, the keyboard, and screen readers."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.test_ask import LONG_LIST, TOP_FIVE, TOTAL, answered
from tests.e2e.test_walkthrough import ask

pytestmark = [pytest.mark.e2e, pytest.mark.processes]


ADDRESSES = ("/approvals/", "/approvals/?filter=all", "/accounts/profile/", "/accounts/api-keys/",
             "/accounts/password/", "/demo/outbox/", "/approvals/history/",
             "/approvals/statistics/", "/accounts/away/")  # fmt: skip
# A lock would be given up after two seconds.
SLOW = "CREATE POLICY slow ON orders USING (pg_sleep(600) IS NULL)"


def faults(page: Page) -> list[tuple[str, str]]:
    return [(one["id"], str(one["nodes"][0]["target"])) for one in Axe().run(page)["violations"]]


@contextmanager
def slow_orders(demo: Demo) -> Iterator[None]:
    """While it lasts no query that reads orders comes to an end."""
    with psycopg.connect(demo.database("northwind"), autocommit=True) as connection:
        connection.execute(SLOW)
        connection.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
        try:
            yield
        finally:
            connection.execute("DROP POLICY slow ON orders")
            connection.execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_accessibility_fault(visit: Visit, theme: str) -> None:
    page = visit("ann", color_scheme=theme)
    assert faults(page) == []

    answered(page, TOP_FIVE).locator("details.receipt > summary").click()
    answered(page, "Create a ticket to restock Ikura")
    expect(page.locator("article.request")).to_be_visible()
    assert faults(page) == []

    for address in ADDRESSES:
        page.goto(address)
        assert faults(page) == [], address


def test_pages_of_strangers_have_no_accessibility_fault(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.address)
    page = context.new_page()
    for address in ("/accounts/login/", "/nowhere/"):
        page.goto(address)
        assert faults(page) == [], address
    context.close()


def test_the_first_tab_leads_past_the_header(visit: Visit) -> None:
    page = visit("ann", "/approvals/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_escape_stops_and_the_box_keeps_the_focus(visit: Visit, demo: Demo) -> None:
    page = visit("ann")
    with slow_orders(demo):
        expect(page.get_by_label("Your question")).to_be_focused()
        page.keyboard.type(TOP_FIVE)
        page.keyboard.press("Enter")
        expect(page.locator(".line.working")).to_contain_text("Running query")
        expect(page.get_by_label("Your question")).to_be_focused()

        page.keyboard.press("Escape")

        expect(page.locator(".end")).to_contain_text("Stopped.")
    page.keyboard.type(TOTAL)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_who_has_gone_elsewhere_while_a_page_loads_stays_there(visit: Visit, demo: Demo) -> None:
    page = visit("ann")
    page.add_init_script("addEventListener('load', () => document.forms[0].q.focus())")
    with slow_orders(demo):
        ask(page, TOP_FIVE)
        page.evaluate("new Promise(requestAnimationFrame)")

        expect(page.locator("#search")).to_be_focused()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".end")).to_contain_text("Stopped.")


def test_the_newest_question_stays_in_sight(visit: Visit) -> None:
    page = visit("ann", viewport={"width": 1280, "height": 620})
    answered(page, TOTAL)
    answered(page, TOP_FIVE)

    expect(page.locator(".question").last).to_be_in_viewport(ratio=1)
    page.reload()
    expect(page.locator(".chart svg")).to_be_visible()
    expect(page.locator(".question").last).to_be_in_viewport(ratio=1)


def test_files_with_a_hash_are_kept_for_ever(visit: Visit) -> None:
    page = visit("ann")
    linked = page.locator("script[src], link[href]")
    addresses = linked.evaluate_all("(all) => all.map((one) => one.src || one.href)")

    assert len(addresses) > 5
    for address in addresses:
        assert "immutable" in page.request.get(address).headers["cache-control"]
    assert page.request.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_nothing_is_wider_than_the_screen(visit: Visit, width: int) -> None:
    page = visit("ann", viewport={"width": width, "height": 740})
    answered(page, TOP_FIVE)
    answered(page, LONG_LIST)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.locator("#main")
    assert main.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0


@pytest.mark.parametrize("name", ["ann", "ada"])
def test_other_pages_are_not_wider_than_a_small_screen(visit: Visit, name: str) -> None:
    page = visit("ann")
    answered(page, "Create a ticket to restock Tunnbröd")
    answered(page, "Send an email to sales@example.com with the top 5 products by revenue")
    page = visit(name, viewport={"width": 360, "height": 740})
    for address in ADDRESSES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_drawer_opens_and_closes_on_a_small_screen(visit: Visit) -> None:
    page = visit("ann", viewport={"width": 360, "height": 740})
    expect(page.locator("#sidebar")).to_be_hidden()

    page.locator(".drawer-open").click()
    expect(page.locator("#sidebar")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).to_be_hidden()


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit("ann")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("What is our")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("total revenue?")
    page.keyboard.press("Enter")
    expect(page.locator(".figure .value")).to_be_visible()
    page.wait_for_load_state()

    page.locator("h2.words").focus()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()

    page.locator("h2.words").focus()
    page.keyboard.press("n")
    expect(page.locator("#welcome")).to_be_visible()


def test_the_announcer_tells_when_the_answer_is_ready(visit: Visit) -> None:
    page = visit("ann")
    answered(page, TOTAL)
    answered(page, TOP_FIVE)

    expect(page.locator("#announcer")).to_have_text("The answer is ready.")


def test_the_choice_of_a_theme_is_remembered(visit: Visit) -> None:
    page = visit("ann", color_scheme="light")
    page.get_by_role("button", name="Light or dark").click()

    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"

"""A sensitive query in a browser: the card says what would run, and its rows come to the answer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import browser, sign_in
from tests.processes.fleet import Fleet

__all__ = ["browser"]

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

POLICY = """
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
sensitive_queries = SensitiveQueries(
    (SensitiveQuery("prices", ("order_details",), ("unit_price",)),)
)
"""
BY_MONTH = "What was our revenue by month this year?"
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def address(shared_fleet: Fleet) -> str:
    """A server whose operator lets nobody read prices unasked."""
    config = shared_fleet.folder / "config.py"
    config.write_text(config.read_text() + POLICY)
    return shared_fleet.start("serve").address


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:
    """Ann at that server."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(PATIENCE_MS)
    made = context.new_page()
    sign_in(made, "ann", "ann-secret")
    yield made
    context.close()


def ask(page: Page, question: str) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_a_query_waits_for_its_card_and_its_rows_follow(page: Page) -> None:
    ask(page, BY_MONTH)
    card = page.locator("article.request")
    expect(card).to_have_attribute("data-status", "pending")
    expect(card).to_contain_text("It reads order_details.unit_price (“prices”).")
    expect(card).to_contain_text("Asked by")
    expect(card).to_contain_text("SELECT")
    expect(card).to_contain_text("LIMIT 1001")
    expect(card).to_contain_text("It reads and changes nothing.")
    expect(card.get_by_role("link", name="Change…")).to_have_count(0)
    expect(page.locator("figure.result")).to_have_count(0)

    card.get_by_role("button", name="Approve and run query").click()

    expect(card).to_have_attribute("data-status", "executed")
    expect(page.locator("figure.result")).to_be_visible()
    expect(page.get_by_text("Done: Run a query:")).to_be_visible()
    page.reload()
    expect(page.locator("figure.result")).to_be_visible()


def test_a_rejected_query_shows_nothing(page: Page) -> None:
    ask(page, BY_MONTH)
    card = page.locator("article.request")
    card.locator("summary", has_text="Reject…").click()
    card.get_by_label("Why do you reject it?").fill("Prices are nobody's business")
    card.get_by_role("button", name="Reject", exact=True).click()

    expect(card).to_have_attribute("data-status", "rejected")
    expect(page.get_by_text("Nothing was done: Run a query:")).to_be_visible()
    expect(page.locator("figure.result")).to_have_count(0)

"""Promises about finding who decides, in a browser: notices, colleagues, history, and times."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.test_walkthrough import propose
from tests.processes.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.processes]


def name_colleague(page: Page, name: str) -> None:
    page.get_by_label("Who decides for you?").fill(name)
    today = page.get_by_label("First day").input_value()
    page.get_by_label("Last day").fill(today)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".people li")).to_have_count(1)


def told(demo: Demo) -> set[str]:
    """To whom Atlas wrote by itself."""
    found = (re.search(r"^To: (\w+)@", text, re.MULTILINE) for text in demo.notices())
    return {match[1] for match in found if match}


def test_a_colleague_decides_for_who_is_away(visit: Visit, demo: Demo) -> None:
    page = visit("ann")
    card = propose(page, "Create a ticket to restock Gorgonzola")
    page.locator("#conversation-menu summary").click()
    page.get_by_role("link", name="People…").click()
    people = page.locator("#dialog #people")
    people.get_by_label("User name").fill("bob")
    people.get_by_label("May").select_option("write")
    people.get_by_role("button", name="Add").click()
    expect(people.locator("li")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(card).to_contain_text("Waiting for: Ann or Bob.")

    away = visit("bob", "/accounts/away/")
    name_colleague(away, "ada")
    delegate = visit("ada", "/approvals/")
    asked = delegate.locator("article.request", has_text="Gorgonzola")
    expect(asked).to_contain_text("You decide for Bob, who is away.")
    asked.get_by_text("Reject…").click()
    asked.get_by_label("Why do you reject it?").fill("There is enough of it")
    asked.get_by_role("button", name="Reject", exact=True).click()

    expect(card).to_contain_text("Rejected by Ada for Bob")
    until("a notice to who asked", lambda: "ann" in told(demo))
    assert not any("Gorgonzola" in text for text in demo.notices())
    away.get_by_role("button", name="End Ada").click()
    expect(away.locator(".people li")).to_have_count(0)


def test_a_long_name_leaves_the_header_as_wide_as_the_page(visit: Visit) -> None:
    page = visit("vic", "/accounts/profile/")
    for name in ("V" * 150, "Vic"):
        page.get_by_label("First name").fill(name)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#user-menu > summary")).to_contain_text(name)
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


def test_a_long_word_leaves_the_other_columns_of_the_history_in_sight(visit: Visit) -> None:
    page = visit("ann")
    card = propose(page, f"Create a ticket to restock {'Donaudampfschiff' * 9}")
    card.get_by_role("button", name="Withdraw").click()
    expect(card).to_have_attribute("data-status", "withdrawn")

    page.goto("/approvals/history/")

    expect(page.locator(".request-history")).to_contain_text("Donaudampfschiff")
    hidden = "box => box.scrollWidth - box.clientWidth"
    assert page.locator(".scroll-x").evaluate(hidden) <= 0


def test_history_and_statistics_tell_of_it_in_the_readers_zone(visit: Visit) -> None:
    card = propose(visit("ann"), "Create a ticket to restock Filo Mix")
    card.get_by_role("button", name="Withdraw").click()
    expect(card).to_have_attribute("data-status", "withdrawn")
    page = visit("ann", "/approvals/history/", timezone_id="Asia/Tokyo")
    page.get_by_label("Search").fill("filo")
    page.get_by_role("button", name="Search").click()

    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("withdrawn")
    expect(row.locator("time")).to_have_text(re.compile(r"GMT\+9$"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as CSV").click()
    assert "Filo Mix" in download.value.path().read_text()
    page.get_by_role("link", name="Statistics").click()
    expect(page.locator("tbody tr").first).to_contain_text("withdrawn")

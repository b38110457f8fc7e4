"""The rule editor in a browser: by keyboard alone, without scripts, on small and dark screens."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_reach import faults
from tests.e2e.test_walkthrough import propose

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

PHONE = {"width": 360, "height": 740}


def snap(page: Page, name: str) -> None:
    """Keep a picture where ATLAS_TEST_PICTURES names a folder, to be looked at."""
    folder = os.environ.get("ATLAS_TEST_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, animations="disabled")


def press_until(page: Page, selector: str, key: str = "Tab", limit: int = 200) -> None:
    """Go on with a key until the element has the focus, as somebody without a mouse does."""
    for _ in range(limit):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_a_rule_is_made_and_revoked_by_keyboard_alone(visit: Visit) -> None:
    """What the agent had read in the demo keeps the rule from deciding, and the card says so."""
    page = visit("ada")
    propose(page, "Create a ticket to restock Tourtière")

    press_until(page, "a[href*='/approvals/rules/new/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Always allow this kind")
    words = page.locator("#allow-check")
    expect(words).to_contain_text("Title is “Restock Tourtière”")
    assert faults(page) == []
    press_until(page, "#allow-name")
    page.keyboard.type("Restock tickets")
    press_until(page, "#allow-how-title")
    page.keyboard.type("starts with")
    press_until(page, "#allow-what-title")
    page.keyboard.press("Control+A")
    page.keyboard.type("Restock")
    page.keyboard.press("Tab")
    expect(words).to_contain_text("Title starts with “Restock”")
    snap(page, "allow-edit")
    press_until(page, "button[value=save]")
    page.keyboard.press("Enter")

    expect(page.locator("#allow-rules article")).to_contain_text("Restock tickets")
    page.reload()
    expect(page.locator("#allow-rules article")).to_have_count(1)
    assert faults(page) == []
    snap(page, "allow-rules")
    page.goto("/")
    card = propose(page, "Create a ticket to restock Vegie-spread")
    expect(card).to_contain_text("The rule “Restock tickets” does not decide")

    page.goto("/approvals/rules/")
    press_until(page, "button.danger")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No rule is in force")).to_be_visible()


def test_the_pages_fit_a_small_dark_screen(visit: Visit) -> None:
    page = visit("ada", viewport=PHONE, color_scheme="dark")
    propose(page, "Create a ticket to restock Ravioli")
    for link, title in (
        ("Always allow this kind…", "allow-edit"),
        ("How it is decided", "explain"),
    ):
        page.get_by_role("link", name=link).first.click()
        expect(page.locator("h1")).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], title
        assert faults(page) == [], title
        snap(page, f"{title}-360-dark")
        page.go_back()


def test_a_rule_is_made_without_scripts(visit: Visit) -> None:
    page = visit("ada")
    card = propose(page, "Create a ticket to restock Konbu")
    number = re.sub(r"\D", "", card.get_attribute("id") or "")
    plain = visit("ada", f"/approvals/rules/new/?request={number}", java_script_enabled=False)

    plain.get_by_label("Name of the rule").fill("Konbu")
    plain.get_by_label("Title: what it has to be").select_option("contains")
    plain.get_by_label("Title: the value").fill("Konbu")
    plain.get_by_role("button", name="Check again").click()
    expect(plain.locator("#allow-check")).to_contain_text("Title contains “Konbu”")
    expect(plain.get_by_label("Name of the rule")).to_have_value("Konbu")
    plain.get_by_role("button", name="Allow from now on").click()

    rule = plain.locator("#allow-rules article").filter(has_text="Konbu")
    expect(rule).to_contain_text("Konbu")
    rule.get_by_role("button", name="Revoke").click()
    expect(plain.get_by_text("No rule is in force")).to_be_visible()


def test_an_admin_tries_as_another_person(visit: Visit) -> None:
    page = visit("ada")
    propose(page, "Create a ticket to restock Ipoh Coffee")

    page.get_by_role("link", name="How it is decided").click()
    expect(page.locator("#explanation")).to_contain_text("takes part in the conversation")
    page.get_by_label("User name").fill("vic")
    page.keyboard.press("Enter")

    expect(page.locator("#explanation")).to_contain_text("Vic may not see it.")
    assert faults(page) == []
    snap(page, "explain")

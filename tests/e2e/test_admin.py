"""Promises to operators: plugins are checked and context is refreshed from Django admin."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.processes]


def run_action(page: Page, name: str, plugin: str) -> None:
    row = page.locator("#result_list tbody tr", has_text=plugin).first
    row.locator("input[name=_selected_action]").check()
    page.locator("select[name=action]").select_option(label=name)
    page.get_by_role("button", name="Go").click()


def test_the_first_page_says_how_things_are(visit: Visit) -> None:
    page = visit("ada", "/admin/")

    expect(page.locator("#panel-hand")).to_be_visible()
    expect(page.locator("#panel-health")).to_contain_text("Support tickets is healthy")
    expect(page.locator("#panel-activity")).to_contain_text("signed in")


def test_a_plugin_is_checked_and_context_is_refreshed(visit: Visit) -> None:
    page = visit("ada", "/admin/plugins/pluginstate/")

    run_action(page, "Check now", "ticket")
    expect(page.locator(".messagelist")).to_contain_text("Ticket is healthy")

    run_action(page, "Refresh context", "glossary")
    expect(page.locator("#content")).to_contain_text("glossary")


@pytest.mark.parametrize("address", ["/admin/", "/admin/plugins/pluginstate/"])
def test_a_page_of_the_admin_is_as_wide_as_a_small_screen(visit: Visit, address: str) -> None:
    page = visit("ada", address, viewport={"width": 1280, "height": 800})

    hidden = """[document.documentElement, ...document.querySelectorAll(".results")]
        .map(box => box.scrollWidth - box.clientWidth)"""
    assert set(page.evaluate(hidden)) == {0}


def test_others_do_not_come_in(visit: Visit) -> None:
    for name in ("ann", "vic"):
        # The browser itself complains about the 403.
        page = visit(name, "/admin/", may_complain=True)

        expect(page.locator("#panel-hand")).to_have_count(0)

"""Promises about one answer seen in many ways: as a table, in tabs, offline, without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.test_walkthrough import ask, conversation_of

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

BY_MONTH = "What was our revenue by month this year?"
TOP_FIVE = "Top 5 products by revenue last quarter"
TOTAL = "What is our total revenue?"
CUT = "document.getElementById('socket')['htmx-internal-data'].webSocket.socket.close()"
# The sign of a button stands for a moment only, so the page itself keeps what it was.
KEEP_SIGNS = """button => new MutationObserver(
    () => document.body.dataset.signs = (document.body.dataset.signs ?? "") + button.textContent
).observe(button, {childList: true})"""
# What the socket does when an answer comes anew.
AGAIN = """id => htmx.swap(`#${id}`, `<div id="${id}" class="chart again"></div>`,
    {swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0})"""
LONG_LIST = "List all orders of last month"


def answered(page: Page, question: str) -> Locator:
    """Ask, and return the answer when it is complete."""
    answer = ask(page, question)
    expect(answer.locator(".line.working")).to_have_count(0)
    return answer


def test_the_table_stands_beside_the_chart_and_is_exported(visit: Visit) -> None:
    page = visit("ann")
    answer = answered(page, BY_MONTH)
    expect(answer.locator(".rows")).to_be_hidden()

    answer.get_by_role("button", name="Table").click()

    expect(answer.locator(".chart")).to_be_hidden()
    rows = answer.locator("tbody tr")
    expect(rows.first).to_be_visible()
    with page.expect_download() as download:
        answer.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "Month,Revenue"
    assert len(lines) == rows.count() + 1


def test_a_chart_that_is_drawn_again_in_its_place_writes_no_inline_style(visit: Visit) -> None:
    page = visit("ann")
    answer = answered(page, BY_MONTH)
    chart = answer.locator(".chart")
    expect(chart.locator("svg")).to_be_visible()

    page.evaluate(AGAIN, chart.get_attribute("id"))

    expect(answer.locator(".chart.again")).to_be_visible()


def test_a_long_list_is_read_in_pages_of_fifty(visit: Visit) -> None:
    answer = answered(visit("ann"), LONG_LIST)
    expect(answer.locator("tbody tr")).to_have_count(50)
    first = answer.locator("tbody tr").first.inner_text()

    answer.get_by_role("link", name="Next").click()

    expect(answer.locator(".pager")).to_contain_text("Rows 51 to")
    expect(answer.locator("tbody tr").first).not_to_have_text(first)


def test_without_the_library_of_the_charts_the_table_is_shown(visit: Visit) -> None:
    page = visit("ann", may_complain=True)
    page.route("**/echarts*", lambda route: route.abort())

    answer = answered(page, BY_MONTH)

    expect(answer.locator(".rows")).to_be_visible()
    expect(answer.get_by_role("button", name="Table")).to_have_attribute("aria-pressed", "true")


def test_a_copy_button_says_what_it_did_and_gets_its_words_back(visit: Visit) -> None:
    page = visit("ann", permissions=["clipboard-read", "clipboard-write"])
    answer = answered(page, TOTAL)
    button = answer.locator("[data-copy^=text-]")

    button.evaluate(KEEP_SIGNS)
    button.click()
    expect(page.locator("body")).to_have_attribute("data-signs", "✓")
    button.click()

    expect(page.locator("#announcer")).to_have_text("Copied")
    expect(button).to_have_text("Copy")
    assert page.evaluate("navigator.clipboard.readText()") == answer.locator(".prose").inner_text()


def test_who_was_signed_out_is_led_to_the_sign_in_page_and_not_into_a_dialog(
    visit: Visit,
) -> None:
    page = visit("ann")
    answered(page, TOTAL)
    page.context.clear_cookies()

    page.locator("#conversation-menu summary").click()
    page.get_by_role("link", name="Rename…").click()

    page.wait_for_url("**/accounts/login/**")


def test_a_figure_stands_alone_with_its_unit(visit: Visit) -> None:
    answer = answered(visit("ann"), TOTAL)

    expect(answer.locator(".figure .unit")).to_have_text("USD")


def test_a_reload_shows_what_was_streamed(visit: Visit) -> None:
    page = visit("ann")
    answered(page, BY_MONTH)
    answered(page, TOP_FIVE)
    expect(page.locator(".suggest").last.get_by_role("button").first).to_be_visible()
    # Their words are words of the page.
    expect(page.locator(".chart svg")).to_have_count(2)
    page.evaluate("document.querySelectorAll('.seconds').forEach((one) => one.remove())")
    shown = page.locator("#thread").inner_text()

    page.reload()
    expect(page.locator(".chart svg")).to_have_count(2)

    assert page.locator("#thread").inner_text() == shown


def test_a_question_in_one_browser_is_answered_in_the_other_too(visit: Visit) -> None:
    page = visit("ann")
    answered(page, TOTAL)
    other = visit("ann", conversation_of(page))

    answered(page, TOP_FIVE)

    expect(other.locator(".turn")).to_have_count(2)
    expect(other.locator(".turn").nth(1).locator(".chart svg")).to_be_visible()
    expect(other.locator(".line.working")).to_have_count(0)
    prose = [where.locator(".prose").nth(1).inner_text() for where in (page, other)]
    assert prose[0] == prose[1]


def test_a_question_longer_than_a_frame_comes_back_with_the_reason(visit: Visit) -> None:
    page = visit("ann", may_complain=True)
    answered(page, TOTAL)
    long = "y " * 60_000
    page.get_by_label("Your question").fill(long)

    page.keyboard.press("Enter")

    expect(page.locator("#composer-problem, .composer .banner").first).to_contain_text(
        "at most 10000 fit"
    )
    assert page.get_by_label("Your question").input_value().strip() == long.strip()


def test_a_lost_connection_loses_nothing(visit: Visit) -> None:
    page = visit("ann", may_complain=True)
    answered(page, TOTAL)
    other = visit("ann", conversation_of(page))
    page.context.set_offline(True)
    # Chromium keeps open sockets when it goes offline, so this one is closed by hand.
    page.evaluate(CUT)
    expect(page.locator("#connection")).to_be_visible()
    answered(other, TOP_FIVE)
    expect(page.locator(".turn")).to_have_count(1)

    page.context.set_offline(False)

    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator(".turn").nth(1).locator(".chart svg")).to_be_visible()
    expect(page.locator(".line.working")).to_have_count(0)
    assert page.locator(".prose").nth(1).inner_text() == other.locator(".prose").nth(1).inner_text()


def test_without_scripts_a_question_is_asked_and_read(visit: Visit) -> None:
    visit("ann")
    page = visit("ann", java_script_enabled=False)

    page.get_by_label("Your question").fill(TOTAL)
    page.get_by_role("button", name="Send").click()

    reloaded_until(page, ".figure .value")


def test_without_scripts_a_request_is_approved(visit: Visit, demo: Demo) -> None:
    visit("ann")
    page = visit("ann", java_script_enabled=False)
    page.get_by_label("Your question").fill("Create a ticket to restock Scottish Longbreads")
    page.get_by_role("button", name="Send").click()
    reloaded_until(page, "article.request[data-status=pending]")

    page.get_by_role("button", name="Approve and create ticket").click()

    reloaded_until(page, "article.request[data-status=executed]")
    assert demo.ticket_titles().count("Restock Scottish Longbreads") == 1


def reloaded_until(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator(selector)).to_be_visible()


def test_conversations_are_found_renamed_and_deleted(visit: Visit) -> None:
    page = visit("ann")
    answered(page, TOTAL)

    page.locator("#conversation-menu > summary").click()
    page.get_by_role("link", name="Rename…").click()
    page.get_by_label("Title", exact=True).fill("Everything we earned")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.locator("h1.title")).to_have_text("Everything we earned")
    page.wait_for_load_state()

    page.locator("#search").fill("WE earned")
    expect(page.locator("#sidebar-list li")).to_have_count(1)

    page.locator("#conversation-menu > summary").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#messages")).to_contain_text("was deleted")
    expect(page.locator("#sidebar-list")).not_to_contain_text("Everything we earned")

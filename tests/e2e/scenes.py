"""What the pictures show: each scene leads the demo into states and has them photographed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.approval_scenes import cards, changes, queue, rules
from tests.e2e.studio import DARK, LIGHT, LOOKS, PHONE, Studio, address_of, ask, finished

BY_MONTH = "What was our revenue by month this year?"
TOP_FIVE = "Top 5 products by revenue last quarter"
LATE = "How many orders were late, by shipper?"
GERMANY = "Which customers in Germany ordered most?"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_QUESTION = (
    f"What was our revenue by month this year? {LONG_WORD} " + "We look at it each week. " * 80
)[:2000]


def _charts(page: Page) -> None:
    finished(page)
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator("svg")).to_be_visible()


def _top(page: Page) -> None:
    finished(page)
    page.locator("#main").evaluate("(main) => main.scrollTo(0, 0)")


def _table(page: Page) -> None:
    _charts(page)
    page.get_by_role("button", name="Table").click()


def _receipt(page: Page) -> None:
    _charts(page)
    page.locator("details.receipt > summary").last.click()
    page.locator(".receipt .body").last.scroll_into_view_if_needed()


def _opened(page: Page) -> None:
    page.locator(".drawer-open").click()


def chat(studio: Studio) -> None:
    """Answers of every kind."""
    studio.shoot("chat-empty-first", "bob", "/")
    late = studio.asked("ann", LATE)
    studio.asked("ann", GERMANY)
    month = studio.asked("ann", BY_MONTH)
    studio.shoot("chat", "ann", month, _charts)
    studio.shoot("chat-table", "ann", month, _table)
    studio.shoot("chat-receipt", "ann", month, _receipt)
    studio.shoot("chat-bars", "ann", studio.asked("ann", TOP_FIVE), _charts)
    studio.shoot("chat-late", "ann", late, _charts, looks=(LIGHT, PHONE))
    studio.shoot("chat-series", "ann", studio.asked("ann", SERIES), _charts)
    studio.shoot("chat-list", "ann", studio.asked("ann", "List all orders of last month"))
    studio.shoot("chat-figure", "ann", studio.asked("ann", "What is our total revenue?"))
    studio.shoot("chat-refusal", "ann", studio.asked("ann", "What is the weather in Paris?"))
    studio.shoot("chat-clarify", "ann", studio.asked("ann", "Who are our best customers?"))
    long = studio.asked("ann", LONG_QUESTION, LONG_WORD)
    studio.shoot("chat-long", "ann", long, _top)
    studio.shoot("chat-empty", "ann", "/")
    studio.shoot("chat-drawer", "ann", month, _opened, looks=(PHONE,))
    studio.shoot("chat-viewer", "vic", "/", looks=(LIGHT, PHONE))


SERIES = "Revenue by category by quarter this year"


def ends(studio: Studio) -> None:
    """Answers that are under way, or came to no end."""
    for look in LOOKS:
        with studio.orders_locked(), studio.page("bob", look) as page:
            _querying(page)
            studio.snap(page, "chat-working", look)
            page.get_by_role("button", name="Stop").click()
            finished(page)
            stopped = address_of(page)
    with studio.orders_locked(), studio.page("bob") as page:
        _querying(page)
        finished(page)
        busy = address_of(page)
    with studio.page("bob") as page, studio.table_missing("datasources_semanticversion"):
        ask(page, BY_MONTH)
        finished(page)
        failed = address_of(page)
    with studio.orders_locked(), studio.page("bob") as page:
        _querying(page)
        interrupted = address_of(page)
        studio.demo.kill()
    studio.demo.start()
    studio.shoot("chat-stopped", "bob", stopped)
    studio.shoot("chat-busy", "bob", busy)
    studio.shoot("chat-failed", "bob", failed)
    with studio.page("bob", LIGHT, interrupted) as page:
        expect(page.get_by_role("button", name="Continue")).to_be_visible(timeout=40_000)
    studio.shoot("chat-interrupted", "bob", interrupted)


def _querying(page: Page) -> None:
    ask(page, BY_MONTH)
    expect(page.locator(".line.working")).to_contain_text("Running query")


def accounts(studio: Studio) -> None:
    """Pages about oneself."""
    studio.shoot("login", "", "/accounts/login/")
    studio.shoot("login-wrong", "", "/accounts/login/", _wrong, looks=(LIGHT, PHONE))
    studio.shoot("profile", "ann", "/accounts/profile/")
    studio.shoot("password", "ann", "/accounts/password/", looks=(LIGHT, PHONE))
    with studio.page("ann", LIGHT, "/accounts/api-keys/") as page:
        page.get_by_label("Name").fill("Nightly report")
        page.get_by_role("button", name="Make the key").click()
        studio.snap(page, "api-key-made")
    studio.shoot("api-keys", "ann", "/accounts/api-keys/")
    studio.shoot("outbox", "ann", "/demo/outbox/", looks=(LIGHT, PHONE))


def _wrong(page: Page) -> None:
    page.locator("input[name=username]").fill("ann")
    page.locator("input[name=password]").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def errors(studio: Studio) -> None:
    """Pages that say why there is no page."""
    studio.shoot("error-403", "ann", "/admin/", looks=(LIGHT, DARK, PHONE))
    studio.shoot("error-404", "ann", "/nowhere/", looks=(LIGHT, DARK, PHONE))
    with studio.table_missing("accounts_apikey"):
        studio.shoot("error-500", "ann", "/accounts/api-keys/", looks=(LIGHT, DARK, PHONE))


def admin(studio: Studio) -> None:
    """Django admin."""
    studio.shoot("admin", "ada", "/admin/")
    studio.shoot("admin-plugins", "ada", "/admin/plugins/pluginstate/")
    studio.shoot("admin-plugin", "ada", "/admin/plugins/pluginstate/", _first_row)
    studio.shoot("admin-users", "ada", "/admin/accounts/user/")
    studio.shoot("admin-user", "ada", "/admin/accounts/user/", _first_row, looks=(LIGHT, PHONE))
    for name, address in ADMIN_LISTS.items():
        studio.shoot(f"admin-{name}", "ada", address, looks=(LIGHT, DARK, PHONE))


ADMIN_LISTS = {
    "requests": "/admin/approvals/actionrequest/",
    "audit": "/admin/audit/auditentry/",
    "conversations": "/admin/conversations/conversation/",
    "runs": "/admin/conversations/run/",
}


def _first_row(page: Page) -> None:
    listed = page.url
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url(lambda address: address != listed)
    page.wait_for_load_state("networkidle")


SCENES: dict[str, Callable[[Studio], None]] = {
    "queue": queue,
    "chat": chat,
    "ends": ends,
    "cards": cards,
    "changes": changes,
    "rules": rules,
    "accounts": accounts,
    "errors": errors,
    "admin": admin,
}

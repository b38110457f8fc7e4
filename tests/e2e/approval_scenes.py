"""What the pictures of approvals show: cards in every status, the queue, and a stop."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.studio import DARK, LIGHT, PHONE, Studio, finished

MAIL = "Send an email to sales@example.com with the top 5 products by revenue"


def cards(studio: Studio) -> None:
    """The approval card in every status."""
    waiting = studio.asked("ann", "Create a ticket to restock Chai")
    studio.shoot("card-in-chat", "ann", waiting)
    studio.shoot("card-pending", "ann", waiting, only=CARD)
    studio.shoot("card-reject", "ann", waiting, _rejecting, (LIGHT, PHONE), only=CARD)
    mail = studio.asked("ann", MAIL)
    studio.shoot("card-not-yours", "ann", mail, only=CARD)
    studio.shoot("card-of-another", "ada", "/approvals/", only=CARD)
    for title, path, error in MOVES:
        address = studio.asked("ann", f"Create a ticket to restock {title}")
        studio.move(f"Restock {title}", *path, error=error)
        studio.shoot(f"card-{path[-1]}", "ann", address, looks=(LIGHT, DARK, PHONE), only=CARD)
    for verb, title in DECISIONS.items():
        address = studio.asked("ann", f"Create a ticket to restock {title}")
        with studio.page("ann", LIGHT, address) as page:
            _decide(page, verb)
        studio.shoot(f"card-{verb}", "ann", address, looks=(LIGHT, DARK, PHONE), only=CARD)


CARD = "article.request"
MOVES: list[tuple[str, tuple[str, ...], str]] = [
    ("Chang", ("expired",), ""),
    ("Konbu", ("approved", "executing"), ""),
    ("Ikura", ("approved", "lapsed"), "The action was switched off before it could run."),
    ("Pavlova", ("approved", "executing", "failed"), "The ticket desk answered: 503."),
    ("Chocolade", ("approved", "executing", "unknown"), "The answer took more than 30 seconds."),
]
DECISIONS = {"executed": "Geitost", "rejected": "Longlife Tofu", "withdrawn": "Filo Mix"}


def changes(studio: Studio) -> None:
    """A request that somebody changes and comments on, one that can be undone, and a stop."""
    address = studio.asked("ann", "Create a ticket to restock Chai")
    studio.shoot("card-change", "ann", address, _changing, (LIGHT, DARK, PHONE))
    studio.shoot("card-change-wrong", "ann", address, _wrongly, (LIGHT, PHONE))
    with studio.page("ann", LIGHT, address) as page:
        _comment(page, "Ten boxes are enough, and not before Friday.")
        _changing(page)
        form = page.locator("#change-form")
        form.get_by_label("Body").fill("Ten boxes, not before Friday.")
        form.get_by_label("Priority").select_option("high")
        page.get_by_role("button", name="Approve with changes").click()
        expect(page.locator(CARD).last).to_have_attribute("data-status", "executed")
        finished(page)
    studio.shoot("card-changed", "ann", address, looks=(LIGHT, DARK, PHONE), only=CARD)
    studio.shoot("card-superseded", "ann", address, only=f"{CARD}[data-status=superseded]")
    studio.shoot("card-changed-in-chat", "ann", address, _first_card, (LIGHT, PHONE))
    studio.reversible("Restock Chai")
    studio.shoot("card-undo", "ann", address, _undoing, (LIGHT, DARK, PHONE), only=CARD)
    studio.shoot("people", "ann", address, _people, (LIGHT, DARK, PHONE))
    with studio.stopped("ada", "Wrong mails go out."):
        studio.shoot("halt", "ann", address, looks=(LIGHT, DARK, PHONE))
        studio.shoot("halt-admin", "ada", "/admin/approvals/halt/", looks=(LIGHT, DARK, PHONE))


def rules(studio: Studio) -> None:
    """The rule editor as a card fills it, the list of rules, and how a request is decided."""
    address = studio.asked("ada", "Create a ticket to restock Chai")
    with studio.page("ada", LIGHT, address) as page:
        card = page.locator(CARD).last
        number = re.sub(r"\D", "", card.get_attribute("id") or "")
        explained = f"/approvals/{number}/explain/?person=bob"
        studio.shoot("explanation", "ada", explained, only="main")
        _decide(page, "rejected")
    editor = f"/approvals/rules/new/?request={number}"
    studio.shoot("rule-editor", "ada", editor, _starting_with, (LIGHT, DARK, PHONE), only="main")
    with studio.page("ada", LIGHT, editor) as page:
        _starting_with(page)
        page.get_by_role("button", name="Allow from now on").click()
        expect(page.locator("#allow-rules article")).to_be_visible()
    studio.shoot("rules", "ada", "/approvals/rules/", looks=(LIGHT, DARK, PHONE))


def _starting_with(page: Page) -> None:
    page.get_by_label("Name of the rule").fill("Restock tickets")
    page.get_by_label("Title: what it has to be").select_option("starts with")
    page.get_by_label("Title: the value").fill("Restock")
    page.get_by_label("Name of the rule").focus()
    expect(page.locator("#allow-check")).to_contain_text("Title starts with “Restock”")


def _changing(page: Page) -> None:
    page.get_by_role("link", name="Change…").click()
    expect(page.locator("#dialog #change-form")).to_be_visible()


def _wrongly(page: Page) -> None:
    _changing(page)
    page.locator("#change-form").get_by_label("Title").fill(" ")
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#dialog .errorlist")).to_be_visible()


def _comment(page: Page, text: str) -> None:
    page.locator("summary", has_text="Comment").click()
    page.get_by_label("What do you want to say?").fill(text)
    page.get_by_role("button", name="Send the comment").click()
    expect(page.locator(".request-comments li")).to_be_visible()


def _first_card(page: Page) -> None:
    finished(page)
    page.locator(CARD).first.scroll_into_view_if_needed()


def _undoing(page: Page) -> None:
    page.locator("summary", has_text="Undo…").click()


def _people(page: Page) -> None:
    page.locator("#conversation-menu summary").click()
    page.get_by_role("link", name="People…").click()
    people = page.locator("#dialog #people")
    people.get_by_label("User name").fill("bob")
    people.get_by_role("button", name="Add").click()
    expect(people.locator("li")).to_have_count(2)


def _rejecting(page: Page) -> None:
    page.locator("summary", has_text="Reject…").click()


def _decide(page: Page, verb: str) -> None:
    card = page.locator("article.request")
    if verb == "executed":
        card.get_by_role("button", name=re.compile("^Approve and")).click()
    elif verb == "withdrawn":
        card.get_by_role("button", name="Withdraw").click()
    else:
        _rejecting(page)
        card.get_by_label("Why do you reject it?").fill("The shelf is full until January.")
        card.get_by_role("button", name="Reject", exact=True).click()
    expect(card).to_have_attribute("data-status", verb)
    if verb != "withdrawn":
        expect(page.locator("article.answer")).to_have_count(2)
    finished(page)


def queue(studio: Studio) -> None:
    """The approvals page, full and empty."""
    studio.shoot("queue-empty", "abe", "/approvals/", looks=(LIGHT, DARK, PHONE))
    studio.asked("ann", MAIL)
    studio.asked("ann", "Create a ticket to restock Chai")
    studio.asked("ann", "Create a ticket to restock Ikura")
    studio.shoot("queue", "ann", "/approvals/")
    studio.shoot("queue-selected", "ann", "/approvals/", _selecting, (LIGHT, DARK, PHONE))
    studio.shoot(
        "queue-keys", "ann", "/approvals/", lambda page: page.keyboard.press("?"), (LIGHT,)
    )
    studio.shoot("queue-all", "ann", "/approvals/?filter=all")
    studio.shoot("queue-admin", "ada", "/approvals/", looks=(LIGHT, PHONE))


def _selecting(page: Page) -> None:
    for box in page.locator(".request-select input").all():
        box.check()
    page.get_by_label("Why do you reject them?").fill("The shelf is full")


def _help(page: Page) -> None:
    page.keyboard.press("?")

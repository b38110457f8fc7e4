"""Promises of the card in two browsers at once: every state, the way back, and what is unclear."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from approvals.cards.faces import FACES
from approvals.cards.sentences import card_sentence
from approvals.enums import Status
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.conversations.models import Run, RunEvent
from tests.approvals.desk import propose, start_run
from tests.approvals.states import put_at, write
from tests.database import ProcessDatabase
from tests.e2e.conftest import PATIENCE_MS, chromium_options, sign_in
from tests.faults.remote import Remote
from tests.faults.remote_desk import FOR_ADMINS
from tests.processes.fleet import Fleet

pytestmark = [pytest.mark.e2e, pytest.mark.processes, pytest.mark.usefixtures("desk")]

MOST_TABS = 60
# What stands on the card beside these statuses needs the columns that go with them.
DONE: tuple[str, dict[str, int]] = ("done", {})
SAID = {"decided_by_name": "bob", "reason": "The shelf is full", "error_text": "It said no."}


@dataclass
class House:
    """Servers, a conversation of two people, and a browser of each; ORM in a thread."""

    fleet: Fleet
    run: Run
    pages: list[Page]
    thread: ThreadPoolExecutor

    def orm(self, step: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Use the database where no loop of a browser runs."""
        return self.thread.submit(step, *args, **options).result()

    def proposed(self, action: str = "once", title: str = "Restock Chai") -> ActionRequest:
        made = self.orm(propose, self.run, action, title=title, call=f"{action} {title}")
        assert isinstance(made, ActionRequest)
        return made

    def told(self, request: ActionRequest) -> str:
        """Have the run tell of the request, and return the address of its conversation."""

        def tell() -> None:
            for seq, (kind, said) in enumerate([("request", {"request_id": request.pk}), DONE], 1):
                RunEvent.objects.create(run=self.run, seq=seq, kind=kind, payload=said)

        self.orm(tell)
        return f"/c/{self.run.conversation_id}/"

    def shown(self, address: str) -> None:
        for page in self.pages:
            page.goto(address)

    def cards(self, request: ActionRequest) -> list[Locator]:
        return [page.locator(f"#request-{request.pk}") for page in self.pages]

    def become(self, request: ActionRequest, status: str) -> None:
        for card in self.cards(request):
            expect(card).to_have_attribute("data-status", status)


@pytest.fixture
def browser() -> Iterator[Browser]:
    options = chromium_options()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**options)
        yield started
        started.close()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
def people() -> tuple[str, str]:
    """Who owns the conversation, and who else is there."""
    return "ann", "bob"


@pytest.fixture
def house(
    own_database: ProcessDatabase,
    remote: Remote,
    remote_fleet: Callable[..., Fleet],
    thread: ThreadPoolExecutor,
    browser: Browser,
    people: tuple[str, str],
) -> Iterator[House]:
    remote.mode = "answer"

    def begin() -> tuple[Fleet, Run]:
        owner, other = (User.objects.get(username=name) for name in people)
        # An admin need not take part to decide.
        others = [] if other.is_atlas_admin else [other]
        return remote_fleet(own_database.variables), start_run(owner, *others)

    fleet, run = thread.submit(begin).result()
    web = fleet.start("web")
    contexts = [browser.new_context(base_url=web.address) for _name in people]
    pages = [context.new_page() for context in contexts]
    for page, name in zip(pages, people, strict=True):
        page.set_default_timeout(PATIENCE_MS)
        sign_in(page, name, f"{name}-secret")
    yield House(fleet, run, pages, thread)
    for context in contexts:
        context.close()


def faults(page: Page) -> list[tuple[str, str]]:
    return [(one["id"], str(one["nodes"][0]["target"])) for one in Axe().run(page)["violations"]]


def test_every_state_appears_in_two_browsers_and_the_keyboard_is_enough(house: House) -> None:
    requests = {status: house.proposed(title=f"Ticket {status.value}") for status in Status}
    house.shown("/approvals/?filter=all")
    for request in requests.values():
        house.become(request, "pending")

    def move(request: ActionRequest, status: Status) -> str:
        write(request, **SAID)
        moved = put_at(request, status)
        notify(Topic.APPROVALS, str(request.pk))
        return card_sentence(moved)

    for status in set(Status) - {Status.PENDING}:
        said = house.orm(move, requests[status], status)
        house.become(requests[status], status)
        for card in house.cards(requests[status]):
            expect(card.locator(".request-outcome")).to_contain_text(said)
            expect(card.locator(".request-state")).to_contain_text(
                str(status.label), ignore_case=True
            )
            expect(card).to_have_class(f"request {FACES[status].tone}")
    for page in house.pages:
        assert faults(page) == []
    _decided_by_keys(house)


def test_undo_and_ask_again_are_followed_in_two_browsers(house: House, remote: Remote) -> None:
    house.fleet.start("worker")
    done = house.proposed()
    house.shown("/approvals/?filter=all")
    ann, bob = house.cards(done)
    ann.get_by_role("button", name="Approve and create ticket").click()
    house.become(done, "executed")
    for card in house.cards(done):
        expect(card.locator(".request-log")).to_contain_text("Asking the remote system")
    bob.locator("summary", has_text="Undo…").click()
    bob.get_by_role("button", name="Undo it").click()
    house.become(done, "rolled_back")

    remote.mode, remote.knows = "effect then 500", False
    asked, looked_up = house.proposed("reconcilable", "Ask"), house.proposed("once", "Look")
    house.shown("/approvals/?filter=all")
    for request in (asked, looked_up):
        house.cards(request)[0].get_by_role("button", name="Approve and create ticket").click()
        house.become(request, "unknown")
    assert faults(house.pages[0]) == []
    card = house.cards(asked)[0]
    card.get_by_role("button", name="Ask the other system").click()
    expect(card.get_by_role("alert")).to_contain_text("does not know either")
    remote.knows = True
    card.get_by_role("button", name="Ask the other system").click()
    house.become(asked, "executed")

    card = house.cards(looked_up)[1]
    card.get_by_label("How do you know what happened?").fill("I saw it there")
    card.get_by_role("button", name="It happened").click()
    house.become(looked_up, "executed")
    for card in house.cards(looked_up):
        expect(card).to_contain_text("bob checked, and it was done: “I saw it there”")
    effects = [line.request for line in remote.lines() if line.effect]
    assert sorted(effects) == sorted(request.pk for request in (done, asked, looked_up))


@pytest.mark.parametrize("people", [("ada", "abe")])
def test_a_roll_back_is_asked_for_in_the_chat_and_decided_in_the_queue(
    house: House, remote: Remote
) -> None:
    """Abe takes no part in ada's conversation, and what he decides is said there all the same."""
    house.fleet.start("worker")
    done = house.proposed(title=f"Restock Chai {FOR_ADMINS}")
    chat, queue = house.pages
    chat.goto(house.told(done))
    queue.goto("/approvals/")
    card = chat.locator(f"#request-{done.pk}")
    card.get_by_role("button", name="Approve and create ticket").click()
    expect(card).to_have_attribute("data-status", "executed")

    asked = undo_asked(card, queue)
    asked.locator("summary", has_text="Reject…").click()
    asked.get_by_label("Why do you reject it?").fill("Keep it")
    asked.get_by_role("button", name="Reject", exact=True).click()

    expect(asked).to_have_attribute("data-status", "rejected")
    expect(card).to_contain_text(
        "ada asked for its roll back, and abe rejected it: “Keep it”. Nothing was undone."
    )
    expect(card).to_have_attribute("data-status", "executed")

    again = undo_asked(card, queue)
    assert remote.lines("undo") == []
    again.get_by_role("button", name="Approve and undo “Create ticket”").click()

    expect(card).to_have_attribute("data-status", "rolled_back")
    expect(again).to_have_attribute("data-status", "executed")
    expect(again.locator(".request-outcome")).to_have_text("Approved by abe, and rolled back.")
    expect(card).to_contain_text("ada asked for its roll back, and abe approved it.")
    number = str(again.get_attribute("id")).rpartition("-")[2]
    card.get_by_role("link", name=f"Request {number}").click()
    expect(chat.locator(f"#{again.get_attribute('id')}")).to_be_visible()
    assert [line.request for line in remote.lines("undo") if line.effect] == [done.pk]


def undo_asked(card: Locator, queue: Page) -> Locator:
    """Ask for the roll back on the card of what was done; the request as it comes to the queue."""
    waiting = queue.locator("article.request[data-status=pending]")
    expect(waiting).to_have_count(0)
    card.locator("summary", has_text="Undo…").click()
    card.get_by_role("button", name="Undo it").click()
    expect(card).to_contain_text("ada asked for its roll back, which waits for approval.")
    expect(waiting).to_contain_text(f"Undo {str(card.get_attribute('id')).replace('-', ' ')}:")
    return queue.locator(f"#{waiting.get_attribute('id')}")


def _decided_by_keys(house: House) -> None:
    approved, rejected = house.proposed(title="Yes"), house.proposed(title="No")
    page = house.pages[0]
    house.shown("/approvals/")

    # The newest is the first.
    tab_to(page, house.cards(rejected)[0].locator("summary", has_text="Reject…"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The shelf is full")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    house.become(rejected, "rejected")
    for card in house.cards(rejected):
        expect(card.locator(".request-outcome")).to_contain_text("“The shelf is full”")

    tab_to(page, house.cards(approved)[0].get_by_role("button", name="Approve and create ticket"))
    page.keyboard.press("Enter")
    house.become(approved, "approved")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"Not reached with {MOST_TABS} presses of Tab: {wanted}")

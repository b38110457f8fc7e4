"""Where pictures are taken: browsers in four looks, and states that nobody can click up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PATIENCE_MS, Demo, sign_in

Prepare = Callable[[Page], object]


class Look(NamedTuple):
    suffix: str
    width: int
    height: int
    scheme: str


LIGHT = Look("", 1280, 800, "light")
DARK = Look("-dark", 1280, 800, "dark")
PHONE = Look("-360", 360, 740, "light")
PHONE_DARK = Look("-360-dark", 360, 740, "dark")
LOOKS = (LIGHT, DARK, PHONE, PHONE_DARK)


TALL = 1_600


@dataclass
class Studio:
    """One demo, one browser, one folder of pictures."""

    browser: Browser
    demo: Demo
    folder: Path
    _cookies: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def page(self, person: str, look: Look = LIGHT, address: str = "/") -> Iterator[Page]:
        """An address as a person sees it; an empty name is a stranger."""
        if person and person not in self._cookies:
            self._cookies[person] = self._signed_in(person)
        context = self._context(look, storage_state=self._cookies.get(person))
        page = context.new_page()
        page.goto(address)
        yield page
        context.close()

    def shoot(
        self,
        name: str,
        person: str,
        address: str,
        prepare: Prepare = lambda page: None,
        looks: tuple[Look, ...] = LOOKS,
        *,
        only: str = "",
    ) -> None:
        """Open an address in each look, make it ready and take a picture of it, or of a part."""
        for look in looks:
            with self.page(person, look, address) as page:
                prepare(page)
                self.snap(page, name, look, only)

    def snap(self, page: Page, name: str, look: Look = LIGHT, only: str = "") -> None:
        """Write the picture of the page, or of the newest element that `only` selects."""
        path = self.folder / f"{name}{look.suffix}.png"
        if only:
            # High enough for the whole of it: what scrolls would be cut off.
            page.set_viewport_size({"width": look.width, "height": TALL})
            page.locator(only).last.screenshot(path=path, animations="disabled")
            return
        page.screenshot(path=path, animations="disabled")

    def asked(self, person: str, *questions: str) -> str:
        """Ask in a new conversation, wait for the answers, and return its address."""
        with self.page(person) as page:
            for question in questions:
                ask(page, question)
                finished(page)
            return address_of(page)

    def move(self, title: str, *path: str, **values: object) -> None:
        """Bring the newest request for `title` to a status along `path`, in one transaction."""
        with psycopg.connect(self.demo.database()) as connection:
            for status in path:
                connection.execute(
                    "UPDATE approvals_actionrequest SET status = %s, decided_at = now(),"
                    " decided_by_name = 'Ann', lease_owner = 'studio',"
                    " executing_at = now(), lease_until = now() + interval '1 hour',"
                    " error_text = %s WHERE id ="
                    " (SELECT max(id) FROM approvals_actionrequest WHERE summary LIKE %s)",
                    [status, values.get("error", ""), f"%{title}%"],
                )

    def reversible(self, title: str) -> None:
        """Let requests for `title` say that they can be undone, which no action of the demo can."""
        table = "approvals_actionrequest"
        with psycopg.connect(self.demo.database()) as connection:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(
                f"UPDATE {table} SET contract = jsonb_set(contract, '{{reversible}}', 'true')"
                " WHERE summary LIKE %s",
                [f"%{title}%"],
            )
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    @contextmanager
    def stopped(self, person: str, reason: str) -> Iterator[None]:
        """While it lasts an order of this admin stops everything."""
        with self.page(person, LIGHT, "/admin/approvals/halt/add/") as page:
            page.locator("textarea[name=reason]").fill(reason)
            page.locator("input[name=_save]").click()
            expect(page.locator("#halt")).to_be_visible()
        yield
        with self.page(person, LIGHT, "/admin/approvals/halt/lift/") as page:
            page.get_by_role("button", name="Let everything go on").click()
            expect(page.locator("#halt")).to_have_count(0)

    @contextmanager
    def orders_locked(self) -> Iterator[None]:
        """While it lasts no query that reads orders comes to an end, until it gives up."""
        with psycopg.connect(self.demo.database("northwind")) as connection:
            connection.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    @contextmanager
    def table_missing(self, name: str) -> Iterator[None]:
        """While it lasts whatever needs this table breaks."""
        with psycopg.connect(self.demo.database(), autocommit=True) as connection:
            connection.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
            yield
            connection.execute(f"ALTER TABLE {name}_away RENAME TO {name}")

    def _context(self, look: Look, **options: Any) -> Any:
        context = self.browser.new_context(
            base_url=self.demo.address,
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.scheme,
            reduced_motion="reduce",
            # A phone draws its scroll bars over the page.
            is_mobile=look in (PHONE, PHONE_DARK),
            has_touch=look in (PHONE, PHONE_DARK),
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def _signed_in(self, person: str) -> Any:
        context = self._context(LIGHT)
        sign_in(context.new_page(), person, self.demo.passwords[person])
        cookies = context.storage_state()
        context.close()
        return cookies


def ask(page: Page, question: str) -> Locator:
    """Send a question and return its answer, which may still be on its way."""
    turns = page.locator("article.answer").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_have_count(turns + 1)
    return page.locator("article.answer").last


def finished(page: Page) -> None:
    expect(page.locator(".line.working")).to_have_count(0)


def address_of(page: Page) -> str:
    page.wait_for_url("**/c/**")
    return page.url.partition("#")[0]

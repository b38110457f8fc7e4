"""A real SMTP server for tests: it keeps what it takes and does what a test tells it to."""

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Callable, Coroutine, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

from atlas.notices.mail import MailServer, mail_server

SITE = "https://atlas.example.com"


@dataclasses.dataclass
class PostOffice:
    """`taken` holds each message with its recipient, in order."""

    taken: list[tuple[str, EmailMessage]] = dataclasses.field(default_factory=list)
    on_recipient: Callable[[str], str] = lambda _address: "250 OK"
    on_taken: Callable[[], str] = lambda: "250 taken"
    hang_up: Callable[[], None] = lambda: None
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.on_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.hang_up = server.transport.abort
        message = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.taken.append((address, message))
        return self.on_taken()

    @property
    def server(self) -> MailServer:
        return mail_server(f"smtp://127.0.0.1:{self.port}", "atlas@example.com", SITE)

    def addresses(self) -> list[str]:
        return sorted(address for address, _message in self.taken)


@contextlib.contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Listen on a free port of this machine, in a thread, until the block ends."""
    office = PostOffice()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def there(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(60)

    server = there(_listening(office))
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        there(_closed(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listening(office: PostOffice) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(office), "127.0.0.1", 0)


async def _closed(server: asyncio.Server) -> None:
    """Stop listening, and end what clients that were killed have left open."""
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)

"""A mail server that delivers nothing: it keeps each message as a file for people to look at.

It listens on 127.0.0.1 only and speaks as much SMTP as a client needs to hand over a message.
"""

import asyncio
import contextlib
import datetime as dt
import email
import email.policy
import itertools
import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import MIMEPart
from pathlib import Path

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORT_FILE = "port"
LONGEST_LINE = 65_536
LARGEST_MESSAGE = 10_000_000
MOST_RECIPIENTS = 100
IDLE_S = 60.0
SHOWN_TEXT = 20_000
_ADDRESS = re.compile(r"\s*(?:FROM|TO)\s*:\s*<([^<>\r\n]*)>", re.IGNORECASE)
_serial = itertools.count()


@dataclass(frozen=True)
class OutboxAttachment:
    """A file that came with a message; `text` is its beginning."""

    name: str
    text: str


@dataclass(frozen=True)
class OutboxMessage:
    """One captured message; `sender` and `recipients` are those of the envelope."""

    name: str
    received_at: dt.datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[OutboxAttachment, ...] = ()


class Outbox:
    """A running capture server; `port` is where it listens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sessions: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, port: int) -> None:
        """Listen and write the port down; port 0 takes that of the last time or a free one.

        Raises OSError when a port that was asked for is taken.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._server = await self._listen(port)
        self.port = self._server.sockets[0].getsockname()[1]
        (self._folder / PORT_FILE).write_text(f"{self.port}\n")

    async def _listen(self, port: int) -> asyncio.Server:
        last = outbox_port(self._folder)
        if port == 0 and last is not None:
            with contextlib.suppress(OSError):
                return await asyncio.start_server(self._serve, HOST, last, limit=LONGEST_LINE)
        return await asyncio.start_server(self._serve, HOST, port, limit=LONGEST_LINE)

    async def close(self) -> None:
        """Stop listening and end open sessions; calling it twice is fine."""
        if self._server is not None:
            self._server.close()
        for session in tuple(self._sessions):
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        try:
            await _Session(reader, writer, self._folder).run()
        except (ConnectionError, TimeoutError):
            pass  # the client left: nothing was promised for an unfinished message
        except OSError as error:
            logger.warning("The outbox could not keep a message: %s", error.strerror)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def start_outbox(folder: Path, port: int = 0) -> Outbox:
    """Start the capture server; messages become .eml files in `folder`."""
    outbox = Outbox(folder)
    await outbox.start(port)
    return outbox


def outbox_port(folder: Path) -> int | None:
    """Where the capture server of this folder listens, or did the last time; None before that."""
    try:
        return int((folder / PORT_FILE).read_text())
    except (OSError, ValueError):
        return None


def list_messages(folder: Path, limit: int = 100) -> list[OutboxMessage]:
    """The captured messages, newest first; none when the folder is missing."""
    files = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)
    return [_read(path) for path in files[:limit]]


@dataclass
class _Session:
    """One client: the commands of SMTP, one after another."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    folder: Path
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)

    async def run(self) -> None:
        commands: dict[str, Callable[[str], str]] = {
            "EHLO": lambda _: f"250-outbox\r\n250-8BITMIME\r\n250 SIZE {LARGEST_MESSAGE}",
            "HELO": lambda _: "250 outbox",
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "RSET": self._reset,
            "NOOP": lambda _: "250 OK",
            "VRFY": lambda _: "252 Send it and see",
        }
        await self._say("220 outbox ready")
        while True:
            line = await self._line()
            if line is None:
                return
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                await self._say("221 Bye")
                return
            if verb.upper() == "DATA":
                await self._data()
                continue
            command = commands.get(verb.upper())
            await self._say(command(rest) if command else "502 Not known here")

    def _mail(self, rest: str) -> str:
        found = _ADDRESS.match(rest)
        if found is None:
            return "501 Write MAIL FROM:<address>"
        self.sender = found[1]
        self.recipients.clear()
        return "250 OK"

    def _rcpt(self, rest: str) -> str:
        found = _ADDRESS.match(rest)
        if self.sender is None:
            return "503 MAIL comes first"
        if found is None or not found[1]:
            return "501 Write RCPT TO:<address>"
        if len(self.recipients) >= MOST_RECIPIENTS:
            return "452 Too many recipients"
        self.recipients.append(found[1])
        return "250 OK"

    def _reset(self, _rest: str) -> str:
        self.sender = None
        self.recipients.clear()
        return "250 OK"

    async def _data(self) -> None:
        if self.sender is None or not self.recipients:
            await self._say("503 MAIL and RCPT come first")
            return
        await self._say("354 End with a dot on a line of its own")
        content = await self._content()
        if content is None:
            await self._say(f"552 More than {LARGEST_MESSAGE} bytes")
        else:
            name = await asyncio.to_thread(
                _store, self.folder, self.sender, self.recipients, content
            )
            await self._say(f"250 Kept as {name}")
        self._reset("")

    async def _content(self) -> bytes | None:
        """The message without the dots that SMTP adds; None when it is too large."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = await self._line()
            if line is None:
                raise ConnectionResetError
            if line == b".\r\n":
                return b"".join(lines) if size <= LARGEST_MESSAGE else None
            size += len(line)
            if size <= LARGEST_MESSAGE:
                lines.append(line[1:] if line.startswith(b".") else line)

    async def _line(self) -> bytes | None:
        """The next line; None when the client left or sent an endless one."""
        async with asyncio.timeout(IDLE_S):
            try:
                return await self.reader.readuntil(b"\n")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                return None

    async def _say(self, text: str) -> None:
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()


def _store(folder: Path, sender: str, recipients: list[str], content: bytes) -> str:
    name = f"{time.time_ns():020d}-{os.getpid()}-{next(_serial)}.eml"
    envelope = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n"
    unfinished = folder / f"{name}.part"
    with unfinished.open("wb") as file:
        file.write(envelope.encode("ascii", "replace") + content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
    return name


def _read(path: Path) -> OutboxMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    stamp = int(path.name.partition("-")[0]) / 1_000_000_000
    return OutboxMessage(
        name=path.name,
        received_at=dt.datetime.fromtimestamp(stamp, dt.UTC),
        sender=str(message.get("X-Envelope-From", "")),
        recipients=tuple(str(message.get("X-Envelope-To", "")).split(", ")),
        subject=str(message.get("Subject", "")),
        text="" if body is None else _text(body),
        attachments=tuple(
            OutboxAttachment(part.get_filename() or "", _text(part))
            for part in message.iter_attachments()
        ),
    )


def _text(part: MIMEPart) -> str:
    """The beginning of a part as text; empty for one that is none."""
    try:
        content = part.get_content()
        text = content.decode() if isinstance(content, bytes) else str(content)
    except (KeyError, LookupError, UnicodeError):
        return ""
    return text.replace("\r\n", "\n")[:SHOWN_TEXT]

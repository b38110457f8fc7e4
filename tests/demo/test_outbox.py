"""The capture server: what a mail client hands over is kept and can be listed."""

import asyncio
import contextlib
import smtplib
import stat
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from atlas.demo import outbox as outbox_module
from atlas.demo.outbox import Outbox, list_messages, outbox_port, start_outbox


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[Outbox]:
    started = await start_outbox(tmp_path / "outbox")
    yield started
    await started.close()


def message(body: str = "Five rows.\n") -> EmailMessage:
    found = EmailMessage()
    found["From"] = "atlas@example.com"
    found["To"] = "sales@example.com"
    found["Subject"] = "Top 5 products: Käse"
    found.set_content(body)
    return found


async def send(outbox: Outbox, mail: EmailMessage) -> None:
    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", outbox.port, timeout=60) as client:
            client.send_message(mail)

    await asyncio.to_thread(deliver)


async def talk(outbox: Outbox, *lines: str) -> list[str]:
    """Send raw lines one by one and return the first line of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", outbox.port)
    answers = [(await reader.readline()).decode().strip()]
    for line in lines:
        writer.write(line.encode() + b"\r\n")
        answer = (await reader.readline()).decode().strip()
        answers.append(answer)
    writer.close()
    return answers


async def test_a_sent_message_is_listed(outbox: Outbox, tmp_path: Path) -> None:
    await send(outbox, message())

    [found] = list_messages(tmp_path / "outbox")
    assert found.sender == "atlas@example.com"
    assert found.recipients == ("sales@example.com",)
    assert found.subject == "Top 5 products: Käse"
    assert found.text == "Five rows.\n"


async def test_lines_that_start_with_dots_survive(outbox: Outbox, tmp_path: Path) -> None:
    await send(outbox, message(".\n..two\n.one\nend\n"))

    [found] = list_messages(tmp_path / "outbox")
    assert found.text == ".\n..two\n.one\nend\n"


async def test_messages_come_newest_first_and_limited(outbox: Outbox, tmp_path: Path) -> None:
    for number in range(3):
        await send(outbox, message(f"{number}\n"))

    assert [m.text for m in list_messages(tmp_path / "outbox", limit=2)] == ["2\n", "1\n"]


async def test_attachments_do_not_hide_the_text(outbox: Outbox, tmp_path: Path) -> None:
    mail = message()
    mail.add_attachment("a,b\n1,2\n", subtype="csv", filename="top.csv")

    await send(outbox, mail)

    assert list_messages(tmp_path / "outbox")[0].text == "Five rows.\n"


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["RCPT TO:<a@example.com>"], "503 MAIL comes first"),
        (["DATA"], "503 MAIL and RCPT come first"),
        (["MAIL nobody"], "501 Write MAIL FROM:<address>"),
        (["MAIL FROM:<a@example.com>", "RCPT TO:<>"], "501 Write RCPT TO:<address>"),
        (["MAIL FROM:<a@example.com>", "RSET", "RCPT TO:<b@example.com>"], "503 MAIL comes first"),
        (["STARTTLS"], "502 Not known here"),
        (["NOOP"], "250 OK"),
        (["HELO me"], "250 outbox"),
        (["VRFY ann"], "252 Send it and see"),
        (["quit"], "221 Bye"),
    ],
)
async def test_commands_out_of_order_are_refused(
    outbox: Outbox, lines: list[str], answer: str
) -> None:
    assert (await talk(outbox, *lines))[-1] == answer


async def test_a_message_that_is_too_large_is_not_kept(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "LARGEST_MESSAGE", 1000)

    with pytest.raises(smtplib.SMTPDataError, match="552"):
        await send(outbox, message("x\n" * 1000))

    assert list_messages(tmp_path / "outbox") == []


async def test_an_unfinished_message_is_not_kept(outbox: Outbox, tmp_path: Path) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", outbox.port)
    for line in ("", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"):
        if line:
            writer.write(line.encode() + b"\r\n")
        await reader.readline()
    writer.write(b"Subject: half\r\n\r\nwords")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await outbox.close()

    assert list_messages(tmp_path / "outbox") == []


async def test_an_endless_command_line_ends_the_session(outbox: Outbox) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", outbox.port)
    await reader.readline()
    writer.write(b"x" * 200_000)

    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()


async def test_closing_ends_open_sessions_and_may_be_repeated(tmp_path: Path) -> None:
    outbox = await start_outbox(tmp_path)
    reader, writer = await asyncio.open_connection("127.0.0.1", outbox.port)
    await reader.readline()

    await outbox.close()
    await outbox.close()

    assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()


async def test_the_port_is_written_down_and_taken_again(tmp_path: Path) -> None:
    before = outbox_port(tmp_path)
    first = await start_outbox(tmp_path)
    await first.close()

    second = await start_outbox(tmp_path)

    assert before is None
    assert outbox_port(tmp_path) == first.port == second.port
    await second.close()


async def test_another_port_is_taken_when_the_last_one_is_busy(
    outbox: Outbox, tmp_path: Path
) -> None:
    other = await start_outbox(tmp_path / "outbox")

    assert other.port != outbox.port
    assert outbox_port(tmp_path / "outbox") == other.port
    await other.close()


async def test_the_folder_is_closed_to_others(outbox: Outbox, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700


def test_a_missing_folder_holds_no_messages(tmp_path: Path) -> None:
    assert list_messages(tmp_path / "none") == []


def test_a_broken_message_is_still_listed(tmp_path: Path) -> None:
    (tmp_path / "00000000000000000001-1-0.eml").write_bytes(
        b"Subject: odd\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe"
    )

    [found] = list_messages(tmp_path)
    assert (found.subject, found.sender) == ("odd", "")


async def test_attachments_are_listed_with_their_text(outbox: Outbox, tmp_path: Path) -> None:
    mail = message()
    mail.add_attachment("product,revenue\r\nChai,12\r\n", subtype="csv", filename="top.csv")
    mail.add_attachment(b"\xff\xfe", maintype="image", subtype="png", filename="logo.png")

    await send(outbox, mail)

    (kept,) = list_messages(tmp_path / "outbox")
    assert kept.text == "Five rows.\n"
    assert [(one.name, one.text) for one in kept.attachments] == [
        ("top.csv", "product,revenue\nChai,12\n"),
        ("logo.png", ""),
    ]

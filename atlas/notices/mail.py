"""The mail server of notices: named by a URL, over SMTP, and honest about what it took."""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from atlas.common.errors import AtlasError
from atlas.notices.letters import Letter

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT_S = 15.0
TAKEN = (250, 251)
PERMANENT = 500
_FORM = "smtp+starttls://user:password@mail.example.com:587"


class MailServerAway(Exception):
    """The server cannot be reached or does not let us in; nothing was handed over."""


class Refused(Exception):
    """One letter was certainly not taken; `for_good` when trying again cannot help."""

    def __init__(self, answer: str, *, for_good: bool) -> None:
        super().__init__(answer)
        self.for_good = for_good


class Unclear(Exception):
    """The connection broke after the letter was on its way."""


@dataclass(frozen=True)
class MailServer:
    """Where notices are handed over, under which sender, and the address that links begin with."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    site: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def mail_server(url: str, sender: str, site: str) -> MailServer:
    """The server that `url` names; raises `AtlasError` for a URL or sender that is none."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or not port:
        raise AtlasError(f"ATLAS_MAIL_URL is no mail server. Write {_FORM}.", code="mail_url")
    if "@" not in sender or not sender.isprintable() or " " in sender:
        raise AtlasError(
            "ATLAS_MAIL_FROM is no address. Write one such as atlas@example.com.", code="mail_from"
        )
    return MailServer(
        parts.scheme,
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        sender,
        site.rstrip("/"),
    )


def connect(server: MailServer) -> smtplib.SMTP:
    """An open session; raises `MailServerAway` when there can be none."""
    try:
        return _opened(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(f"{server} did not let Atlas in: {_told(error)}") from None


def leave(opened: smtplib.SMTP) -> None:
    """End a session, whatever its state is."""
    with suppress(OSError, smtplib.SMTPException):
        opened.quit()
    opened.close()


def deliver(opened: smtplib.SMTP, message: EmailMessage) -> None:
    """Hand one message over; raises `Refused` when it certainly was not taken, else `Unclear`."""
    try:
        opened.ehlo_or_helo_if_needed()
        _expect(opened.mail(message["From"]))
        _expect(opened.rcpt(message["To"]))
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(f"The mail server broke off: {_told(error)}", for_good=False) from None
    except UnicodeError:
        raise Refused("The address has letters that SMTP does not know.", for_good=True) from None
    try:
        answer: tuple[int, bytes | str] = opened.data(message.as_bytes(policy=policy.SMTP))
    except smtplib.SMTPDataError as error:
        answer = error.smtp_code, error.smtp_error
    except (OSError, smtplib.SMTPException) as error:
        raise Unclear(f"The mail server did not confirm it: {_told(error)}") from None
    _expect(answer)


def message_of(server: MailServer, notice_id: int, address: str, letter: Letter) -> EmailMessage:
    """The message; its Message-ID depends on the notice alone, so that a repeat can be seen.

    Raises `Refused` for an address that no header holds.
    """
    message = EmailMessage()
    message["From"] = server.sender
    try:
        message["To"] = address
    except ValueError:
        told = "The address holds control characters. Correct it in the person's profile."
        raise Refused(told, for_good=True) from None
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    digest = hashlib.sha256(f"{server.site} {notice_id}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<notice-{digest}@{server.sender.rpartition('@')[2]}>"
    # Neither vacation replies nor mailing lists answer to a machine.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    return message


def _opened(server: MailServer) -> smtplib.SMTP:
    if server.scheme == "smtps":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        opened = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.scheme == "smtp+starttls":
            opened.starttls(context=ssl.create_default_context())
        if server.user:
            opened.login(server.user, server.password)
    except BaseException:
        opened.close()
        raise
    return opened


def _expect(answer: tuple[int, bytes | str]) -> None:
    code, text = answer
    if code not in TAKEN:
        raise Refused(_answer(code, text), for_good=code >= PERMANENT)


def _answer(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"The mail server answered {code} {said}"[:500]


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return type(error).__name__

"""Builds a message and hands it to the mail server exactly once."""

import contextlib
import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from pydantic import SecretStr

from plugins_app.sdk import ActionContext, ActionFailed, OutcomeUnknown

# The server said no, so it took nothing.
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPHeloError,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


@dataclass(frozen=True)
class Server:
    """How to reach the mail server."""

    host: str
    port: int
    starttls: bool
    username: str
    password: SecretStr
    timeout_s: float


@dataclass(frozen=True)
class Text:
    """What is sent, and to whom."""

    sender: str
    to: tuple[str, ...]
    subject: str
    body: str


def message(text: Text, ctx: ActionContext) -> EmailMessage:
    """Return the message; its Message-ID depends on the idempotency key alone."""
    mail = EmailMessage()
    mail["From"] = text.sender
    mail["To"] = ", ".join(text.to)
    mail["Subject"] = text.subject
    digest = hashlib.sha256(ctx.idempotency_key.encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{digest}@{text.sender.rpartition('@')[2]}>"
    mail.set_content(text.body)
    for attachment in ctx.attachments:
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=attachment.name
        )
    return mail


def send(server: Server, mail: EmailMessage) -> dict[str, Any]:
    """Send the message; raises `ActionFailed` when the server certainly did not take it."""
    with _session(server) as session:
        try:
            refused = session.send_message(mail)
        except REFUSED as error:
            raise ActionFailed(f"The mail server refused the message: {_answer(error)}.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise OutcomeUnknown(
                f"The mail server did not confirm the message ({type(error).__name__})."
            ) from None
    result: dict[str, Any] = {"message_id": mail["Message-ID"]}
    if refused:
        result["refused"] = sorted(refused)
    return result


def probe(server: Server) -> None:
    """Log in and leave again."""
    with _session(server) as session:
        session.noop()


@contextmanager
def _session(server: Server) -> Iterator[smtplib.SMTP]:
    try:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    except (OSError, smtplib.SMTPException) as error:
        raise ActionFailed(_unreachable(error)) from None
    try:
        _log_in(session, server)
        yield session
    finally:
        # Leaving politely may fail, and must not turn a sent message into a failure.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            session.quit()


def _log_in(session: smtplib.SMTP, server: Server) -> None:
    try:
        if server.starttls:
            session.starttls(context=ssl.create_default_context())
        if server.username:
            session.login(server.username, server.password.get_secret_value())
    except smtplib.SMTPAuthenticationError:
        raise ActionFailed("The mail server refused the login; nothing was sent.") from None
    except (OSError, smtplib.SMTPException) as error:
        raise ActionFailed(_unreachable(error)) from None


def _unreachable(error: Exception) -> str:
    return f"The mail server cannot be used ({type(error).__name__}); nothing was sent."


def _answer(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it accepts none of the recipients"
    code = getattr(error, "smtp_code", None)
    return f"code {code}" if code else type(error).__name__

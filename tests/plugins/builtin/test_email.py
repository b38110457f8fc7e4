"""Mail goes to allowed domains only, is really sent, and its outcome is told honestly."""

import asyncio
import email
import email.policy

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import ValidationError

from plugins_app.host.errors import ActionDidNotHappen, ActionOutcomeUnknown
from plugins_app.host.facets import actions
from plugins_app.host.upkeep import health
from plugins_app.reference.email import EmailArguments
from plugins_app.reference.email import email as email_plugin
from plugins_app.sdk import Attachment, PluginConfigError, Preview
from plugins_app.sdk.testing import assert_plugin_contract

CSV = Attachment("top-products.csv", "text/csv", b"name,revenue\nChai,7\n")


class Inbox:
    """Keeps what it received; `replies` maps a stage to what the server answers there."""

    def __init__(self):
        self.received = []
        self.replies = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.replies.get("DATA") == "drop":
            server.transport.abort()
        elif "DATA" in self.replies:
            return self.replies["DATA"]
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
async def inbox():
    handler = Inbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost"), "127.0.0.1", 0)
    handler.port = server.sockets[0].getsockname()[1]
    yield handler
    server.close()
    await server.wait_closed()


def plugin(port=1, **options):
    given = {
        "host": "127.0.0.1",
        "port": port,
        "starttls": False,
        "sender": "atlas@example.com",
        "allowed_domains": ("example.com", "Example.ORG"),
        "timeout_s": 5,
    }
    return email_plugin(**(given | options))


def message(**changes):
    given = {"to": ["sales@example.com"], "subject": "Top 5", "body": "See below."}
    return EmailArguments(**(given | changes))


def context(found, key="k-1", attachments=()):
    return actions.context(
        found,
        idempotency_key=key,
        request_id="7",
        requester_name="ann",
        attachments=attachments,
    )


async def send(key="k-1", attachments=(), **changes):
    found = actions.find("sendEmail")
    return await actions.execute(found, message(**changes), context(found, key, attachments))


def test_the_action_is_for_admins_and_never_sent_twice():
    (action,) = plugin().actions
    assert (action.default_approval, action.delivery) == ("admin-only", "once")
    assert (action.action_type, action.verb) == ("email:send", "Send email")
    assert action.phrases.verbs == ("send", "email", "mail")
    assert action.phrases.objects == ("email", "mail", "message")
    assert "to" not in action.data_fields


async def test_the_mail_arrives_with_its_attachment(registered, inbox):
    registered(plugin(inbox.port))
    result = await send(
        attachments=(CSV,), to="sales@example.com, Ann@EXAMPLE.org", subject="Größe 100 %"
    )
    (envelope,) = inbox.received
    assert envelope.rcpt_tos == ["sales@example.com", "Ann@EXAMPLE.org"]
    assert envelope.mail_from == "atlas@example.com"
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert (mail["From"], mail["Subject"]) == ("atlas@example.com", "Größe 100 %")
    assert mail["Message-ID"] == result["message_id"]
    assert mail.get_body(("plain",)).get_content().strip() == "See below."
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (CSV.name, "text/csv")
    assert attached.get_content().encode() == CSV.content


async def test_the_message_id_depends_on_the_idempotency_key_alone(registered, inbox):
    registered(plugin(inbox.port))
    first = await send("k-1")
    again = await send("k-1", subject="Other")
    other = await send("k-2")
    assert first["message_id"] == again["message_id"] != other["message_id"]
    assert first["message_id"].endswith("@example.com>")


FORBIDDEN = ["x@evil.com", "x@sub.example.com", "x@example.com.evil.com", "x@notexample.com"]


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_other_domains_are_refused_in_preview_and_in_execute(registered, inbox, address):
    registered(plugin(inbox.port))
    found = actions.find("sendEmail")
    to = ["sales@example.com", address]
    domain = address.partition("@")[2]
    sentence = f"Mail to {domain} is not allowed. Allowed are: example.com, example.org."
    with pytest.raises(ActionDidNotHappen) as shown:
        await actions.preview(found, message(to=to), context(found))
    with pytest.raises(ActionDidNotHappen) as executed:
        await send(to=to)
    assert shown.value.user_message == executed.value.user_message == sentence
    assert inbox.received == []


WRONG = [
    {"to": []},
    {"to": ["nobody"]},
    {"to": ["a b@example.com"]},
    {"to": ["Ann <ann@example.com>"]},
    {"to": ["a@example.com\nBcc: x@evil.com"]},
    {"to": ["a@example.com"] * 21},
    {"subject": "Top 5\nBcc: x@evil.com"},
    {"subject": "Top 5\r"},
    {"subject": ""},
    {"subject": "x" * 201},
    {"bcc": "x@evil.com"},
]


@pytest.mark.parametrize("changes", WRONG)
def test_wrong_arguments_are_refused(changes):
    with pytest.raises(ValidationError):
        message(**({"subject": "a\nb"} if changes == {"subject": "Top 5\r"} else changes))


async def test_preview_and_summary_say_what_would_be_sent(registered):
    registered(plugin())
    found = actions.find("sendEmail")
    shown = await actions.preview(found, message(), context(found, attachments=(CSV,)))
    assert shown == Preview("From atlas@example.com to sales@example.com, with top-products.csv")
    assert await actions.summary(found, message()) == "Send “Top 5” to sales@example.com"


OUTCOMES = [
    ({"sales@example.com": "550 no"}, ActionDidNotHappen, "it accepts none of the recipients"),
    ({"DATA": "554 spam"}, ActionDidNotHappen, "refused the message: code 554"),
    ({"DATA": "drop"}, ActionOutcomeUnknown, "did not confirm the message (SMTPServerDisconnec"),
]


@pytest.mark.parametrize(("replies", "error", "text"), OUTCOMES)
async def test_the_answer_decides_what_is_known(registered, inbox, replies, error, text):
    registered(plugin(inbox.port))
    inbox.replies.update(replies)
    with pytest.raises(error) as caught:
        await send()
    assert text in caught.value.user_message


async def test_recipients_that_the_server_refuses_are_named(registered, inbox):
    registered(plugin(inbox.port))
    inbox.replies["b@example.com"] = "550 no"
    result = await send(to=["a@example.com", "b@example.com"])
    assert result["refused"] == ["b@example.com"]
    assert [envelope.rcpt_tos for envelope in inbox.received] == [["a@example.com"]]


async def test_a_server_that_is_away_sent_nothing(registered):
    registered(plugin(port=1))
    with pytest.raises(ActionDidNotHappen, match=r"\(ConnectionRefusedError\); nothing was sent"):
        await send()


@pytest.mark.parametrize("options", [{"starttls": True}, {"username": "u", "password": "canary"}])
async def test_a_session_that_cannot_begin_sent_nothing(registered, inbox, options):
    registered(plugin(inbox.port, **options))
    with pytest.raises(ActionDidNotHappen, match="nothing was sent") as caught:
        await send()
    assert "canary" not in caught.value.user_message
    assert inbox.received == []


async def test_health_asks_the_server(registered, inbox):
    registered(plugin(inbox.port))
    assert (await health.check("email")).result.healthy
    await assert_plugin_contract(plugin(inbox.port))
    await assert_plugin_contract(plugin(port=1))


@pytest.mark.parametrize(
    ("options", "message_text"),
    [
        ({"allowed_domains": ()}, "allowed_domains: Tuple should have at least 1 item"),
        ({"allowed_domains": ("*",)}, "allowed_domains: must hold plain domains such as example"),
        ({"sender": "atlas"}, "sender: must hold plain addresses such as name@example.com"),
        ({"port": 0}, "port: Input should be greater than or equal to 1"),
    ],
)
def test_wrong_configuration_is_refused(options, message_text):
    with pytest.raises(PluginConfigError) as caught:
        plugin(**options)
    assert message_text in str(caught.value)

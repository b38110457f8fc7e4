"""Tickets are kept in the plugin's table or posted to an API, once per idempotency key."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import ValidationError

from plugins_app.builtin.ticket import TicketArguments, ticket
from plugins_app.host.errors import ActionDidNotHappen, ActionOutcomeUnknown
from plugins_app.host.facets import actions
from plugins_app.sdk import PluginConfigError, Preview
from plugins_app.sdk.testing import assert_plugin_contract
from tests.plugins.database import rows

KEY = "canary-7f3a91"


class Api(ThreadingHTTPServer):
    """A ticket system on this machine; `answers` are used up in turn, then 201."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []
        self.answers = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        answers = self.server.answers
        good = (201, {"id": "T-1", "url": "https://tickets.example.com/1"})
        status, content = answers.pop(0) if answers else good
        if status is None:
            self.close_connection = True
            return
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args):
        """Keep the test output quiet."""


@pytest.fixture
def api():
    server = Api()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def with_api(url, **options):
    return ticket(api_url=url, api_key=KEY, **options)


async def create(key="k-1", **given):
    found = actions.find("createSupportTicket")
    given = {"title": "Restock Chai", "body": "3 left"} | given
    arguments = found.spec.arguments(**given)
    ctx = actions.context(found, idempotency_key=key, request_id="7", requester_name="ann")
    return await actions.execute(found, arguments, ctx)


def test_the_action_is_the_one_of_the_guide():
    (action,) = ticket().actions
    assert (action.name, action.action_type) == ("createSupportTicket", "ticket:create")
    assert (action.default_approval, action.reversible) == ("manual", False)
    assert (action.delivery, action.verb) == ("idempotent", "Create ticket")
    assert action.phrases.verbs == ("create", "open", "file", "raise", "log")
    assert action.phrases.objects == ("ticket", "issue", "task")
    assert action.required_credentials == ()


@pytest.mark.parametrize(
    "given",
    [
        {"title": "x" * 201},
        {"title": " "},
        {"title": "x", "priority": "urgent"},
        {"title": "x", "assignee": "bob"},
        {},
    ],
)
def test_wrong_arguments_are_refused(given):
    with pytest.raises(ValidationError):
        TicketArguments(**given)


def test_a_title_may_have_200_characters():
    assert len(TicketArguments(title="x" * 200).title) == 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_url": "https://x.example.com"}, "api_key must not be empty when api_url is given"),
        ({"api_url": "not a url", "api_key": KEY}, "api_url: Input should be a valid URL"),
        ({"default_priority": "urgent"}, "default_priority: Input should be 'low', 'medium' or"),
    ],
)
def test_wrong_configuration_is_refused_without_the_key(options, message):
    with pytest.raises(PluginConfigError) as caught:
        ticket(**options)
    assert message in str(caught.value)
    assert KEY not in str(caught.value)


async def test_the_plugin_keeps_the_contract(api):
    await assert_plugin_contract(ticket())
    await assert_plugin_contract(with_api(api.url))


async def test_preview_and_summary_say_what_would_happen(registered):
    registered(ticket(default_priority="high"))
    found = actions.find("createSupportTicket")
    ctx = actions.context(found, idempotency_key="k", request_id="7", requester_name="ann")
    arguments = found.spec.arguments(title="Restock Chai")
    assert arguments.model_dump() == {"title": "Restock Chai", "body": "", "priority": "high"}
    assert await actions.preview(found, arguments, ctx) == Preview(
        "A ticket of priority high: Restock Chai"
    )
    assert await actions.summary(found, arguments) == "Create the ticket “Restock Chai”"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_a_ticket_is_kept_once_for_each_key(start, dropped, owner):
    await start(ticket(default_priority="low"))
    first = await create("k-1")
    assert await create("k-1") == first
    second = await create("k-2", priority="high", title="it's 100 %")
    assert first["ticket_id"].startswith("T-")
    assert first["ticket_id"] != second["ticket_id"]
    kept = await rows(
        owner,
        "SELECT request_key, title, body, priority, requester"
        " FROM plugin_ticket_tickets ORDER BY request_key",
    )
    assert kept == [
        ("k-1", "Restock Chai", "3 left", "low", "ann"),
        ("k-2", "it's 100 %", "3 left", "high", "ann"),
    ]


async def test_a_ticket_is_posted_with_key_and_idempotency_key(registered, api):
    registered(with_api(f"{api.url}/v1/"))
    result = await create("k-1")
    assert result == {"ticket_id": "T-1", "url": "https://tickets.example.com/1"}
    ((path, headers, body),) = api.seen
    assert path == "/v1/tickets"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Idempotency-Key"] == "k-1"
    assert body == {"title": "Restock Chai", "body": "3 left", "priority": "medium"}


FAILURES = [
    (400, {}, ActionDidNotHappen, "refused with 400; nothing was created"),
    (401, {}, ActionDidNotHappen, "refused with 401; nothing was created"),
    (302, {}, ActionDidNotHappen, "refused with 302; nothing was created"),
    (500, {}, ActionOutcomeUnknown, "The ticket system answered 500"),
    (None, {}, ActionOutcomeUnknown, "did not answer to the end"),
]


@pytest.mark.parametrize(("status", "content", "error", "message"), FAILURES)
async def test_the_answer_decides_what_is_known(registered, api, status, content, error, message):
    registered(with_api(api.url))
    api.answers.append((status, content))
    with pytest.raises(error) as caught:
        await create()
    assert message in caught.value.user_message
    assert KEY not in caught.value.user_message


async def test_an_api_that_cannot_be_reached_created_nothing(registered, api):
    registered(with_api(api.url))
    api.shutdown()
    api.server_close()
    with pytest.raises(ActionDidNotHappen, match="cannot be reached; nothing was created"):
        await create()


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b"created", {}),
        ([1], {}),
        ({"id": 7, "url": "javascript:alert(1)"}, {"ticket_id": "7"}),
    ],
)
async def test_a_strange_answer_to_a_created_ticket_is_no_failure(registered, api, content, result):
    registered(with_api(api.url))
    api.answers.append((201, content))
    assert await create() == result


def test_an_api_without_idempotency_is_asked_only_once():
    (action,) = with_api("https://x.example.com", api_honors_idempotency_key=False).actions
    assert action.delivery == "once"
    assert action.required_credentials == ("api_key",)

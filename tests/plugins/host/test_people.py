"""Interaction plugins ask and decide for people, with the rights of each and no others."""

import asyncio
import math

import pytest
from django.contrib.auth import get_user_model

from approvals.models import ActionRequest
from atlas.accounts.api_keys import create_key, revoke_key
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.conversations import ending
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Conversation, Participant, Run, RunEvent
from atlas.doors import doors
from plugins_app.host import people, registry
from plugins_app.host.calling import calls
from plugins_app.sdk import Answer, Interaction, Plugin, PluginError, Route, Waiting, WebResponse
from tests.approvals.desk import Outside, propose, start_run
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ROLES = {"ann": "analyst", "bob": "analyst", "ada": "admin", "vic": "viewer", "off": "analyst"}
REFUSED_READING = "Viewers read along and do not ask. Ask an admin for another role."
UNSEEN = "There is no such request, or you may not see it."
NO_CONVERSATION = "There is no such conversation, or you do not take part in it."
DEAD = "This API key does not work. It may be revoked, expired or mistyped."


class Messenger:
    """A plugin that hears people in some chat and speaks to Atlas for them."""

    def __init__(self, *types):
        self.ctx = None
        self.types = types

    def plugin(self):
        route = Route("/events", lambda request: WebResponse())
        web = {"interaction": Interaction(routes=(route,))} if "interaction" in self.types else {}
        return Plugin(
            id="messenger", types=self.types, version="1", initialize=self.initialize, **web
        )

    def initialize(self, ctx):
        self.ctx = ctx

    async def does(self, name, *args, **options):
        """Call the context on the plugin's own loop, as its code would."""
        entry = registry.current().get("messenger")
        work = getattr(self.ctx, name)

        async def run():
            try:
                return await work(*args, **options)
            except PluginError as error:
                return f"refused: {error}"

        return await calls.call(entry, run, timeout_s=math.inf)


def add_people():
    users = get_user_model().objects
    made = {name: users.create(username=name, role=role) for name, role in ROLES.items()}
    users.filter(username="off").update(is_active=False)
    return made


@pytest.fixture
async def bus():
    made = hub.Hub()
    await made.start()
    hub.install(made)
    yield made
    await made.stop()
    hub.install(None)


@pytest.fixture
async def messenger(start, bus, tmp_path):
    people.install(doors(tmp_path))
    made = Messenger("interaction")
    made.people = await in_db(add_people)
    await start(made.plugin(), Outside().plugin())
    yield made
    people.install(None)


@pytest.fixture
async def requests(messenger):
    """What a run of ann proposed: a note for its people and a mail for admins."""

    def file():
        run = start_run(messenger.people["ann"], readers=[messenger.people["vic"]])
        return propose(run, "note"), propose(run, "mail", call="call-2")

    return await in_db(file)


def answer(text):
    run = Run.objects.get()
    Run.objects.update(status=RunStatus.RUNNING, fence=1)
    RunEvent.objects.create(run=run, seq=1, kind=EventKind.TEXT, payload={"text": text})
    ending.finish_run(run.pk, 1, 2, (EventKind.DONE, {}), [])


async def test_a_question_is_asked_as_a_person_and_answered(messenger, bus):
    queued = bus.subscribe(Topic.RUNS)
    asked = asyncio.create_task(messenger.does("ask", "How many?", "ann"))
    await asyncio.wait_for(queued.get(), 10)
    await in_db(answer, "Twelve.")
    given = await asked
    (conversation,) = await rows(Conversation, "pk")
    assert given == Answer(str(conversation[0]), "Twelve.", "done")
    assert await rows(Run, "asked_by__username", "question__text") == [("ann", "How many?")]


async def test_a_wait_that_is_over_says_how_far_it_is(messenger):
    given = await messenger.does("ask", "How many?", "ann", timeout_s=0.05)
    assert (given.status, given.text, given.requests) == ("queued", "", ())


def lost_access(_key):
    get_user_model().objects.filter(username="ann").update(is_active=False)


def lost_the_key(key):
    revoke_key(key, by=key.owner)


def lost_the_place(_key):
    Participant.objects.filter(user__username="ann").delete()


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (lost_access, DEAD),
        (lost_the_key, DEAD),
        (lost_the_place, NO_CONVERSATION),
    ],
)
async def test_an_answer_is_given_to_who_may_read_it_when_it_ends(messenger, bus, lose, said):
    ann = messenger.people["ann"]
    key, text = await in_db(
        create_key, ann, name="desk", role=Role.ANALYST, scopes=[Scope.ASK], by=ann
    )
    queued = bus.subscribe(Topic.RUNS)
    asked = asyncio.create_task(messenger.does("ask", "How many?", f"Bearer {text}"))
    await asyncio.wait_for(queued.get(), 10)
    await in_db(lose, key)
    await in_db(answer, "Twelve.")
    assert await asked == f"refused: {said}"


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("vic", "How many?", REFUSED_READING),
        ("off", "How many?", "There is no active person of this name."),
        ("nobody", "How many?", "There is no active person of this name."),
        ("", "How many?", "There is no active person of this name."),
        ("ann", " ", "The question is empty. Write what you want to know."),
    ],
)
async def test_who_may_not_ask_is_refused_and_nothing_is_stored(messenger, name, question, said):
    assert await messenger.does("ask", question, name) == f"refused: {said}"
    assert await rows(Conversation, "pk") == []


@pytest.mark.parametrize("known", ["of ann", "not an id"])
async def test_nobody_asks_in_a_foreign_conversation(messenger, requests, known):
    conversation = str(requests[0].conversation_id) if known == "of ann" else known
    said = await messenger.does("ask", "And?", "bob", conversation_id=conversation)
    assert said == f"refused: {NO_CONVERSATION}"


async def test_what_waits_is_whole_only_for_who_decides_it(messenger, requests):
    note, mail = requests
    assert await messenger.does("pending") == [
        Waiting(note.pk, "note", "ann"),
        Waiting(mail.pk, "mail", "ann"),
    ]
    ((mine),) = await messenger.does("pending", "ann")
    assert (mine.request_id, mine.payload_hash) == (note.pk, note.payload_hash)
    assert mine.arguments["Title"] == "Restock Chai"
    assert [one.request_id for one in await messenger.does("pending", "ada")] == [mail.pk]
    for name in ("vic", "bob"):
        assert await messenger.does("pending", name) == []


@pytest.mark.parametrize(
    ("name", "which", "said"),
    [
        ("vic", 0, "Viewers can read requests, but not decide them."),
        ("bob", 0, UNSEEN),
        ("ada", 0, UNSEEN),
        ("ann", 1, "Only an admin can decide this request."),
        ("off", 0, "There is no active person of this name."),
    ],
)
async def test_who_may_not_decide_is_refused(messenger, requests, name, which, said):
    one = requests[which]
    for decision in ("approve", "reject"):
        given = await messenger.does("decide", one.pk, one.payload_hash, decision, name, "No")
        assert given == f"refused: {said}"
    assert set(await rows(ActionRequest, "status")) == {("pending",)}


async def test_a_decision_counts_as_the_persons_own(messenger, requests):
    note, mail = requests
    wrong = await messenger.does("decide", note.pk, "0" * 64, "approve", "ann")
    assert wrong.startswith("refused: What you saw is not what this request asks for now.")
    assert (await messenger.does("decide", note.pk, note.payload_hash, "maybe", "ann")).startswith(
        "refused: A decision is"
    )
    reasonless = await messenger.does("decide", note.pk, note.payload_hash, "reject", "ann")
    assert reasonless.startswith("refused: Say why you reject it")
    approved = await messenger.does("decide", note.pk, note.payload_hash, "approve", "ann")
    rejected = await messenger.does("decide", mail.pk, mail.payload_hash, "reject", "ada", "Late")
    assert (approved, rejected) == ("approved", "rejected")
    decided = AuditEntry.objects.filter(event__in=["request.approved", "request.rejected"])
    assert await rows(decided.order_by("id"), "actor_name", "body__through") == [
        ("ann", f"plugin {messenger.plugin().id}"),
        ("ada", f"plugin {messenger.plugin().id}"),
    ]


async def test_a_plugin_of_another_type_speaks_for_nobody(messenger, start):
    other = Messenger("action")
    entry = registry.current().get("desk")
    await calls.call(entry, lambda: other.initialize(entry.context), timeout_s=5)
    for name, arguments in {
        "ask": ("How many?", "ada"),
        "pending": (),
        "decide": (1, "0", "approve", "ada"),
    }.items():
        said = await other.does(name, *arguments)
        assert said == "refused: Only plugins of the type interaction ask and decide for people."


async def test_a_plugin_that_is_off_speaks_for_nobody(messenger):
    registry.current().get("messenger").enabled = False
    said = await messenger.does("ask", "How many?", "ann")
    assert said == "refused: This plugin is switched off."


async def test_a_process_without_services_says_so(messenger):
    people.install(None)
    said = await messenger.does("pending")
    assert said == "refused: This process answers no questions."

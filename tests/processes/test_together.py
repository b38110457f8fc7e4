"""Promises about two web processes and a worker on one Postgres, without Redis."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from atlas.accounts.models import User
from plugins_app.host.models import PluginState
from tests.processes.conftest import SignIn
from tests.processes.fleet import PEOPLE, Fleet, Server
from tests.processes.people import Person, Socket
from tests.processes.waiting import until

pytestmark = pytest.mark.processes

STOPPED_WITHIN_S = 1.0
PUSHED_WITHIN_S = 1.0
CLOSED_WITHIN_S = 2.0
TRIES = 5
PAGES = 10
WORDS = 200
SIGNED_OUT = 4401
GLOSSARY = "/admin/plugins/pluginstate/"


@dataclass(frozen=True)
class Trio:
    """Two web processes and the worker that answers what either is asked."""

    fleet: Fleet
    a: Server
    b: Server
    worker: Server


@pytest.fixture(scope="module")
def trio(shared_fleet: Fleet) -> Trio:
    call = {"name": "createSupportTicket", "arguments": {"title": "Restock Chai"}}
    text = " ".join(f"word{n}" for n in range(WORDS))
    scenes = [
        {"match": "restock", "turns": [{"text": "A ticket. ", "calls": [call]}]},
        {"match": "records", "turns": [{"text": "So it is."}]},
        {"match": "slowly", "turns": [{"text": text}], "pace_ms": 50},
        {"match": ".", "turns": [{"text": text}], "pace_ms": 5},
    ]
    script = shared_fleet.folder / "script.json"
    script.write_text(json.dumps(scenes))
    shared_fleet.variables["ATLAS_MODEL"] = f"scripted:{script}"
    a, b, worker = shared_fleet.start_all(["web", "web", "worker"])
    return Trio(shared_fleet, a, b, worker)


@pytest.fixture
def ann(trio: Trio, sign_in: SignIn) -> Person:
    return sign_in("ann", trio.a.address)


@pytest.fixture
def ada(trio: Trio, sign_in: SignIn) -> Person:
    return sign_in("ada", trio.a.address)


@pytest.fixture
def sockets(trio: Trio, ann: Person) -> Iterator[tuple[Socket, Socket]]:
    """One of ann at each web process."""
    with ann.socket() as at_a, ann.at(trio.b.address).socket() as at_b:
        yield at_a, at_b


def is_quick(attempt: Callable[[], float], limit_s: float, person: Person) -> bool:
    """Whether an attempt ends within the limit, and what ten pages take: little, or all is slow."""
    return any(attempt() < limit_s + ten_pages_s(person) for _ in range(TRIES))


def ten_pages_s(person: Person) -> float:
    began = time.monotonic()
    for _page in range(PAGES):
        assert person.http.get("/approvals/").status_code == 200
    return time.monotonic() - began


def watch(socket: Socket, conversation: str, **after: int) -> None:
    socket.send(type="watch", conversation=conversation, after=after)


def test_an_answer_streams_to_both_alike_also_to_who_comes_late(
    trio: Trio, ann: Person, sockets: tuple[Socket, Socket]
) -> None:
    at_a, at_b = sockets
    started = at_a.ask("Tell me everything")
    run, conversation = started["run"], started["conversation"]
    watch(at_b, conversation)
    with ann.at(trio.b.address).socket() as late:
        at_b.until(lambda: at_b.text(run).count(" ") > WORDS / 2)
        known = at_b.events(run)[-1]["seq"]
        watch(late, conversation, **{run: known})
        for socket in (at_a, at_b, late):
            assert socket.end_of(run)["kind"] == "done"

    events = at_a.events(run)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert at_b.events(run) == events
    assert late.events(run) == events[known:]
    assert at_a.text(run).count(" ") == WORDS - 1
    assert len(at_a.events(run, "text")) > 5


def test_a_stop_at_one_ends_what_the_other_shows(
    ann: Person, sockets: tuple[Socket, Socket]
) -> None:
    at_a, at_b = sockets

    def stopping() -> float:
        run = at_a.ask("Tell me slowly")["run"]
        at_a.until(lambda: at_a.text(run).count(" ") > 3)
        pressed = time.monotonic()
        at_b.send(type="stop", run=run)
        assert at_a.end_of(run)["kind"] == "stopped"
        return time.monotonic() - pressed

    assert is_quick(stopping, STOPPED_WITHIN_S, ann)


def test_a_card_and_its_decision_reach_both_and_the_queue(
    trio: Trio, ann: Person, sockets: tuple[Socket, Socket]
) -> None:
    at_a, at_b = sockets

    def deciding() -> float:
        with ann.socket("atlas.html") as queue:
            started = at_a.ask("Create a ticket to restock Chai")
            watch(at_b, started["conversation"])
            at_a.end_of(started["run"])
            number = at_a.events(started["run"], "request")[0]["payload"]["request_id"]
            both_show(sockets, number, "pending")
            assert f'id="request-{number}"' in ann.http.get("/approvals/").text
            queue.send(type="watch", requests={str(number): "pending"})
            decided = time.monotonic()
            ann.at(trio.b.address).decide("approve", number)
            both_show(sockets, number, "executed")
            queue.html(f'id="request-{number}"', 'data-status="executed"')
            seconds = time.monotonic() - decided
        both_tell(sockets, started["conversation"], after=started["run"])
        return seconds

    assert is_quick(deciding, PUSHED_WITHIN_S, ann)


def both_show(sockets: tuple[Socket, Socket], number: int, status: str) -> None:
    for socket in sockets:
        socket.until(lambda socket=socket: status in socket.statuses(number))


def both_tell(sockets: tuple[Socket, Socket], conversation: str, after: str) -> None:
    """Both sockets are told of the follow-up, alike."""
    at_a, at_b = sockets

    def follow_ups() -> list[str]:
        runs = [frame for frame in at_a.frames if frame["type"] == "run"]
        here = [frame["run"] for frame in runs if frame["conversation"] == conversation]
        return [run for run in here if run != after]

    at_a.until(follow_ups)
    told = follow_ups()[0]
    for socket in sockets:
        socket.end_of(told)
    assert at_a.text(told) == "So it is."
    assert at_b.events(told) == at_a.events(told)


def test_a_refresh_at_one_reaches_all_and_all_are_listed(trio: Trio, ada: Person) -> None:
    states = PluginState.objects.filter(plugin_id="glossary")

    def texts() -> list[str]:
        return list(states.values_list("context_text", flat=True))

    until("three processes", lambda: states.count() == 3)
    (trio.fleet.folder / "glossary.yml").write_text("terms:\n  basket: one order\n")

    chosen = str(states.values_list("pk", flat=True)[0])
    answer = ada.post(GLOSSARY, action="refresh_context", _selected_action=chosen)

    assert "basket" in answer.text
    until("refreshed", lambda: all("basket" in text for text in texts()))
    page = ada.http.get(GLOSSARY).text
    for server in (trio.a, trio.b, trio.worker):
        assert f":{server.pid}" in page


@pytest.mark.parametrize(
    ("name", "taken"), [("bob", {"role": "viewer"}), ("abe", {"is_active": ""})]
)
def test_who_loses_rights_at_one_loses_the_sockets_at_the_other(
    trio: Trio, ada: Person, sign_in: SignIn, name: str, taken: dict[str, str]
) -> None:
    def taking() -> float:
        changed_by(ada, name)
        with sign_in(name, trio.b.address).socket() as socket, ada.socket() as other:
            changed = time.monotonic()
            changed_by(ada, name, **taken)
            assert socket.close_code() == SIGNED_OUT
            seconds = time.monotonic() - changed
            other.ask("Tell me everything")
        return seconds

    assert is_quick(taking, CLOSED_WITHIN_S, ada)


def changed_by(admin: Person, name: str, **changes: str) -> None:
    """Give somebody the rights of the start, but for `changes`, on the admin site."""
    person = User.objects.get(username=name)
    form = {"username": name, "email": person.email, "is_active": "on"}
    form["role"] = PEOPLE[name].value
    form |= {"api_keys-TOTAL_FORMS": "0", "api_keys-INITIAL_FORMS": "0"}
    filled = {field: value for field, value in (form | changes).items() if value}
    answer = admin.post(f"/admin/accounts/user/{person.pk}/change/", **filled)
    assert answer.status_code == 302, answer.text

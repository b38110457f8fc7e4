"""Promises about killed servers: nothing shown is lost, and a continued answer is the whole one."""

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.conversations import services
from atlas.conversations.models import Run, RunEvent
from atlas.events.replay import read_runs, text_of
from tests.processes.conftest import SignIn
from tests.processes.fleet import Fleet, Server
from tests.processes.people import Person, Socket
from tests.processes.waiting import until

pytestmark = pytest.mark.processes

WORDS = 120
ANSWER = " ".join(f"word{n}" for n in range(WORDS))
POSITIONS = 20 if os.environ.get("ATLAS_TEST_LONG") else 5
# So many kills must hit the answer between its first and its last word.
INSIDE = 0.75
SEED = int(os.environ.get("ATLAS_TEST_SEED", random.randrange(10**6)))  # noqa: S311  # no secret
FILING = "createSupportTicket"
TICKET = "Create a ticket to restock Chai"


@dataclass(frozen=True)
class Talker:
    """A model, slow enough to be killed in the middle of a word, and a question for it."""

    question: str
    variables: dict[str, str]


@pytest.fixture
def talker(request: pytest.FixtureRequest, tmp_path: Path) -> Talker:
    if request.param == "builtin":
        variables = {"ATLAS_BUILTIN_PACE_MS": "25"}
        return Talker("Which customers in Germany ordered most?", variables)
    return Talker("Tell me everything", {"ATLAS_MODEL": script(tmp_path)})


def script(folder: Path) -> str:
    call = {"name": FILING, "arguments": {"title": "Restock Chai"}}
    filed = {"text": "Here is a ticket. ", "calls": [call]}
    # Never said: filing a ticket ends the turn, also when the server is killed right after it.
    again = {"text": "And one more. ", "calls": [{**call, "arguments": {"title": "Restock Tofu"}}]}
    scenes = [
        {"match": "restock", "turns": [filed, again], "pace_ms": 5},
        {"match": "slowly", "turns": [{"text": ANSWER}], "pace_ms": 100},
        {"match": "calmly", "turns": [{"text": ANSWER}], "pace_ms": 12},
        {"match": ".", "turns": [{"text": ANSWER}], "pace_ms": 6},
    ]
    path = folder / "script.json"
    path.write_text(json.dumps(scenes))
    return f"scripted:{path}"


def said(*runs: Run) -> str:
    """The text that is stored for these runs, in the order of the runs."""
    return "".join(text_of(read_runs({run.pk: 0})) for run in runs)


def has_status(run: Run, *statuses: str) -> Callable[[], bool]:
    return lambda: Run.objects.get(pk=run.pk).status in statuses


def everything_received_is_stored(sockets: list[Socket], run: Run) -> None:
    stored = RunEvent.objects.filter(run=run).values_list("seq", "kind", "payload")
    known = {seq: (kind, payload) for seq, kind, payload in stored}
    for socket in sockets:
        for frame in socket.events(str(run.pk)):
            assert known[frame["seq"]] == (frame["kind"], frame["payload"])


def continued(run: Run) -> Run:
    """Wait for the reaper, click on continue, and wait for the end."""
    until("interrupted", has_status(run, "interrupted"))
    again = services.continue_run(run.pk, by=User.objects.get(username="ann"))
    until("done", has_status(again, "done"))
    return again


class Killing:
    """One person's question, watched by two sockets, whose server is killed meanwhile."""

    def __init__(self, fleet: Fleet, talker: Talker, ann: Person) -> None:
        self.fleet = fleet
        self.talker = talker
        self.ann = ann

    def kill_at(self, server: Server, words: int) -> Run:
        """Kill when the asker has received so many words; 0 is before the first."""
        ann = self.ann.at(server.address)
        with ann.socket() as asker, ann.socket() as reader:
            started = asker.ask(self.talker.question)
            reader.send(type="watch", conversation=started["conversation"])
            run = started["run"]
            if words:
                asker.until(lambda: asker.text(run).count(" ") >= words)
            else:
                asker.until(lambda: asker.events(run))
            server.kill()
            asker.drain()
            reader.drain()
        found = Run.objects.get(pk=run)
        everything_received_is_stored([asker, reader], found)
        return found

    def kill_inside(self, server: Server, words: int, whole: str) -> Run:
        """The same, and earlier where this process stood still until the answer was complete."""
        while said(run := self.kill_at(server, words)) == whole:
            server, words = self.fleet.start(**self.talker.variables), (words + 1) // 2
        return run

    def whole(self, server: Server) -> str:
        """The undisturbed text."""
        with self.ann.at(server.address).socket() as socket:
            run = socket.ask(self.talker.question)["run"]
            assert socket.end_of(run)["kind"] == "done"
            return socket.text(run)


@pytest.mark.parametrize("talker", ["scripted", "builtin"], indirect=True)
def test_a_killed_answer_goes_on_to_the_same_text(
    talker: Talker, fleet: Fleet, sign_in: SignIn
) -> None:
    print(f"ATLAS_TEST_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    chance = random.Random(SEED)  # noqa: S311  # no secret
    server = fleet.start(**talker.variables)
    killing = Killing(fleet, talker, sign_in("ann", server.address))
    whole = killing.whole(server)
    last = whole.count(" ") * 3 // 4
    inside = 0
    for place in range(POSITIONS):
        words = chance.randint(1, last) if place % 5 else 0
        run = killing.kill_inside(server, words, whole)
        before = said(run)
        assert Run.objects.get(pk=run.pk).status == "running"
        assert whole.startswith(before)
        inside += "" != before != whole

        server = fleet.start(**talker.variables)
        until("interrupted", has_status(run, "interrupted"))
        assert Run.objects.get(pk=run.pk).answer.text == before

        again = continued(run)
        assert Run.objects.get(pk=run.pk).answer.text == said(run, again) == whole
    assert inside >= POSITIONS * INSIDE


@pytest.mark.parametrize("talker", ["scripted", "builtin"], indirect=True)
def test_a_proposal_is_filed_once_wherever_the_server_was_killed(
    talker: Talker, fleet: Fleet, sign_in: SignIn
) -> None:
    server = fleet.start(**talker.variables)
    ann = sign_in("ann", server.address)
    for state in ("started", "done", "request"):
        with ann.at(server.address).socket() as socket:
            number = socket.ask(TICKET)["run"]
            socket.until(lambda number=number, state=state: filing(socket, number, state))
            server.kill()
            socket.drain()
        run = Run.objects.get(pk=number)
        everything_received_is_stored([socket], run)

        server = fleet.start(**talker.variables)
        until("an end", has_status(run, "interrupted", "done"))
        if has_status(run, "interrupted")():
            continued(run)

        (request,) = ActionRequest.objects.filter(question=run.question)
        assert (request.status, request.summary) == ("pending", "Create the ticket “Restock Chai”")
        answer = Run.objects.get(pk=number).answer
        assert [part["kind"] for part in answer.parts].count("request") <= 1
        assert "one more" not in answer.text


def filing(socket: Socket, run: str, state: str) -> bool:
    """Whether the filing of the ticket got as far as `state`, as the asker sees it."""
    if state == "request":
        return bool(socket.events(run, "request"))
    steps = [frame["payload"] for frame in socket.events(run, "step")]
    return any(step["name"] == FILING and step["state"] == state for step in steps)


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return {"ATLAS_MODEL": script(tmp_path)}


@pytest.fixture
def ann(own_database: object) -> User:
    return User.objects.get(username="ann")


def test_a_server_killed_twice_in_one_answer_loses_nothing(
    fleet: Fleet, ann: User, variables: dict[str, str]
) -> None:
    server = fleet.start(**variables)
    runs = [services.ask(ann, "Tell me calmly")]
    for words in (20, 60):
        until(f"{words} words", lambda words=words: said(*runs).count(" ") >= words)
        server.kill()
        server = fleet.start(**variables)
        until("interrupted", has_status(runs[-1], "interrupted"))
        runs.append(services.continue_run(runs[-1].pk, by=ann))

    until("done", has_status(runs[-1], "done"))

    runs[0].answer.refresh_from_db()
    assert runs[0].answer.text == said(*runs) == ANSWER


def test_an_answer_stopped_half_way_keeps_its_text_and_goes_on(
    fleet: Fleet, ann: User, variables: dict[str, str]
) -> None:
    fleet.start(**variables)
    run = services.ask(ann, "Tell me calmly")
    until("20 words", lambda: said(run).count(" ") >= 20)
    services.request_stop(run.pk, by=ann)
    until("stopped", has_status(run, "stopped"))
    run.answer.refresh_from_db()
    assert ANSWER.startswith(run.answer.text)

    again = services.continue_run(run.pk, by=ann)
    until("done", has_status(again, "done"))

    run.answer.refresh_from_db()
    assert run.answer.text == said(run, again) == ANSWER


def test_a_server_that_is_told_to_end_writes_what_it_broke_off(
    fleet: Fleet, ann: User, variables: dict[str, str]
) -> None:
    server = fleet.start(**variables)
    quick, slow = (services.ask(ann, text) for text in ("Tell me", "Tell me slowly"))
    until("10 words", lambda: said(slow).count(" ") >= 10)
    assert server.stop() == 0

    for run, status in ((quick, "done"), (slow, "interrupted")):
        run.refresh_from_db()
        assert run.status == status
        assert run.answer.text == said(run)
        assert ANSWER.startswith(run.answer.text)
    assert quick.answer.text == ANSWER


def test_a_question_stopped_before_it_began_is_stopped_at_once(
    fleet: Fleet, ann: User, variables: dict[str, str]
) -> None:
    run = services.ask(ann, "Tell me everything")
    services.request_stop(run.pk, by=ann)

    fleet.start(**variables)
    until("an end", lambda: Run.objects.get(pk=run.pk).finished_at is not None)

    assert Run.objects.get(pk=run.pk).status == "stopped"
    assert said(run) == ""

"""Promises about people who decide at the same moment in different processes: one decision each."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.db import connection

from approvals import services
from approvals.models import ActionRequest, Vote
from atlas.accounts.api_keys import create_key
from atlas.accounts.models import User
from atlas.accounts.roles import Scope
from atlas.audit.models import AuditEntry
from tests.approvals.desk import propose, start_run
from tests.database import ROOT, ProcessDatabase
from tests.faults.remote import Remote
from tests.processes.fleet import Fleet
from tests.processes.waiting import until

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("own_database", "desk")]

ROUNDS = 10_000 if os.environ.get("ATLAS_TEST_LONG") else 500
OVER_HTTP = 100 if os.environ.get("ATLAS_TEST_LONG") else 10
APPROVALS = 100
LANES = 2


@dataclass(frozen=True)
class Contest:
    """What two people do at the same moment: how many of them get through, and after whom."""

    votes: tuple[tuple[str, str], tuple[str, str]]
    needed: int = 1
    before: tuple[str, ...] = ()
    get_through: int = 1


CONTESTS = (
    Contest((("ann", "approve"), ("bob", "reject"))),
    Contest((("bob", "approve"), ("abe", "approve")), needed=2, get_through=2),
    Contest((("bob", "approve"), ("abe", "approve")), needed=2, before=("ann",)),
    Contest((("ann", "approve"), ("bob", "approve"))),
    # A double click is one vote, and both clicks are answered alike.
    Contest((("bob", "approve"), ("bob", "approve")), get_through=2),
)
_CLONE = """
INSERT INTO approvals_actionrequest ({columns})
SELECT {values} FROM approvals_actionrequest, generate_series(1, %s) WHERE id = %s
RETURNING id
"""


def clones(request: ActionRequest, count: int, needed: int = 1) -> list[int]:
    """File the same again and again, as other calls of the model; in SQL, because it is quick."""
    fresh = {
        "tool_call_id": "gen_random_uuid()",
        "idempotency_key": "gen_random_uuid()",
        "policy": "%s::jsonb",
    }
    names = [field.column for field in ActionRequest._meta.concrete_fields if field.column != "id"]
    values = [fresh.get(name, name) for name in names]
    statement = _CLONE.format(columns=", ".join(names), values=", ".join(values))
    policy = json.dumps({**request.policy, "approvals": needed})
    with connection.cursor() as cursor:
        cursor.execute(statement, [policy, count, request.pk])
        return [row[0] for row in cursor.fetchall()]


def vote_in_processes(
    database: ProcessDatabase, rounds: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], list[str]]]:
    """Have every round voted on by processes of its own; returns each with the answers."""
    lanes = [rounds[lane::LANES] for lane in range(LANES)]
    variables = {**database.variables, "DJANGO_SETTINGS_MODULE": "atlas.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.voters"],
        input=json.dumps([lane for lane in lanes if lane]),
        stdout=subprocess.PIPE,
        env=variables,
        cwd=ROOT,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    pairs = (zip(lane, told, strict=True) for lane, told in zip(lanes, answers, strict=False))
    return list(itertools.chain.from_iterable(pairs))


@pytest.fixture
def people() -> dict[str, User]:
    return {user.username: user for user in User.objects.all()}


@pytest.fixture
def pattern(people: dict[str, User]) -> ActionRequest:
    """A request that ann, bob and abe may decide."""
    run = start_run(people["ann"], people["bob"], people["abe"])
    return propose(run, "once")


def test_two_processes_at_once_make_one_decision(
    own_database: ProcessDatabase, pattern: ActionRequest, people: dict[str, User]
) -> None:
    digest = pattern.payload_hash
    contests: dict[int, Contest] = {}
    for contest in CONTESTS:
        for pk in clones(pattern, ROUNDS // len(CONTESTS), contest.needed):
            contests[pk] = contest
            for name in contest.before:
                services.approve(pk, by=people[name], payload_hash=digest)
    rounds = [
        {"request": pk, "hash": digest, "votes": contest.votes} for pk, contest in contests.items()
    ]

    told = vote_in_processes(own_database, rounds)

    votes, decisions = votes_by_request(), decisions_by_request()
    rows = ActionRequest.objects.in_bulk()
    assert len(told) == ROUNDS
    for one, answers in told:
        pk = one["request"]
        contest = contests[pk]
        got_through = [vote for vote, code in zip(contest.votes, answers, strict=True) if not code]
        assert len(got_through) == contest.get_through, one
        assert set(answers) <= {"", "conflict"}, one
        cast = [(name, "approve") for name in contest.before] + sorted(set(got_through))
        assert sorted(votes[pk]) == sorted(cast), one
        assert decisions[pk] == len(cast), one
        name, verb = votes[pk][-1]
        assert (rows[pk].decided_by, rows[pk].status) == (people[name], PAST[verb]), one


PAST = {"approve": "approved", "reject": "rejected"}


def votes_by_request() -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for vote in Vote.objects.order_by("id").values_list("request", "voter_name", "decision"):
        found.setdefault(vote[0], []).append(vote[1:])
    return found


def decisions_by_request() -> dict[int, int]:
    found: dict[int, int] = {}
    events = ["request.approved", "request.rejected"]
    subjects = AuditEntry.objects.filter(event__in=events).values_list("subject", flat=True)
    for subject in subjects:
        pk = int(subject.removeprefix("request "))
        found[pk] = found.get(pk, 0) + 1
    return found


class Programs:
    """API clients of people, at a web process."""

    def __init__(self, address: str, people: dict[str, User]) -> None:
        self.address = address
        self.headers = {}
        for name, person in people.items():
            if person.may_decide:
                _key, text = create_key(
                    person, name="p", role=person.as_role, scopes=(Scope.DECIDE,), by=person
                )
                self.headers[name] = {"Authorization": f"Bearer {text}"}

    def at_once(self, votes: list[tuple[str, str, int, str]]) -> list[int]:
        """Send these votes at the same moment; returns the statuses of the answers.

        Whoever is answered that the database was not there in time sends it again.
        """
        start = Barrier(len(votes))

        def send(vote: tuple[str, str, int, str]) -> int:
            name, verb, pk, digest = vote
            body = {"payload_hash": digest, **({"reason": "No"} if verb == "reject" else {})}
            address = f"{self.address}/api/v1/actions/{pk}/{verb}"
            with httpx.Client(headers=self.headers[name], timeout=60) as client:
                start.wait()
                # As with voters: on a stalled machine a row is held for longer than locks may take.
                while (answer := client.post(address, json=body)).status_code == 503:
                    pass
                return answer.status_code

        with ThreadPoolExecutor(len(votes)) as pool:
            return list(pool.map(send, votes))


def test_two_at_once_over_http_make_one_decision_and_a_hundred_approvals_one_execution(
    own_database: ProcessDatabase,
    remote_fleet: Callable[..., Fleet],
    remote: Remote,
    pattern: ActionRequest,
    people: dict[str, User],
) -> None:
    remote.mode = "answer"
    fleet = remote_fleet(own_database.variables)
    web, _worker = fleet.start_all(["web", "worker"])
    programs = Programs(web.address, people)
    digest = pattern.payload_hash
    for _round in range(OVER_HTTP):
        (pk,) = clones(pattern, 1)
        votes = [("ann", "approve", pk, digest), ("bob", "reject", pk, digest)]
        assert sorted(programs.at_once(votes)) == [200, 409]
        assert decisions_by_request()[pk] == 1

    clicks = [(name, "approve", pattern.pk, digest) for name in ("ann", "bob", "abe")]
    spread = {"request": pattern.pk, "hash": digest, "votes": [["bob", "approve"]] * 2}
    with ThreadPoolExecutor(1) as pool:
        direct = pool.submit(vote_in_processes, own_database, [spread] * 35)
        statuses = [programs.at_once(clicks * 5) for _times in range(2)]
        told = direct.result()

    assert sum(map(len, statuses)) + sum(len(answers) for _one, answers in told) == APPROVALS
    assert {status for some in statuses for status in some} <= {200, 409}
    until("the end", lambda: not ActionRequest.objects.open().exists())
    (vote,) = Vote.objects.filter(request=pattern)
    pattern.refresh_from_db()
    assert (pattern.status, pattern.attempts, pattern.decided_by) == ("executed", 1, vote.voter)
    assert [line.request for line in remote.lines()].count(pattern.pk) == 1
    executed = ActionRequest.objects.filter(status="executed").count()
    assert len(remote.lines()) == executed

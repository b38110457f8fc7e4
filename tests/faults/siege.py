"""People who decide without pause, while worker, web and Postgres are killed in turn.

What counts is the remote's journal and what the people were told; never the product's tables
alone.
"""

import itertools
import os
import queue
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.db import connections

from approvals.models import ActionRequest
from atlas.accounts.api_keys import create_key
from atlas.accounts.models import User
from atlas.accounts.roles import Scope
from atlas.audit.models import AuditEntry
from atlas.common.db import is_outage
from atlas.runtime import postmaster
from tests.approvals.desk import NoteArguments, propose, start_run
from tests.cluster import TestCluster
from tests.faults.remote import Line, Remote
from tests.faults.remote_desk import DELIVERIES
from tests.processes.fleet import Fleet, Server, until

TARGETS = ("postgres", "web", "worker")
ACTIONS = "/api/v1/actions/"
# So many requests wait or run at most, so that no kill finds an empty house or a long queue.
MOST_OPEN = 14
PAUSE_S = 0.03
REASON = {"reason": "Not now"}


@dataclass(frozen=True)
class Row:
    """What the product says of one request."""

    pk: int
    delivery: str
    status: str
    key: str
    arguments: str
    intents: int


def rows_of_all() -> list[Row]:
    """What the product says of every request."""
    executing = AuditEntry.objects.filter(event="request.executing")
    intents = Counter(executing.values_list("subject", flat=True))
    return [
        Row(
            pk=row.pk,
            delivery=row.action,
            status=row.status,
            key=str(row.idempotency_key),
            arguments=_as_sent(row.arguments),
            intents=intents[f"request {row.pk}"],
        )
        for row in ActionRequest.objects.order_by("pk")
    ]


def violations(rows: Iterable[Row], journal: Iterable[Line], told: dict[int, str]) -> list[str]:
    """Every way in which the product's word differs from the journal or from what was told."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in journal:
        lines[line.request].append(line)
    found = []
    for row in rows:
        problems = itertools.chain(_of_calls(row, lines[row.pk]), _of_status(row, lines[row.pk]))
        found += [f"request {row.pk} ({row.delivery}): {problem}" for problem in problems]
        if problem := _of_decision(row, told.get(row.pk, "")):
            found.append(f"request {row.pk} ({row.delivery}): {problem}")
    strange = set(lines) - {row.pk for row in rows}
    return found + [f"request {pk}: done, and nobody asked for it" for pk in sorted(strange)]


def _of_calls(row: Row, calls: list[Line]) -> Iterable[str]:
    if sum(call.effect for call in calls) > 1:
        yield "done twice"
    if row.delivery != "idempotent" and len(calls) > 1:
        yield "sent twice"
    if any(call.key != row.key for call in calls):
        yield "sent under another key"
    if any(call.arguments != row.arguments for call in calls):
        yield "not as approved"
    if len(calls) > row.intents:
        yield "sent without a record"


def _of_status(row: Row, calls: list[Line]) -> Iterable[str]:
    happened = any(call.effect for call in calls)
    if row.status == "executed" and not happened:
        yield "shown as done, and it never was"
    if row.status not in ("executed", "unknown") and happened:
        yield f"shown as {row.status}, and it was done"


def _of_decision(row: Row, told: str) -> str:
    expected = {
        "approve": ("executed", "failed", "unknown"),
        "reject": ("rejected",),
        "": ("pending",),
    }
    return "" if row.status in expected[told] else f"decision {told!r} lost: it is {row.status}"


@dataclass
class Siege:
    """One house under siege; `told` is what deciders were told, by request."""

    cluster: TestCluster
    fleet: Fleet
    remote: Remote
    seed: int
    told: dict[int, str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    hits: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # no secret
        self.filed: queue.Queue[ActionRequest | None] = queue.Queue()
        self.over, self.confirmed = threading.Event(), threading.Event()
        self.ann, self.bob = (User.objects.get(username=name) for name in ("ann", "bob"))
        self.run = start_run(self.ann, self.bob)
        # It keeps the run from being told of, until everything else has ended.
        self.last = propose(self.run, "once", title="The last one", call="last")
        self.worker, self.web = self.fleet.start_all(["worker", "web"])

    def endure(self, kills: int) -> None:
        """Kill so often while people decide, and wait until everything has ended."""
        with ThreadPoolExecutor(3) as pool:
            people: list[Future[None]] = [pool.submit(self._file)]
            people += [pool.submit(self._decide, one) for one in (self.ann, self.bob)]
            try:
                for number in range(kills):
                    self._strike(TARGETS[number % len(TARGETS)])
                    for one in people:
                        assert one.running(), one.result()
            finally:
                self.over.set()
            for one in people:
                one.result()
        self._drain()

    def listed(self, status: str) -> dict[int, str]:
        """The sentences that a program is given for requests of a status."""
        found: dict[int, str] = {}
        with self._client(self.ann) as client:
            for page in itertools.count(1):
                query: dict[str, str | int] = {"status": status, "page": page}
                answer = client.get(self.web.address + ACTIONS, params=query).json()
                found |= {one["id"]: one["sentence"] for one in answer["actions"]}
                if page >= answer["pages"]:
                    return found
        raise AssertionError

    def decide(self, client: httpx.Client, request: ActionRequest, verb: str) -> None:
        """Say it until it is confirmed; whatever comes before is no answer."""
        body = {"payload_hash": request.payload_hash, **(REASON if verb == "reject" else {})}
        headers = {"Idempotency-Key": f"decision-{request.pk}"}

        def confirmed() -> bool:
            try:
                address = f"{self.web.address}{ACTIONS}{request.pk}/{verb}"
                answer = client.post(address, json=body, headers=headers)
            except httpx.HTTPError:
                return self._pause()
            assert answer.status_code in (200, 500, 503), answer.text
            return answer.status_code == 200 or self._pause()

        until(f"{verb} {request.pk}", confirmed)
        self.told[request.pk] = verb
        self.confirmed.set()

    def _file(self) -> None:
        try:
            for number in itertools.count():
                if self.over.is_set():
                    break
                self._patiently(lambda: len(_open()) < MOST_OPEN or self._pause())
                action = DELIVERIES[number % len(DELIVERIES)]
                names = {"title": f"Ticket {number}", "call": f"call-{number}"}
                self.filed.put(self._patiently(lambda a=action, n=names: propose(self.run, a, **n)))
        finally:
            for _decider in range(2):
                self.filed.put(None)
            connections.close_all()

    def _decide(self, person: User) -> None:
        chance = random.Random(f"{self.seed} {person}")  # noqa: S311  # no secret
        with self._client(person) as client:
            while (request := self.filed.get()) is not None:
                verb = "reject" if chance.random() < 0.1 else "approve"
                self.decide(client, request, verb)
                if chance.random() < 0.1:
                    self.decide(client, request, verb)
        connections.close_all()

    def _client(self, person: User) -> httpx.Client:
        text = self._patiently(
            lambda: create_key(
                person, name="p", role=person.as_role, scopes=(Scope.DECIDE,), by=person
            )[1]
        )
        return httpx.Client(headers={"Authorization": f"Bearer {text}"}, timeout=10)

    def _patiently(self, step: Callable[[], Any]) -> Any:
        """Take a step as soon as Postgres is there for it."""

        def taken() -> Any:
            try:
                return step()
            except Exception as error:
                if not is_outage(error):
                    raise
                connections.close_all()
                return self._pause()

        return until("Postgres", taken)

    def _pause(self) -> bool:
        """Leave the processors to others before the next try; says no."""
        threading.Event().wait(PAUSE_S)
        return False

    def _strike(self, target: str) -> None:
        self.t9 = getattr(self, "t9", time.monotonic())
        # A kill while nothing is under way would prove little.
        sign = self.confirmed if target == "web" else self.remote.arrived
        sign.clear()
        sign.wait(5)
        time.sleep(self.chance.uniform(0, 0.15))
        self.hits += self.remote.under_way > 0
        self.kills[target] += 1
        {"postgres": self._kill_postgres, "web": self._kill_web, "worker": self._kill_worker}[
            target
        ]()

    def _kill_worker(self) -> None:
        self.worker.kill()
        if is_away := self.chance.random() < 0.2:
            self.remote.go_away()
        self._end_leases()
        self.worker = self.fleet.start("worker")
        if is_away:
            time.sleep(self.chance.uniform(0, 0.1))
            self.remote.listen()

    def _kill_web(self) -> None:
        self.web.kill()
        self.web = self.fleet.start("web")

    def _kill_postgres(self) -> None:
        pid = postmaster.postmaster_pid(self.cluster.local.places.data)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.cluster.local.start()

    def _end_leases(self) -> None:
        """End the leases of a dead worker now, as time would."""
        with self.cluster.superuser() as superuser:
            superuser.execute(
                "UPDATE approvals_actionrequest SET lease_until = statement_timestamp()"
                " WHERE lease_until IS NOT NULL"
            )

    def _drain(self) -> None:
        worker: Server = self.worker
        assert worker.stop() == 0, worker.log.read_text()
        self._end_leases()
        self.worker = self.fleet.start("worker")
        until("all to end", lambda: self._patiently(lambda: [_open() == [self.last.pk]])[0])
        until("the remote to be idle", lambda: not self.remote.under_way)
        with self._client(self.ann) as client:
            self.decide(client, self.last, "reject")


def _open() -> list[int]:
    return list(ActionRequest.objects.open().values_list("pk", flat=True))


def _as_sent(arguments: dict[str, Any]) -> str:
    return NoteArguments.model_validate(arguments).model_dump_json()

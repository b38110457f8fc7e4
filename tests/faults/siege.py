"""People who decide and undo without pause, while worker, web and Postgres are killed in turn.

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
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.db import connections
from django.db.models import Q

from approvals.enums import OPEN, Status
from approvals.models import ActionRequest
from atlas.accounts.api_keys import create_key
from atlas.accounts.models import User
from atlas.accounts.roles import Scope
from atlas.common.db import is_outage
from atlas.runtime import postmaster
from tests.approvals.desk import propose, start_run
from tests.cluster import TestCluster
from tests.faults.remote import Remote
from tests.faults.remote_desk import CHECKED, DELIVERIES
from tests.processes.fleet import Fleet, Server
from tests.processes.waiting import until

TARGETS = ("postgres", "web", "worker")
ACTIONS = "/api/v1/actions/"
# So many requests wait or run at most, so that no kill finds an empty house or a long queue.
MOST_OPEN = 14
PAUSE_S = 0.03
REASON = {"reason": "Not now"}
GOES = "goes again"
# What becomes of tickets once they are there: of each delivery class, two of four are undone.
LATER = ("stays", GOES, "stays", f"{GOES}, {CHECKED}")


@dataclass
class Siege:
    """One house under siege; `told` is what deciders were told, by request.

    `undone` are the requests of which somebody was told that they are rolled back.
    """

    cluster: TestCluster
    fleet: Fleet
    remote: Remote
    seed: int
    told: dict[int, str] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
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
        with ThreadPoolExecutor(4) as pool:
            people: list[Future[None]] = [pool.submit(self._file), pool.submit(self._undo)]
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

    def words(self) -> dict[int, str]:
        """The last word that people were given, by request: approve, reject or undo."""
        return {**self.told, **dict.fromkeys(self.undone, "undo")}

    def decide(self, client: httpx.Client, request: ActionRequest, verb: str) -> None:
        """Say it until it is confirmed."""
        self._said(client, request, verb)
        self.told[request.pk] = verb
        self.confirmed.set()

    def _said(self, client: httpx.Client, request: ActionRequest, verb: str) -> dict[str, Any]:
        """What is answered in the end; whatever comes before is no answer."""
        body = {"payload_hash": request.payload_hash, **(REASON if verb == "reject" else {})}
        headers = {"Idempotency-Key": f"{verb} {request.pk}"}

        def answered() -> Any:
            try:
                address = f"{self.web.address}{ACTIONS}{request.pk}/{verb}"
                answer = client.post(address, json=body, headers=headers)
            except httpx.HTTPError:
                return self._pause()
            assert answer.status_code in (200, 500, 503), answer.text
            return answer.json() if answer.status_code == 200 else self._pause()

        found: dict[str, Any] = until(f"{verb} {request.pk}", answered)
        return found

    def _file(self) -> None:
        try:
            for number in itertools.count():
                if self.over.is_set():
                    break
                self._patiently(lambda: len(_open()) < MOST_OPEN or self._pause())
                action = DELIVERIES[number % len(DELIVERIES)]
                later = LATER[number // len(DELIVERIES) % len(LATER)]
                names = {"title": f"Ticket {number} {later}", "call": f"call-{number}"}
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

    def _undo(self) -> None:
        """Bob has undone what is there long enough; ann looks where somebody else has to."""
        chance = random.Random(f"{self.seed} undo")  # noqa: S311  # no secret
        with self._client(self.bob) as bob, self._client(self.ann) as ann:
            while not self.over.is_set():
                for request in self._patiently(lambda: [self._to_undo()])[0]:
                    number = self._said(bob, request, "rollback")["rollback_request"]
                    self.undone.add(request.pk)
                    if number is not None:
                        asked = self._patiently(lambda n=number: ActionRequest.objects.get(pk=n))
                        self.decide(ann, asked, "reject" if chance.random() < 0.2 else "approve")
                self._pause()
        connections.close_all()

    def _to_undo(self) -> list[ActionRequest]:
        done = ActionRequest.objects.filter(status=Status.EXECUTED, summary__contains=GOES)
        return list(done.filter(undoes=None).exclude(pk__in=self.undone).order_by("pk")[:1])

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
    under_way = Q(status__in=[*OPEN, Status.ROLLING_BACK])
    return list(ActionRequest.objects.filter(under_way).values_list("pk", flat=True))

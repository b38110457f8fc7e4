"""Whatever is killed while queries run: each query has its intent, and nothing ran without one."""

import datetime as dt
import json
import os
import random
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connections

from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.sealing import seal_once
from atlas.audit.verifying import verify
from atlas.conversations import services
from atlas.conversations.models import Run
from atlas.datasources.models import SemanticVersion
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from atlas.runtime.postmaster import postmaster_pid
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer
from tests.cluster import TEST_DATABASE, TestCluster, start_cluster
from tests.database import _migrate, pointed_at, template_key
from tests.processes.fleet import Fleet, Zygote, add_people
from tests.processes.waiting import until

pytestmark = [pytest.mark.processes]

LONG = bool(os.environ.get("ATLAS_TEST_LONG"))
ROUNDS = 20 if LONG else 1
VICTIMS = ("worker", "datasource", "postgres") if LONG else ("datasource",)
SEED = int(os.environ.get("ATLAS_TEST_SEED", random.randrange(10**6)))  # noqa: S311  # no secret
QUESTIONS = 4
SHOP = "shop"
# A row takes a while, so that a query is killed half way; its table is read at once.
SETUP = """
CREATE ROLE reader LOGIN PASSWORD 'reader';
CREATE VIEW slow AS SELECT n AS id, pg_sleep(0.01)::text AS note FROM generate_series(1, 5000) AS n;
CREATE VIEW quick AS SELECT n AS id, 'a note' AS note FROM generate_series(1, 20) AS n;
GRANT SELECT ON slow, quick TO reader;
"""
# What the datasource itself says that it ran; the product has no hand in it.
RAN = re.compile(
    r"^(?P<at>\S+ \S+) (?:UTC|GMT) \[\d+\] LOG:  (?:statement|execute [^:]*): (?P<text>.*)$",
    re.MULTILINE,
)
READS = re.compile(r"\b(slow|quick)\b")
ENDS = {"done", "failed", "interrupted", "stopped"}


@dataclass
class World:
    """A fleet whose Postgres and whose datasource may each be killed."""

    own: TestCluster
    shop: TestCluster
    fleet: Fleet

    def ask(self, table: str, number: int) -> Run:
        person = User.objects.get(username="ann" if number % 2 else "bob")
        return services.ask(person, f"{table} {number}")

    def running(self) -> int:
        """How many queries the datasource is at."""
        with self.shop.superuser(SHOP) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'"
                " AND state = 'active' AND query ~ '^FETCH|^DECLARE'"
            ).fetchone()
        assert found
        return int(found[0])

    def ran(self) -> list[tuple[dt.datetime, str]]:
        """When which text that reads a table began to run."""
        log = self.shop.local.places.log.read_text(errors="replace")
        return [
            (
                dt.datetime.strptime(f"{found['at']} +0000", "%Y-%m-%d %H:%M:%S.%f %z"),
                found["text"].partition(" CURSOR FOR ")[2] or found["text"],
            )
            for found in RAN.finditer(log)
            if READS.search(found["text"]) and not found["text"].startswith("FETCH")
        ]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: Any,
    zygote: Zygote,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        own, shop = (start_cluster(template_key(), _migrate) for _ in range(2))
        stack.callback(shop.remove)
        stack.callback(own.remove)
        with own.superuser() as connection:
            # As in an installation: what was said to be committed survives a crash.
            connection.execute(f"ALTER DATABASE {TEST_DATABASE} SET synchronous_commit = on")
        _fill(shop)
        stack.enter_context(pointed_at(own, TEST_DATABASE))
        add_people()
        _store_layer()
        fleet = Fleet(zygote, folder, _variables(folder, own, shop))
        stack.callback(fleet.kill_all)
        fleet.start("serve")
        yield World(own, shop, fleet)


def _fill(shop: TestCluster) -> None:
    with shop.superuser("postgres") as connection:
        connection.execute("ALTER SYSTEM SET log_timezone = 'UTC'")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {SHOP}")
        connection.execute(f"ALTER DATABASE {SHOP} SET log_statement = 'all'")
    with shop.superuser(SHOP) as connection:
        connection.execute("SET log_statement = 'none'")
        connection.execute(SETUP)


def _store_layer() -> None:
    entities = tuple(
        Entity(
            name=table,
            table=table,
            schema_name="public",
            primary_key=("id",),
            dimensions=(Dimension(name="id", sql="id"), Dimension(name="note", sql="note")),
        )
        for table in ("slow", "quick")
    )
    layer = SemanticLayer(source=Source(datasource=SHOP), entities=entities)
    SemanticVersion.objects.create(
        datasource=SHOP, digest=layer.digest, layer=json.loads(layer.to_json())
    )


def _variables(folder: Path, own: TestCluster, shop: TestCluster) -> dict[str, str]:
    scenes = [
        {
            "match": f"^{table} {number}$",
            "turns": [{"calls": [_call(table, number)]}, {"text": "."}],
        }
        for table in ("slow", "quick")
        for number in range(100)
    ]
    (folder / "script.json").write_text(json.dumps(scenes))
    url = f"postgresql://reader:reader@/{SHOP}?host={shop.local.places.sockets}"
    (folder / "config.py").write_text(
        "import dataclasses\n"
        "from plugins_app.builtin.postgres import postgres\n"
        f"plugins = [dataclasses.replace(postgres(url={url!r}), id={SHOP!r})]\n"
        f"default_datasource = {SHOP!r}\n"
        f"semantic_dir = {str(folder / 'none')!r}\n"
    )
    return {
        "DATABASE_URL": own.url(APP_LOGIN),
        "DATABASE_OWNER_URL": own.url(OWNER_LOGIN),
        "ATLAS_DATA_DIR": str(folder / "data"),
        "ATLAS_CONFIG": str(folder / "config.py"),
        "ATLAS_MODEL": f"scripted:{folder / 'script.json'}",
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
        "PATH": "",
    }


def _call(table: str, number: int) -> dict[str, Any]:
    sql = f"SELECT id, note FROM {table} WHERE id > {number}"
    return {"name": "execute_sql", "arguments": {"sql": sql}}


def crash(cluster: TestCluster) -> None:
    """End a PostgreSQL at once and without a shutdown, with everything it is at."""
    pid = postmaster_pid(cluster.local.places.data)
    assert pid
    os.kill(pid, signal.SIGQUIT)
    until("it is gone", lambda: postmaster_pid(cluster.local.places.data) is None)


def all_ended(runs: list[Run]) -> bool:
    found = Run.objects.filter(pk__in=[run.pk for run in runs])
    return set(found.values_list("status", flat=True)) <= ENDS


def intents() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=AuditEvent.QUERY_STARTED).order_by("id"))


def nothing_ran_unrecorded(world: World) -> None:
    """Every execution has an intent of its own, with its text, that was there before it."""
    waiting = [(entry.at, entry.body["sql_sent"]) for entry in intents()]
    for began, text in world.ran():
        # The log counts milliseconds.
        latest = began + dt.timedelta(milliseconds=1)
        fitting = next((one for one in waiting if one[1] == text and one[0] <= latest), None)
        assert fitting is not None, f"ran without an intent: {text}"
        waiting.remove(fitting)
    seal_once()
    verdict = verify()
    assert verdict.is_good, verdict.problem


def outcomes(table: str, numbers: range) -> dict[int, str]:
    """How the query of each question ended by the log; "" where no end is recorded."""
    ends = AuditEntry.objects.filter(event=AuditEvent.QUERY_ENDED)
    by_intent = {end.body["intent"]: end.body["outcome"] for end in ends}
    texts = {_call(table, number)["arguments"]["sql"]: number for number in numbers}
    return {
        texts[entry.body["sql"]]: by_intent.get(entry.pk, "")
        for entry in intents()
        if entry.body["sql"] in texts
    }


def in_the_middle(world: World, numbers: range) -> list[Run]:
    """Queries of two people that the datasource is at."""
    before = len(world.ran())
    runs = [world.ask("slow", number) for number in numbers]
    until("all queries run", lambda: world.running() == len(numbers))
    assert len(world.ran()) == before + len(numbers)
    return runs


def test_a_killed_worker_leaves_an_intent_for_each_query(world: World) -> None:
    numbers = range(QUESTIONS)
    runs = in_the_middle(world, numbers)
    before = world.ran()

    _kill(world, "worker")
    until("all have ended", lambda: all_ended(runs))

    assert outcomes("slow", numbers) == dict.fromkeys(numbers, "")
    assert world.ran() == before
    nothing_ran_unrecorded(world)


def test_a_killed_datasource_leaves_an_intent_and_a_failure_for_each_query(world: World) -> None:
    numbers = range(10, 10 + QUESTIONS)
    runs = in_the_middle(world, numbers)

    _kill(world, "datasource")
    until("all have ended", lambda: all_ended(runs))

    assert outcomes("slow", numbers) == dict.fromkeys(numbers, "failed")
    nothing_ran_unrecorded(world)


def test_a_killed_postgres_leaves_an_intent_for_each_query(world: World) -> None:
    numbers = range(20, 20 + QUESTIONS)
    runs = in_the_middle(world, numbers)

    _kill(world, "postgres")
    until("all have ended", lambda: _is_back() and all_ended(runs))
    again = world.ask("quick", 99)
    until("a question is answered", lambda: all_ended([again]))

    assert set(outcomes("slow", numbers)) == set(numbers)
    assert outcomes("quick", range(99, 100)) == {99: "ok"}
    nothing_ran_unrecorded(world)


def _is_back() -> bool:
    """Whether the product's Postgres answers this process; the pool of before is gone."""
    try:
        return Run.objects.exists()
    except Error:
        connections.close_all()
        return False


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_at_any_moment_nothing_runs_unrecorded(world: World, victim: str) -> None:
    print(f"ATLAS_TEST_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    chance = random.Random(f"{SEED} {victim}")  # noqa: S311  # no secret
    for turn in range(ROUNDS):
        numbers = range(turn * QUESTIONS, (turn + 1) * QUESTIONS)
        killed_after(world, victim, numbers, chance.randint(0, QUESTIONS - 1))
        nothing_ran_unrecorded(world)


def killed_after(world: World, victim: str, numbers: range, count: int) -> None:
    """Ask, kill when so many of the queries began, and wait for the end of all."""
    before = len(world.ran())
    runs = [world.ask("quick", number) for number in numbers]
    # The places of a killed worker stay taken for a while, so that fewer may run than were asked.
    until("some have run", lambda: len(world.ran()) >= before + count or all_ended(runs))
    _kill(world, victim)
    until("all have ended", lambda: _is_back() and all_ended(runs))


def _kill(world: World, victim: str) -> None:
    """Kill one of the three and start it again."""
    if victim == "worker":
        world.fleet.servers[-1].kill()
        world.fleet.start("serve")
    else:
        killed = world.shop if victim == "datasource" else world.own
        crash(killed)
        killed.local.start()

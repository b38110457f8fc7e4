"""Promises about killed servers: nothing shown is lost, and a continued answer is the whole one."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas.accounts.models import User
from atlas.conversations import services
from atlas.conversations.models import Run
from atlas.datasources.models import SemanticVersion
from atlas.events.replay import read_runs, text_of
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from atlas.semantic.layer import SemanticLayer
from tests.cluster import TestCluster
from tests.database import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

Serve = Callable[[], subprocess.Popen[bytes]]
ANSWER = " ".join(f"word{n}" for n in range(200))
ROUNDS = 20 if os.environ.get("ATLAS_TEST_LONG") else 2
SEED = int(os.environ.get("ATLAS_TEST_SEED", random.randrange(10**6)))  # noqa: S311  # no secret


def until(what: str, condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Look again and again until the condition holds."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        time.sleep(0.005)


@pytest.fixture
def serve(cluster: TestCluster, tmp_path: Path) -> Iterator[Serve]:
    """Start `manage.py serve` with a scripted model; call it again after a kill."""
    scenes = [
        {"match": match, "turns": [{"text": ANSWER}], "pace_ms": pace_ms}
        for match, pace_ms in (("slowly", 100), (".", 10))
    ]
    (tmp_path / "script.json").write_text(json.dumps(scenes))
    lines = ["plugins = []", "default_datasource = 'none'", f"semantic_dir = {str(tmp_path)!r}"]
    (tmp_path / "config.py").write_text("\n".join(lines))
    variables = {
        "DATABASE_URL": cluster.url(APP_LOGIN),
        "DATABASE_OWNER_URL": cluster.url(OWNER_LOGIN),
        "ATLAS_DATA_DIR": str(tmp_path / "data"),
        "ATLAS_CONFIG": str(tmp_path / "config.py"),
        "ATLAS_MODEL": f"scripted:{tmp_path / 'script.json'}",
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
        "PATH": "",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        log = tmp_path / f"log{len(started)}"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", "0"],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=variables,
            )
        started.append(process)

        def is_ready() -> bool:
            assert process.poll() is None, log.read_text()
            return "Atlas is ready" in log.read_text()

        until("ready", is_ready)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def layer(db: None) -> SemanticVersion:
    layer = SemanticLayer()
    return SemanticVersion.objects.create(
        datasource="none", digest=layer.digest, layer=json.loads(layer.to_json())
    )


def said(*runs: Run) -> str:
    """The text that readers of these runs were given, in the order of the runs."""
    return "".join(text_of(read_runs({run.pk: 0})) for run in runs)


def has_status(run: Run, status: str) -> Callable[[], bool]:
    return lambda: Run.objects.get(pk=run.pk).status == status


def test_a_killed_answer_goes_on_to_the_same_text(
    serve: Serve, layer: SemanticVersion, ann: User
) -> None:
    print(f"ATLAS_TEST_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    chance = random.Random(SEED)  # noqa: S311  # no secret
    server = serve()
    for _ in range(ROUNDS):
        words = chance.randint(1, 170)
        run = services.ask(ann, "Tell me everything")
        until(f"{words} words", lambda run=run, words=words: said(run).count(" ") >= words)
        server.kill()
        server.wait()
        before = said(run)
        assert Run.objects.get(pk=run.pk).status == "running"
        assert ANSWER.startswith(before)
        assert before != ANSWER

        server = serve()
        until("interrupted", has_status(run, "interrupted"))
        run.answer.refresh_from_db()
        assert run.answer.text == before

        again = services.continue_run(run.pk, by=ann)
        until("done", has_status(again, "done"))
        run.answer.refresh_from_db()
        assert run.answer.text == said(run, again) == ANSWER


def test_a_server_killed_twice_in_one_answer_loses_nothing(
    serve: Serve, layer: SemanticVersion, ann: User
) -> None:
    runs = [services.ask(ann, "Tell me everything")]
    for words in (20, 90):
        server = serve()
        until(f"{words} words", lambda words=words: said(*runs).count(" ") >= words)
        server.kill()
        server.wait()
        serve_again = serve()
        until("interrupted", has_status(runs[-1], "interrupted"))
        serve_again.kill()
        serve_again.wait()
        runs.append(services.continue_run(runs[-1].pk, by=ann))

    serve()
    until("done", has_status(runs[-1], "done"))

    runs[0].answer.refresh_from_db()
    assert runs[0].answer.text == said(*runs) == ANSWER


def test_an_answer_stopped_half_way_keeps_its_text_and_goes_on(
    serve: Serve, layer: SemanticVersion, ann: User
) -> None:
    serve()
    run = services.ask(ann, "Tell me everything")
    until("20 words", lambda: said(run).count(" ") >= 20)
    services.request_stop(run.pk, by=ann)
    until("stopped", has_status(run, "stopped"), timeout_s=2)
    run.answer.refresh_from_db()
    assert ANSWER.startswith(run.answer.text)

    again = services.continue_run(run.pk, by=ann)
    until("done", has_status(again, "done"))

    run.answer.refresh_from_db()
    assert run.answer.text == said(run, again) == ANSWER


def test_a_server_that_is_told_to_end_writes_what_it_broke_off(
    serve: Serve, layer: SemanticVersion, ann: User
) -> None:
    server = serve()
    quick, slow = (services.ask(ann, text) for text in ("Tell me", "Tell me slowly"))
    until("10 words", lambda: said(slow).count(" ") >= 10)
    server.terminate()
    assert server.wait(timeout=30) == 0

    for run, status in ((quick, "done"), (slow, "interrupted")):
        run.refresh_from_db()
        assert run.status == status
        assert run.answer.text == said(run)
        assert ANSWER.startswith(run.answer.text)
    assert quick.answer.text == ANSWER


def test_a_question_stopped_before_it_began_is_stopped_at_once(
    serve: Serve, layer: SemanticVersion, ann: User
) -> None:
    run = services.ask(ann, "Tell me everything")
    services.request_stop(run.pk, by=ann)

    serve()
    until("an end", lambda: Run.objects.get(pk=run.pk).finished_at is not None, timeout_s=8)

    assert Run.objects.get(pk=run.pk).status == "stopped"
    assert said(run) == ""

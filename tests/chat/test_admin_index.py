"""The first page of the admin site: three panels, for people of the role admin."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from atlas import admin_panels
from atlas.audit.erasing import erase
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.notices.models import Notice, NoticeStatus
from plugins_app.host.models import PluginState
from plugins_app.host.status import PluginStatus
from plugins_app.host.upkeep import repairs
from plugins_app.host.upkeep.mirror import FORGET_AFTER
from plugins_app.host.upkeep.repairs import Repair
from tests.chat.conftest import ask

pytestmark = pytest.mark.django_db


def index_of(user) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.content.decode()


def lines(name: str) -> list[tuple[str, str]]:
    panel = next(panel for panel in admin_panels.panels() if panel.name == name)
    return [(line.text, line.tone) for line in panel.lines]


def plugin(plugin_id: str, *, healthy: bool = True, process: str = "here", **fields) -> None:
    PluginState.objects.create(
        plugin_id=plugin_id,
        process=process,
        name=plugin_id.title(),
        version="1",
        status=PluginStatus.HEALTHY if healthy else PluginStatus.UNHEALTHY,
        healthy=healthy,
        seen_at=fields.pop("seen_at", timezone.now()),
        **fields,
    )


@pytest.mark.parametrize("name", ["ann", "vic"])
def test_only_admins_come_in(request, name):
    client = Client()
    client.force_login(request.getfixturevalue(name))

    assert client.get("/admin/").status_code == 302


def test_the_panels_stand_above_the_tables(ada):
    html = index_of(ada)

    places = [html.index(f'id="panel-{name}"') for name in ("hand", "health", "activity")]
    assert places == sorted(places)
    assert places[-1] < html.index("app-accounts")
    assert "style=" not in re.sub(r"<link[^>]*>", "", html)


def test_a_new_installation_says_what_is_empty(ada):
    assert [panel.empty for panel in admin_panels.panels()] == [
        "Nothing waits for you.",
        "No process has reported its plugins yet.",
        "Nothing happened.",
    ]
    assert lines("hand") == []


def test_what_needs_a_hand_is_counted(ann):
    ask(ann).write(("failed", {"message": "x"}))
    ask(ann).write(("interrupted", {}))
    plugin("mail", healthy=False, message="SMTP says no")

    assert lines("hand") == [
        ("Plugin Mail is unhealthy", "failed"),
        ("1 answer failed in 24 hours", "failed"),
        ("1 answer was interrupted", "waiting"),
    ]


def test_problems_of_the_whole_installation_are_named(db):
    meaning = "No worker is alive: questions wait, and approved actions do not run."
    repairs.replace(repairs.INSTALLATION, "workers", [Repair("no worker", meaning, "Start one.")])
    repairs.replace("glossary", "health", [Repair("check", "It is away.", "Bring it back.")])

    assert lines("hand") == [(meaning, "failed")]


def test_health_names_each_plugin_of_processes_that_live(db):
    plugin("glossary", latency_ms=12.4)
    plugin("mail", healthy=False, message="SMTP says no")
    plugin("mail", process="there")
    plugin("off", enabled=False)
    plugin("gone", seen_at=timezone.now() - FORGET_AFTER * 2)

    assert lines("health") == [
        ("Glossary is healthy", "done"),
        ("Mail: unhealthy", "failed"),
        ("Off is switched off", ""),
        ("Email notices are off", ""),
    ]


def test_a_plugin_is_one_line_with_its_processes_and_its_slowest_answer(db):
    checked = timezone.now() - timedelta(minutes=3)
    for process, latency in (("one", 12.4), ("two", 30.0), ("three", None)):
        plugin("glossary", process=process, latency_ms=latency, checked_at=checked)
    for process in ("one", "two"):
        plugin("mail", healthy=False, message="SMTP says no", process=process, checked_at=checked)
    plugin("mail", process="three", checked_at=checked)

    panel = next(panel for panel in admin_panels.panels() if panel.name == "health")

    assert [line.note.replace("\xa0", " ") for line in panel.lines[:2]] == [
        "30 ms · 3 processes · checked 3 minutes ago",
        "SMTP says no · 2 of 3 processes · checked 3 minutes ago",
    ]
    assert lines("hand") == [("Plugin Mail is unhealthy", "failed")]


def test_health_says_what_notices_could_not_be_sent(ann):
    row = {"person": ann, "kind": "hello", "status": NoticeStatus.UNCLEAR}
    Notice.objects.create(subject="one", **row)
    Notice.objects.create(subject="two", **row)

    panel = next(panel for panel in admin_panels.panels() if panel.name == "health")

    assert (panel.lines[-1].text, panel.lines[-1].note) == (
        "Email notices have problems",
        "2 perhaps sent",
    )


def test_activity_tells_the_last_day_in_words(ann, bob):
    for person in (ann, ann, bob):
        ask(person)
    record(AuditEvent.SIGNED_IN, actor=ann, body={})

    panel = admin_panels.panels()[2]

    assert (panel.lines[0].text, panel.lines[0].note) == ("3 questions", "by 2 people")
    assert panel.lines[1].text == "ann: signed in"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_who_was_erased_is_not_taken_for_atlas(ann):
    record(AuditEvent.SIGNED_IN, actor=ann, body={})
    erase(str(ann.pk))

    told = [text for text, _tone in lines("activity")]

    assert told == ["audit_erase: person erased from the audit log", "erased: signed in"]


def test_a_panel_that_cannot_be_read_leaves_the_others(ada, monkeypatch):
    def broken():
        raise DatabaseError

    monkeypatch.setattr(admin_panels, "_health", broken)

    assert lines("health") == [
        ("This could not be read from the database; see the server's log.", "failed")
    ]
    assert connection.is_usable()


def test_broken_files_of_a_layer_are_shown_with_file_and_line(ada):
    record(
        AuditEvent.SEMANTIC_KEPT,
        actor=None,
        actor_name="atlas",
        subject="shop",
        body={"problems": ["source.yml:2: write now", "entities/a.yml:7: unknown key"]},
    )

    assert lines("hand") == [
        ("The files of the semantic layer of shop are broken; the last good one is used", "failed")
    ]
    assert "source.yml:2: write now (and 1 more)" in index_of(ada)

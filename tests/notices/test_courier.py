"""Notices reach people at most once, whatever the mail server, a second worker or a crash does."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.db.models.functions import Now

from atlas.accounts.models import User
from atlas.common.db import in_db
from atlas.notices import letters, outbox
from atlas.notices.courier import Courier, Pace
from atlas.notices.letters import Letter
from atlas.notices.mail import MailServerAway
from atlas.notices.models import Notice, NoticeStatus
from atlas.notices.outbox import Due, tell
from tests.notices.post_office import SITE, open_post_office
from tests.polling import until_stored

pytestmark = pytest.mark.django_db(transaction=True)
BRISK = Pace(poll_s=0.05, away_s=0.05, settle_s=0.0)


@pytest.fixture
def office():
    with open_post_office() as opened:
        yield opened


@pytest.fixture(autouse=True)
def hello():
    """A kind of notice that says hello, or nothing about a subject that is over."""

    def write(person, subject, site):
        return None if subject == "over" else Letter(f"Hello {person}", f"{subject} {site}\n")

    letters.register("hello", write)


def written(person, *subjects):
    tell(Due(person.pk, "hello", subject) for subject in subjects)


def statuses():
    return dict(Notice.objects.values_list("subject", "status"))


def round_of(office, *, times=1):
    async def rounds():
        courier = Courier(office.server, [])
        return [await courier.once() for _ in range(times)]

    return asyncio.run(rounds())


def test_a_notice_is_sent_once_however_often_it_is_told(office, ann):
    written(ann, "one")
    written(ann, "one", "two")
    round_of(office, times=3)

    assert office.addresses() == ["ann@example.com"] * 2
    message = office.taken[0][1]
    assert (message["Subject"], message["From"], message["To"]) == (
        "Hello ann",
        "atlas@example.com",
        "ann@example.com",
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert message.get_content().strip() == f"one {SITE}"
    assert statuses() == {"one": NoticeStatus.SENT, "two": NoticeStatus.SENT}


def test_two_workers_send_each_notice_once(office, ann, bob):
    subjects = [f"subject {number}" for number in range(30)]
    written(ann, *subjects)
    written(bob, *subjects)

    async def both():
        couriers = [Courier(office.server, [lambda: written(ann, *subjects)]) for _ in range(2)]
        while await in_db(Notice.objects.filter(status=NoticeStatus.WAITING).exists):
            await asyncio.gather(*(courier.once() for courier in couriers))

    asyncio.run(both())

    sent = [(address, message.get_content()) for address, message in office.taken]
    assert len(sent) == len(set(sent)) == 60


def test_what_is_over_meanwhile_is_not_sent(office, ann):
    written(ann, "over", "one")
    round_of(office)

    assert [message["Subject"] for _address, message in office.taken] == ["Hello ann"]
    assert statuses() == {"over": NoticeStatus.MOOT, "one": NoticeStatus.SENT}


@pytest.mark.parametrize("change", [{"email_notices": False}, {"email": ""}, {"is_active": False}])
def test_who_does_not_want_them_gets_none(office, ann, change):
    written(ann, "one")
    for name, value in change.items():
        setattr(ann, name, value)
    ann.save()
    round_of(office)

    assert (office.taken, statuses()) == ([], {"one": NoticeStatus.MOOT})


def test_a_refused_address_is_given_up_and_the_others_are_served(office, ann, bob):
    office.on_recipient = lambda address: "550 unknown" if "ann" in address else "250 OK"
    written(ann, "one")
    written(bob, "two")
    round_of(office, times=2)

    assert office.addresses() == ["bob@example.com"]
    refused = Notice.objects.get(subject="one")
    assert (refused.status, refused.problem) == (
        NoticeStatus.REFUSED,
        "The mail server answered 550 unknown",
    )
    assert outbox.latest_problems() == {NoticeStatus.REFUSED: 1}


def test_a_server_that_is_busy_is_asked_again_later(office, ann):
    office.on_recipient = lambda _address: "451 busy"
    written(ann, "one")
    round_of(office, times=2)
    waiting = Notice.objects.get()
    assert (waiting.status, waiting.attempts) == (NoticeStatus.WAITING, 1)
    assert waiting.not_before > waiting.created_at

    office.on_recipient = lambda _address: "250 OK"
    Notice.objects.update(not_before=Now())
    round_of(office)

    assert statuses() == {"one": NoticeStatus.SENT}


def test_it_is_not_tried_for_ever(office, ann):
    office.on_recipient = lambda _address: "451 busy"
    written(ann, "one")
    for _ in range(outbox.MOST_TRIES + 2):
        Notice.objects.update(not_before=Now())
        round_of(office)

    assert Notice.objects.get().attempts == outbox.MOST_TRIES
    assert statuses() == {"one": NoticeStatus.REFUSED}


def test_a_server_that_is_away_costs_no_try(office, ann):
    written(ann, "one")
    gone = office.server.__class__(**{**vars(office.server), "port": 1})
    with pytest.raises(MailServerAway):
        asyncio.run(Courier(gone, []).once())

    assert Notice.objects.get().attempts == 0
    round_of(office)
    assert statuses() == {"one": NoticeStatus.SENT}


def test_it_starts_again_when_the_server_comes_back(ann):
    with open_post_office() as office:
        server = office.server
    written(ann, "one")

    async def story():
        courier = Courier(server, [], pace=BRISK)
        courier.start()
        with open_post_office() as back:
            courier._server = back.server
            await until_stored(lambda: statuses() == {"one": NoticeStatus.SENT})
        await courier.stop()

    asyncio.run(story())


CHILD = """
import asyncio, django
django.setup()
from atlas.accounts.models import User
from atlas.notices import letters
from atlas.notices.courier import Courier
from atlas.notices.mail import mail_server
letters.register("hello", lambda person, subject, site: letters.Letter("Hello", subject))
asyncio.run(Courier(mail_server("smtp://127.0.0.1:{port}", "a@example.com", "http://x"), []).once())
"""


def test_a_worker_killed_between_sending_and_noting_it_sends_nothing_twice(office, ann, cluster):
    written(ann, "one", "two")
    child = None

    def kill():
        os.kill(child.pid, signal.SIGKILL)
        return "250 taken"

    office.on_taken = kill
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": cluster.url("atlas_app", connection.settings_dict["NAME"]),
    }
    program = CHILD.format(port=office.port)
    child = subprocess.Popen([sys.executable, "-c", program], env=variables)
    assert child.wait(300) == -signal.SIGKILL
    assert statuses() == {"one": NoticeStatus.SENDING, "two": NoticeStatus.WAITING}

    office.on_taken = lambda: "250 taken"
    Notice.objects.update(lease_until=Now())
    round_of(office, times=2)

    assert statuses() == {"one": NoticeStatus.UNCLEAR, "two": NoticeStatus.SENT}
    said = [message.get_content().strip() for _address, message in office.taken]
    assert sorted(text.partition(" ")[0] for text in said) == ["one", "two"]


def test_a_letter_whose_answer_was_lost_is_never_sent_again(office, ann):
    def vanish():
        office.hang_up()
        return "250 taken"

    office.on_taken = vanish
    written(ann, "one")
    round_of(office, times=2)

    assert len(office.taken) == 1
    assert statuses() == {"one": NoticeStatus.UNCLEAR}
    assert outbox.latest_problems() == {NoticeStatus.UNCLEAR: 1}


def test_an_address_that_no_header_holds_is_refused_and_stops_nobody(office, ann, bob):
    User.objects.filter(pk=ann.pk).update(email='"a\x0bnn"@example.com')
    written(ann, "one")
    written(bob, "two")

    round_of(office, times=2)

    assert office.addresses() == ["bob@example.com"]
    assert statuses() == {"one": NoticeStatus.REFUSED, "two": NoticeStatus.SENT}
    assert "Correct it in the person's profile" in Notice.objects.get(subject="one").problem

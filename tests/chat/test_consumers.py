"""The socket shows what is stored, exactly once, to those who may see it."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from approvals import services
from approvals.models import ActionRequest
from atlas.accounts.api_keys import create_key, revoke_key
from atlas.accounts.models import ApiKey
from atlas.accounts.roles import Role
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.chat import consumers, presence, watching
from atlas.chat.presenting import JsonPresenter
from atlas.common.db import in_db
from atlas.conversations.models import Participant, Run
from tests.approvals.desk import Outside, propose
from tests.chat.conftest import ask, store
from tests.chat.page import parse
from tests.chat.sockets import Browser, Socket, running
from tests.chat.test_views import client_of
from tests.hosted import host
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(frames):
    return [(frame["seq"], frame["kind"]) for frame in frames]


def html_of(user, writer) -> str:
    return client_of(user).get(f"/c/{writer.run.conversation_id}/").content.decode()


async def test_a_program_gets_each_event_once_and_in_order(ann):
    async with running(), Socket(ann) as socket:
        writer = await in_db(ask, ann)
        await in_db(writer.say, "one ", "two ")
        await socket.send(type="watch", conversation=writer.run.conversation_id)
        await in_db(writer.say, "three")
        await in_db(writer.write, ("done", {}))

        run = await socket.frame()
        frames = [await socket.frame() for _ in range(4)]

        assert run == {
            "type": "run",
            "run": str(writer.run.id),
            "question": str(writer.run.question_id),
            "answer": str(writer.run.answer_id),
            "conversation": str(writer.run.conversation_id),
        }
        assert kinds(frames) == [(1, "text"), (2, "text"), (3, "text"), (4, "done")]
        assert await socket.is_silent()


async def test_a_program_that_comes_back_gets_only_what_it_missed(ann):
    writer = await in_db(ask, ann)
    await in_db(writer.say, "one ", "two ", "three ")
    async with running(), Socket(ann) as socket:
        await socket.send(
            type="watch", conversation=writer.run.conversation_id, after={str(writer.run.id): 2}
        )

        assert kinds([await socket.frame()]) == [(3, "text")]
        assert await socket.is_silent()


async def test_a_page_and_its_socket_end_in_what_a_reload_shows(ann):
    writer = await in_db(ask, ann, "Describe the year")
    await in_db(writer.say, "The **year", "** began\n\nslow")
    async with running():
        async with Browser(ann, await in_db(html_of, ann, writer)) as browser:
            await in_db(writer.say, "ly. <b>And", "</b>\n\n- a\n- b\n")
            await in_db(writer.write, ("refuse", {"message": "A note."}), ("done", {}))
            await browser.until(lambda b: "A note." in b.find("thread").text)
            await browser.until(lambda b: not b.find("composer-stop").all("form"))
        reloaded = Browser(ann, await in_db(html_of, ann, writer))

        assert browser.find("thread").html == reloaded.find("thread").html


@pytest.mark.parametrize("cut", range(1, 6))
async def test_a_browser_that_reconnects_loses_and_doubles_nothing(ann, cut):
    writer = await in_db(ask, ann, "Describe the year")
    pieces = ["Rev", "enue is **1.3", "1 M**.\n\n", "Next: <i>", "month"]
    page = await in_db(html_of, ann, writer)
    async with running():
        async with Browser(ann, page) as first:
            await in_db(writer.say, *pieces[:cut])
            await first.until(lambda b: b.has()["after"] == {str(writer.run.id): cut})
        await in_db(writer.say, *pieces[cut:])
        second = Browser(ann, page)
        second.page = first.page
        async with second:
            await in_db(writer.write, ("done", {}))
            await second.until(lambda b: not b.find("composer-stop").all("form"))

        assert second.text_of(writer.run.answer_id) == "Revenue is 1.31 M.\nNext: <i>month\n"
        stored = Browser(ann, await in_db(html_of, ann, writer))
        assert second.find("thread").html == stored.find("thread").html


async def test_a_new_question_appears_in_every_open_page_of_the_conversation(ann, bob, answered):
    await in_db(Participant.objects.create, conversation_id=answered.run.conversation_id, user=bob)
    async with (
        running(),
        Browser(ann, await in_db(html_of, ann, answered)) as hers,
        Browser(bob, await in_db(html_of, bob, answered)) as his,
    ):
        conversation = answered.run.conversation_id
        await hers.socket.send(type="ask", conversation=conversation, text="And <now>?")

        for browser in (hers, his):
            await browser.until(lambda b: len(b.find("thread").all("h2")) == 2)
            turn = browser.find("thread").children[-1]
            assert turn.all("h2")[0].text == "And <now>?"
            assert len(browser.find("composer-stop").all("form")) == 1


async def test_a_question_that_is_not_taken_says_why(ann, answered):
    async with running(), Browser(ann, await in_db(html_of, ann, answered)) as browser:
        conversation = answered.run.conversation_id
        await browser.socket.send(type="ask", conversation=conversation, text="why " * 12_000)

        await browser.until(lambda b: b.find("composer-problem").text.strip())

    assert await in_db(Run.objects.count) == 1


async def test_live_figures_are_in_the_language_of_the_pages(ann):
    writer = await in_db(ask, ann)
    result = await in_db(store, writer.run, [["Tee", "1234.5"], ["K\u00e4se", "2"]])
    client = await in_db(client_of, ann)
    german = {"accept-language": "de"}
    address = f"/c/{writer.run.conversation_id}/"
    page = await in_db(lambda: client.get(address, headers=german).content.decode())
    async with running():
        browser = Browser(ann, page)
        browser.socket.wire.scope["headers"] = [(b"accept-language", b"de")]
        async with browser:
            payload = {"result_id": str(result.id), "title": "T", "sql": "SELECT 1", "ms": 900}
            step = {"id": "1", "name": "query", "label": "Q", "state": "done", "ms": 1500}
            await in_db(writer.write, ("step", step), ("result", payload), ("done", {}))
            await browser.until(lambda b: b.find("thread").all("tbody"))
            await browser.until(lambda b: not b.find("composer-stop").all("form"))

        assert "1.234,50" in browser.find("thread").text
        reloaded = await in_db(lambda: client.get(address, headers=german).content.decode())
        stored = parse(reloaded.replace("<!doctype html>", ""))
        assert browser.find("thread").html == stored.find("thread").html


async def test_an_interrupted_answer_goes_on_in_the_same_text(ann):
    writer = await in_db(ask, ann)
    await in_db(writer.say, "Revenue is **1.3")
    await in_db(writer.write, ("interrupted", {}))
    async with running(), Browser(ann, await in_db(html_of, ann, writer)) as browser:
        await browser.socket.send(type="continue", run=writer.run.id)
        await browser.until(lambda b: b.find("composer-stop").all("form"))
        again = await in_db(Run.objects.exclude(pk=writer.run.pk).select_related("answer").get)
        more = type(writer)(again)
        await in_db(more.say, "1 M**.")
        await in_db(more.write, ("done", {}))
        await browser.until(lambda b: not b.find("composer-stop").all("form"))

        assert browser.text_of(writer.run.answer_id) == "Revenue is 1.31 M.\n"
        assert browser.find(f"end-{writer.run.answer_id}").text.strip() == ""


async def test_stop_reaches_the_run(ann):
    writer = await in_db(ask, ann)
    async with running(), Socket(ann) as socket:
        await socket.send(type="stop", run=writer.run.id)
        await socket.send(type="nothing")
        assert (await socket.frame())["code"] == "bad_frame"

    run = await in_db(Run.objects.get)
    assert run.stop_requested is True


@pytest.mark.parametrize("frame", ["watch", "ask", "stop", "continue"])
async def test_strangers_learn_nothing(ann, bob, frame):
    writer = await in_db(ask, ann)
    ids = {"conversation": writer.run.conversation_id} if frame in {"watch", "ask"} else {}
    ids |= {"run": writer.run.id} if not ids else {}
    ids |= {"text": "Mine?"} if frame == "ask" else {}
    unknown = {key: uuid4() if key != "text" else value for key, value in ids.items()}
    async with running(), Socket(bob) as socket:
        await socket.send(type=frame, **ids)
        foreign = await socket.frame()
        await socket.send(type=frame, **unknown)

        assert foreign == await socket.frame()
        assert (foreign["type"], foreign["code"]) == ("error", "not_found")
        await in_db(writer.say, "secret")
        assert await socket.is_silent()


async def test_a_viewer_reads_but_does_not_ask(ann, vic):
    writer = await in_db(ask, ann)
    conversation = writer.run.conversation_id
    await in_db(Participant.objects.create, conversation_id=conversation, user=vic)
    async with running(), Socket(vic) as socket:
        await socket.send(type="watch", conversation=conversation, after={str(writer.run.id): 0})
        await in_db(writer.say, "shared")
        assert (await socket.frame())["payload"] == {"text": "shared"}

        await socket.send(type="ask", conversation=conversation, text="Mine?")
        assert (await socket.frame())["code"] == "not_allowed"


async def test_numbers_that_no_column_holds_break_no_socket(ann):
    writer = await in_db(ask, ann)
    watched = {"type": "watch", "conversation": writer.run.conversation_id}
    async with running(), Socket(ann) as socket:
        await socket.send(**watched, after={str(writer.run.id): 2**31})
        assert (await socket.frame())["code"] == "bad_frame"
        await socket.send(**watched, after={str(writer.run.id): 2**31 - 1})
        await socket.send(type="nothing")
        assert (await socket.frame())["code"] == "bad_frame"


@pytest.mark.parametrize("text", ["", "{", '{"type":"fly"}', "x" * 70_000])
async def test_a_broken_frame_is_an_error_and_the_socket_goes_on(ann, text):
    async with running(), Socket(ann) as socket:
        await socket.wire.send_to(text_data=text or " ")
        assert (await socket.frame())["type"] == "error"
        await socket.wire.send_to(bytes_data=b"\x00\x01")
        assert (await socket.frame())["code"] == "bad_frame"

        await socket.send(type="ask", conversation=None, text="Still there?")
        assert (await socket.frame())["type"] == "run"


async def test_strangers_and_unknown_forms_are_closed_at_once(ann):
    async with running():
        async with Socket(AnonymousUser()) as stranger:
            assert await stranger.close_code() == 4401
        async with Socket(ann, "soap") as other:
            assert await other.close_code() == 4406


async def change_rights(user):
    def change():
        user.epoch += 1
        user.save()
        notify(Topic.USER, str(user.pk))

    await in_db(change)


async def test_changed_rights_close_the_socket_before_the_next_look(ann):
    async with running(), Socket(ann) as socket:
        await change_rights(ann)

        async with asyncio.timeout(watching.LOOK_S / 2):
            assert await socket.close_code() == 4401


async def test_rights_are_looked_at_with_every_message_even_without_a_wake_up(ann):
    async with running(), Socket(ann) as socket:
        await in_db(type(ann).objects.filter(pk=ann.pk).update, is_active=False)

        await socket.send(type="ask", conversation=None, text="Am I in?")

        assert await socket.close_code() == 4401
    assert await in_db(Run.objects.count) == 0


async def test_signing_out_closes_the_socket(ann):
    client = await sync_to_async(client_of)(ann)
    session = await in_db(lambda: client.session)
    async with running(), Socket(ann, session=session) as socket:
        await in_db(client.logout)
        await in_db(notify, Topic.USER, str(ann.pk))

        assert await socket.close_code() == 4401


@pytest.mark.parametrize(
    ("form", "header", "code"),
    [
        ("atlas.json", "Bearer {key}", None),
        ("atlas.html", "Bearer {key}", 4401),
        ("atlas.json", "Bearer atl_nothing_like_it", 4401),
        ("atlas.json", "Basic {key}", 4401),
    ],
)
async def test_api_keys_open_the_form_for_programs_alone(ann, form, header, code):
    _key, text = await in_db(create_key, ann, name="ci", role=Role.VIEWER, by=ann)
    async with running():
        # The session of the same person does not help a wrong header.
        socket = Socket(ann if code else AnonymousUser(), form)
        value = header.format(key=text).encode()
        socket.wire.scope["headers"] = [(b"authorization", value)]
        async with socket:
            if code:
                assert await socket.close_code() == code
                return
            await socket.send(type="ask", conversation=None, text="Above my role?")
            assert (await socket.frame())["code"] == "not_allowed"


async def test_a_revoked_key_closes_its_sockets(ann):
    key, text = await in_db(create_key, ann, name="ci", role=Role.ANALYST, by=ann)
    async with running():
        socket = Socket(AnonymousUser())
        socket.wire.scope["headers"] = [(b"authorization", f"Bearer {text}".encode())]
        async with socket:
            await in_db(revoke_key, key, by=ann)

            async with asyncio.timeout(watching.LOOK_S / 2):
                assert await socket.close_code() == 4401


async def test_an_expired_key_closes_its_sockets_at_the_next_look(ann, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_S", 0.02)
    key, text = await in_db(create_key, ann, name="ci", role=Role.ANALYST, by=ann)
    async with running():
        socket = Socket(AnonymousUser())
        socket.wire.scope["headers"] = [(b"authorization", f"Bearer {text}".encode())]
        async with socket:
            assert await socket.is_silent(0.1)
            await in_db(ApiKey.objects.filter(pk=key.pk).update, expires_at=timezone.now())

            assert await socket.close_code() == 4401


async def test_an_expired_session_closes_its_sockets_at_the_next_look(ann, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_S", 0.02)
    client = await sync_to_async(client_of)(ann)
    session = await in_db(lambda: client.session)
    async with running(), Socket(ann, session=session) as socket:
        assert await socket.is_silent(0.1)
        await in_db(Session.objects.update, expire_date=timezone.now())

        assert await socket.close_code() == 4401


async def test_an_outage_at_a_look_closes_no_socket(ann, monkeypatch):
    looks = []

    def away(_standing):
        looks.append(1)
        raise OperationalError("gone")

    async with running(), Socket(ann) as socket:
        monkeypatch.setattr(watching, "LOOK_S", 0.02)
        monkeypatch.setattr(watching, "still_stands", away)
        await in_db(notify, Topic.USER, str(ann.pk))
        await until(lambda: len(looks) >= 3)

        assert await socket.is_silent(0.05)


async def test_a_person_has_at_most_twenty_sockets(ann, bob):
    async with running():
        open_ones = [Socket(ann) for _ in range(presence.MAX_SOCKETS)]
        for socket in open_ones:
            await socket.__aenter__()
        async with Socket(ann) as one_more, Socket(bob) as of_another:
            assert await one_more.close_code() == 4429
            assert await of_another.is_silent(0.05)
        await open_ones.pop().__aexit__()
        async with Socket(ann) as again:
            assert await again.is_silent(0.05)
        for socket in open_ones:
            await socket.__aexit__()
    assert presence._open == {}


async def test_a_handler_that_breaks_leaves_neither_a_count_nor_a_task(ann, monkeypatch):
    def broken(*_args):
        raise RuntimeError("a bug")

    monkeypatch.setattr(consumers, "_take", broken)
    async with running():
        socket = Socket(ann)
        await socket.__aenter__()
        assert presence._open == {ann.pk: 1}
        await socket.send(type="ask", conversation=None, text="Anybody?")

        with pytest.raises(RuntimeError, match="a bug"):
            await socket.wire.wait(timeout=5)

        assert presence._open == {}
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert {name for name in names if name.startswith("socket-")} == set()


async def test_an_overtaken_card_is_drawn_again_and_the_header_counts(ann, answered):
    request = await in_db(file_request, answered.run)
    async with running(), Browser(ann, await in_db(html_of, ann, answered)) as browser:
        await browser.until(lambda b: "1" in b.find("approvals-count").text)

        await in_db(services.withdraw, request.pk, by=ann)
        await browser.until(
            lambda b: b.find(f"request-{request.pk}").attributes["data-status"] == "withdrawn"
        )
        await browser.until(lambda b: "0" in b.find("approvals-count").text)


def file_request(run: Run) -> ActionRequest:
    host(Outside().plugin())
    request = propose(run)
    run.events.filter(kind="done").update(kind="request", payload={"request_id": request.pk})
    return request


async def test_a_program_hears_of_requests_that_it_may_see(ann, bob, answered):
    request = await in_db(file_request, answered.run)
    async with running(), Socket(ann) as socket, Socket(bob) as stranger:
        await in_db(services.withdraw, request.pk, by=ann)

        frame = await socket.frame()
        assert frame == {"type": "request", "id": request.pk, "status": "withdrawn"}
        assert await stranger.is_silent()


async def test_a_socket_that_breaks_is_closed_so_that_the_browser_comes_back(ann, monkeypatch):
    writer = await in_db(ask, ann)

    async def broken(*_args):
        raise RuntimeError("the feed broke")

    monkeypatch.setattr(JsonPresenter, "events", broken)
    async with running(), Socket(ann) as socket:
        conversation = writer.run.conversation_id
        await socket.send(type="watch", conversation=conversation, after={str(writer.run.id): 0})
        await in_db(writer.say, "one")

        assert await socket.close_code() == 1011

"""Promises of a running server about what people and programs may send by mistake or on purpose."""

import json
import socket as sockets
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from atlas.accounts.models import User
from atlas.conversations.models import Conversation, Participant, Run
from tests.processes.fleet import Fleet, Server
from tests.processes.people import Person

pytestmark = [pytest.mark.processes]

LONG = "Why? " * 20_000
TOO_LONG = "The question has 99999 characters; at most 10000 fit. Shorten it."
UNKNOWN = "There is no such"


@pytest.fixture(scope="module")
def server(shared_fleet: Fleet) -> Server:
    return shared_fleet.start("serve")


@pytest.fixture(scope="module")
def sign_in(server: Server) -> Iterator[Callable[[str], Person]]:
    """Sign somebody in, once."""
    people: dict[str, Person] = {}

    def enter(name: str) -> Person:
        if name not in people:
            people[name] = Person(name, server.address)
        return people[name]

    yield enter
    for person in people.values():
        person.close()


@pytest.fixture(scope="module")
def ticket(sign_in: Callable[[str], Person]) -> tuple[str, str, int]:
    """A conversation of ann in which a ticket waits: its id, its run and the request's number."""
    with sign_in("ann").socket() as wire:
        started = wire.ask("Create a ticket to restock Chai")
        wire.end_of(started["run"])
        filed = wire.events(started["run"], "request")
    return started["conversation"], started["run"], filed[0]["payload"]["request_id"]


def tables() -> tuple[int, int]:
    return Conversation.objects.count(), Run.objects.count()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type a question first."),
        (" \n\t ", "Type a question first."),
        (LONG, TOO_LONG),
        ("a\x00b", "The question holds characters that are not text."),
    ],
    ids=["empty", "blank", "100 kB", "NUL"],
)
def test_a_question_that_cannot_be_taken_is_refused_and_stores_nothing(
    sign_in: Callable[[str], Person], text: str, said: str
) -> None:
    before = tables()

    answer = sign_in("ann").post("/ask/", text=text)

    assert answer.status_code == 400
    assert said in answer.text
    assert text.strip()[:5_000].replace("\x00", "") in answer.text.replace("\x00", "")
    assert tables() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "The question is empty."), (" ", "The question is empty."), ("x" * 20_000, "at most")],
    ids=["empty", "blank", "20 kB"],
)
def test_a_socket_says_why_it_does_not_take_a_question(
    sign_in: Callable[[str], Person], text: str, said: str
) -> None:
    before = tables()

    with sign_in("ann").socket() as wire:
        wire.send(type="ask", text=text, conversation=None)
        refused = wire.wait(lambda frame: frame["type"] == "error")

    assert said in refused["message"]
    assert tables() == before


@pytest.mark.parametrize("body", [b"\xff\xfe\x00\x80", b"\x00" * 64, b"text=%ff%fe%80", b"{}"])
def test_bytes_that_are_no_form_are_refused(sign_in: Callable[[str], Person], body: bytes) -> None:
    ann = sign_in("ann")
    headers = {
        "X-CSRFToken": ann.http.cookies["csrftoken"],
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": ann.address,
    }

    answer = ann.http.post("/ask/", content=body, headers=headers)

    assert answer.status_code in (302, 400)
    assert "Traceback" not in answer.text


def test_a_body_of_megabytes_is_refused_with_a_page(sign_in: Callable[[str], Person]) -> None:
    browser = sign_in("ann").http
    answer = browser.post("/ask/", content=b"x" * 3_000_000, headers={"Accept": "text/html"})

    assert answer.status_code == 413
    assert "too large" in answer.text
    assert "Go to your conversations" in answer.text


def test_a_program_is_told_with_a_code_that_its_body_is_too_large(server: Server) -> None:
    answer = httpx.post(f"{server.address}/api/v1/actions/bulk", content=b"x" * 3_000_000)

    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert answer.json() == {
        "code": "too_large",
        "message": "The body is too large. Send less at once.",
    }


PIECE = b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n"


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        # Nothing of the body is waited for, and nobody is asked to send it.
        ("Content-Length: 50000000000", []),
        ("Content-Length: 50000000000\r\nExpect: 100-continue", []),
        ("Transfer-Encoding: chunked", [PIECE] * 3),
    ],
    ids=["declared", "asked first", "counted"],
)
def test_a_body_that_is_too_large_is_refused_before_it_ends(
    server: Server, headers: str, pieces: list[bytes]
) -> None:
    url, before = httpx.URL(server.address), spooled(server)
    head = f"POST /plugins/bot/echo HTTP/1.1\r\nHost: {url.host}\r\n{headers}\r\n\r\n"
    with sockets.create_connection((url.host, url.port), timeout=60) as wire:
        for piece in [head.encode(), *pieces]:
            wire.sendall(piece)
        said = b""
        while not said.endswith(b"}"):
            said += wire.recv(65_536)
        assert spooled(server) <= before

    assert said.startswith(b"HTTP/1.1 413 ")
    assert said.count(b"HTTP/1.1") == 1
    assert b'"code": "too_large"' in said


def spooled(server: Server) -> set[str]:
    """Files without a name that the server holds open, which is where a body is spooled to."""
    held = set()
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            held.add(str(link.readlink()))
    return {path for path in held if path.endswith("(deleted)")}


def test_a_body_up_to_the_bound_reaches_its_address(sign_in: Callable[[str], Person]) -> None:
    answer = sign_in("ann").post("/ask/", text="x" * 2_500_000)

    assert answer.status_code == 400
    assert "at most 10000 fit" in answer.text


@pytest.mark.parametrize("path", ["c/{id}/", "c/{id}/rename/", "c/{id}/delete/", "c/nonsense/"])
def test_what_does_not_exist_and_what_is_not_yours_look_alike(
    sign_in: Callable[[str], Person], ticket: tuple[str, str, int], path: str
) -> None:
    bob = sign_in("bob")
    answers = [bob.http.get("/" + path.format(id=one)) for one in (uuid4(), ticket[0])]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert _plain(answers[0]) == _plain(answers[1])


@pytest.mark.parametrize(
    ("path", "which"),
    [("ask/", 0), ("c/{}/delete/", 0), ("runs/{}/stop/", 1), ("runs/{}/continue/", 1)],
)
def test_a_stranger_changes_nothing_over_http(
    sign_in: Callable[[str], Person], ticket: tuple[str, str, int], path: str, which: int
) -> None:
    before = tables()
    form = {"text": "Hello", "conversation": ticket[0]}

    answer = sign_in("bob").post("/" + path.format(ticket[which]), **form)

    assert answer.status_code == 404
    assert tables() == before


@pytest.mark.parametrize(
    ("frame", "which"),
    [
        ({"type": "watch"}, "conversation"),
        ({"type": "ask", "text": "Hello"}, "conversation"),
        ({"type": "stop"}, "run"),
        ({"type": "continue"}, "run"),
    ],
)
def test_a_stranger_learns_nothing_over_a_socket(
    sign_in: Callable[[str], Person],
    ticket: tuple[str, str, int],
    frame: dict[str, Any],
    which: str,
) -> None:
    before = tables()
    heard = []
    with sign_in("bob").socket() as wire:
        for one in (str(uuid4()), ticket[0] if which == "conversation" else ticket[1]):
            wire.send(**frame, **{which: one})
            heard.append(wire.wait(lambda frame: frame["type"] == "error"))

    assert [one["code"] for one in heard] == ["not_found", "not_found"]
    assert heard[0] == heard[1]
    assert tables() == before


def test_a_viewer_neither_asks_nor_decides(
    sign_in: Callable[[str], Person], ticket: tuple[str, str, int]
) -> None:
    vic, (conversation, _run, number) = sign_in("vic"), ticket
    assert vic.post(f"/approvals/{number}/approve/", payload_hash="0" * 64).status_code == 404
    Participant.objects.create(
        conversation_id=conversation, user=User.objects.get(username="vic"), may_write=True
    )
    before = tables()

    assert vic.http.get(f"/c/{conversation}/").status_code == 200
    for form in ({"text": "Hello"}, {"text": "Hello", "conversation": conversation}):
        refused = vic.post("/ask/", **form)
        assert refused.status_code == 403
        assert "read along" in refused.text
    with vic.socket() as wire:
        for place in (None, conversation):
            wire.send(type="ask", text="Hello", conversation=place)
            assert wire.wait(lambda frame: frame["type"] == "error")["code"] == "not_allowed"
    shown = vic.http.get(f"/approvals/{number}/")
    assert 'name="payload_hash"' not in shown.text
    decided = vic.post(f"/approvals/{number}/approve/", payload_hash="0" * 64)
    assert decided.status_code in (302, 403, 404)
    assert tables() == before
    assert 'data-status="pending"' in sign_in("ann").http.get(f"/approvals/{number}/").text


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"]
)
def test_another_websites_script_opens_no_socket(
    sign_in: Callable[[str], Person], origin: str
) -> None:
    ann = sign_in("ann")
    cookies = "; ".join(f"{name}={value}" for name, value in ann.http.cookies.items())

    with pytest.raises(InvalidStatus) as refused:
        connect(
            ann.address.replace("http", "ws") + "/ws/",
            origin=origin,  # type: ignore[arg-type]  # websockets has a type of its own for it
            subprotocols=[Subprotocol("atlas.json")],
            additional_headers={"Cookie": cookies},
        )

    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", "null", '{"type":"fly"}', '{"type":"ask"}', b"\x00\xff", '{"type":"watch"' * 9],
)
def test_a_broken_frame_is_answered_and_the_socket_goes_on(
    sign_in: Callable[[str], Person], frame: str | bytes
) -> None:
    with sign_in("ann").socket() as wire:
        wire.wire.send(frame)
        assert wire.wait(lambda frame: frame["type"] == "error")["code"] == "bad_frame"

        wire.send(type="ask", text="", conversation=None)
        assert "empty" in wire.wait(lambda frame: frame["type"] == "error")["message"]


@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_an_oversized_frame_closes_its_own_socket_alone(
    sign_in: Callable[[str], Person], size: int
) -> None:
    ann = sign_in("ann")
    with ann.socket() as other, ann.socket() as wire:
        # The server may cut the connection while the frame is still being sent.
        with suppress(ConnectionClosed):
            wire.wire.send(json.dumps({"type": "ask", "text": "x" * size}))
        assert wire.close_code() in (1009, None)

        other.send(type="stop", run=str(uuid4()))
        assert UNKNOWN in other.wait(lambda frame: frame["type"] == "error")["message"]


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x00\xa5" + b"\x00" * 60, b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 4096]
)
def test_bytes_that_are_no_http_leave_the_server_alone(server: Server, raw: bytes) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    with closing(sockets.create_connection((host, int(port)), timeout=60)) as wire:
        wire.sendall(raw)
        wire.shutdown(sockets.SHUT_WR)
        said = wire.recv(4096)

    assert b"Traceback" not in said
    assert httpx.get(f"{server.address}/readyz", timeout=60).json() == {"ready": True}


def _plain(answer: httpx.Response) -> str:
    """The page without what differs with every answer."""
    return "".join(line for line in answer.text.splitlines() if "csrf" not in line.lower())

"""Promises of a socket's background: how much a page can have looked at, and how often."""

import pytest

from atlas.accounts.models import User
from atlas.chat import watching
from atlas.chat.presence import Standing
from atlas.chat.protocol import Watch
from atlas.chat.watching import Watching
from tests.polling import until


class Page:
    """A presenter that notes which requests it was to look at."""

    def __init__(self):
        self.looked_at = []

    def watch(self, frame, *, may_ask): ...

    async def waiting(self): ...

    async def halt(self): ...

    async def request(self, number, *, shown=""):
        self.looked_at.append((number, shown))


@pytest.fixture
def page():
    return Page()


@pytest.fixture
async def socket(page):
    async def close(_code): ...

    made = Watching(Standing(user_id=1, epoch=0), page, close)
    yield made
    await made.stop()


def frame(*numbers):
    return Watch(type="watch", requests=dict.fromkeys(numbers, "pending"))


async def watch(socket, *frames):
    for one in frames:
        await socket.watch(one, User(), may_ask=False)


async def test_the_first_frame_is_looked_at_at_once(socket, page, monkeypatch):
    monkeypatch.setattr(watching, "CARDS_S", 3600.0)

    await watch(socket, frame(1, 2))

    await until(lambda: page.looked_at == [(1, "pending"), (2, "pending")])


async def test_of_many_frames_only_the_newest_is_looked_at(socket, page, monkeypatch):
    monkeypatch.setattr(watching, "CARDS_S", 3600.0)
    await watch(socket, frame(1))
    await until(lambda: page.looked_at)
    await watch(socket, *(frame(number) for number in range(10, 60)))
    socket._cards_from = 0.0

    await watch(socket, frame(60))

    await until(lambda: len(page.looked_at) > 1)
    assert page.looked_at == [(1, "pending"), (60, "pending")]

"""Events of a run come in order, also those that are written while a follower reads."""

from uuid import uuid4

import pytest

from atlas.events import feed
from atlas.events.feed import Feed
from atlas.events.stored import StoredEvent

RUN, CONVERSATION = uuid4(), uuid4()


def events(*numbers):
    return [StoredEvent(RUN, number, "text", {"text": str(number)}) for number in numbers]


@pytest.mark.parametrize("offered", [(5,), (5, 6), (5, 6, 7, 8)])
async def test_what_is_offered_while_the_gap_is_read_keeps_its_place(monkeypatch, offered):
    following = Feed()

    async def reading(_fn, *_args):
        # The database knows the later ones already; they have not been offered yet.
        following.publish(CONVERSATION, events(*offered))
        return [], events(5, 6, 7, 8)

    monkeypatch.setattr(feed, "in_db", reading)
    news = following.follow(CONVERSATION, {RUN: 4})
    came = []
    while len(came) < 4:
        came += [event.seq for event in await anext(news)]
    await news.aclose()
    assert came == [5, 6, 7, 8]

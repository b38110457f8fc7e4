"""Frames are read strictly, and what is wrong is said in a sentence."""

import json
from uuid import UUID

import pytest

from atlas.chat.protocol import Ask, Continue, Stop, Watch, parse
from atlas.common.errors import BadInput

ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ('{"type": "watch"}', Watch(type="watch")),
        (
            f'{{"type":"watch","conversation":"{ID}","after":{{"{ID}":7}},"requests":{{"3":"pending"}}}}',
            Watch(
                type="watch",
                conversation=UUID(ID),
                after={UUID(ID): 7},
                requests={3: "pending"},
            ),
        ),
        ('{"type":"ask","text":"How much?"}', Ask(type="ask", text="How much?")),
        (f'{{"type":"stop","run":"{ID}"}}', Stop(type="stop", run=UUID(ID))),
        (f'{{"type":"continue","run":"{ID}"}}', Continue(type="continue", run=UUID(ID))),
    ],
)
def test_frames_are_read(text, frame):
    assert parse(text) == frame


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_frame"),
        ("{", "bad_frame"),
        ("[]", "bad_frame"),
        ("null", "bad_frame"),
        ('{"type":"approve"}', "bad_frame"),
        ('{"type":"ask"}', "bad_frame"),
        ('{"type":"ask","text":7}', "bad_frame"),
        ('{"type":"stop","run":"1"}', "bad_frame"),
        (f'{{"type":"watch","after":{{"{ID}":-1}}}}', "bad_frame"),
        (f'{{"type":"watch","after":{{"{ID}":{2**31}}}}}', "bad_frame"),
        (f'{{"type":"watch","requests":{{"{2**63}":"a"}}}}', "bad_frame"),
        ('{"type":"watch","extra":1}', "bad_frame"),
        (
            json.dumps({"type": "watch", "requests": dict.fromkeys(range(101), "pending")}),
            "bad_frame",
        ),
        ('{"type":"ask","text":"' + "x" * 65_536 + '"}', "frame_too_large"),
        ('{"type":"ask","text":"' + "ü" * 33_000 + '"}', "frame_too_large"),
    ],
)
def test_broken_frames_are_refused_with_a_reason(text, code):
    with pytest.raises(BadInput) as caught:
        parse(text)

    assert caught.value.code == code
    assert len(caught.value.user_message) < 300


def test_a_refusal_does_not_repeat_what_was_sent():
    with pytest.raises(BadInput) as caught:
        parse('{"type":"ask","text":{"secret":"hunter2"}}')

    assert "hunter2" not in caught.value.user_message

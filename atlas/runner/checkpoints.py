"""Puts the checkpoint of a turn into run events, each of which fits."""

import json

from atlas.agent.events import Checkpoint
from atlas.common.jsonable import JSON, jsonable
from atlas.events.stream import MAX_EVENT_BYTES

# Around one message there are a list and the word whether the turn ended.
MAX_MESSAGE_BYTES = MAX_EVENT_BYTES - 1_000
LEAST_CHARACTERS = 64


def payloads_of(checkpoint: Checkpoint) -> list[dict[str, JSON]]:
    """One event for each message; whoever emits them without a pause has them stored together.

    A message that is too large for one is shortened: an answer that goes on from it knows less.
    """
    last = len(checkpoint.messages) - 1
    return [
        {"messages": [_fitting(jsonable(message))], "ends": checkpoint.ends and place == last}
        for place, message in enumerate(checkpoint.messages)
    ]


def _fitting(message: JSON) -> JSON:
    most, fitting = MAX_MESSAGE_BYTES, message
    while _size(fitting) > MAX_MESSAGE_BYTES and most > LEAST_CHARACTERS:
        most //= 2
        fitting = _cut(message, most)
    if _size(fitting) > MAX_MESSAGE_BYTES and isinstance(fitting, dict):
        # Only arguments with very many names remain so large.
        return {key: _bare(item) if key == "calls" else item for key, item in fitting.items()}
    return fitting


def _bare(calls: JSON) -> JSON:
    found = calls if isinstance(calls, list) else []
    return [{**call, "arguments": {}} for call in found if isinstance(call, dict)]


def _cut(value: JSON, most: int) -> JSON:
    """Shorten every text and list in `value` to `most`."""
    if isinstance(value, str):
        return value if len(value) <= most else value[:most] + "…"
    if isinstance(value, list):
        return [_cut(item, most) for item in value[:most]]
    if isinstance(value, dict):
        return {key: _cut(item, most) for key, item in value.items()}
    return value


def _size(value: JSON) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())

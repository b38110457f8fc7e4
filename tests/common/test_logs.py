"""A log line is one line, holds no secret, and says which run it belongs to."""

import logging
import sys

import pytest

from atlas.common.logs import LineFormatter, request_id, run_id


def line(message: str, *args: object, exc_info: object = None) -> str:
    record = logging.LogRecord("atlas", logging.ERROR, "", 0, message, args, exc_info)  # type: ignore[arg-type]  # what sys.exc_info gives
    return LineFormatter().format(record)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("gone\n2026-01-01 INFO atlas All is well", r"gone\n2026-01-01 INFO atlas All is well"),
        ("a\r\nb", r"a\r\nb"),
        ("\x1b[2Jhidden", r"\x1b[2Jhidden"),
        ("a\u2028b\x85c", r"a\u2028b\x85c"),
        ("tab\tand é stay", "tab\tand é stay"),
    ],
)
def test_no_text_begins_a_line_of_its_own(said: str, shown: str) -> None:
    assert line("The plugin said: %s", said).endswith(f" ERROR atlas The plugin said: {shown}")


def test_a_trace_has_its_lines() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        told = line("It failed", exc_info=sys.exc_info()).splitlines()

    assert told[0].endswith("ERROR atlas It failed")
    assert told[1] == "Traceback (most recent call last):"
    assert told[-1] == "ValueError: broken"


def test_secrets_are_masked() -> None:
    told = line("Connecting to %s", "postgresql://ann:canary@db/shop?password=canary2")

    assert "canary" not in told
    assert told.endswith("postgresql://[hidden]@db/shop?password=[hidden]")


def test_the_request_and_the_run_are_named() -> None:
    tokens = request_id.set("r1"), run_id.set("r2")
    try:
        assert line("Done").endswith("ERROR atlas Done [request r1 run r2]")
    finally:
        request_id.reset(tokens[0])
        run_id.reset(tokens[1])

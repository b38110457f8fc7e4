"""Waits for what another process does, without Django."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 60.0


def until(what: str, condition: Callable[[], Any], timeout_s: float = PATIENCE_S) -> Any:
    """Look again and again until the condition holds; returns what it gave."""
    end = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        time.sleep(0.005)
    return found

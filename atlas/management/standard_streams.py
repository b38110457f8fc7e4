"""Keeps stdout for one transport: whatever else is printed in the process goes to stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT, STDERR = 1, 2


class OwnStreams:
    """The real stdout, set aside while plugins start and stop."""

    def __init__(self, real: int) -> None:
        self._real = real

    @contextmanager
    def given(self) -> Iterator[None]:
        """Let stdout be the real one inside."""
        _point_stdout_to(self._real)
        try:
            yield
        finally:
            _point_stdout_to(STDERR)


@contextmanager
def own_streams() -> Iterator[OwnStreams]:
    """Send what is printed to stderr, but for the time that it is given to a transport."""
    real = os.dup(STDOUT)
    _point_stdout_to(STDERR)
    try:
        yield OwnStreams(real)
    finally:
        _point_stdout_to(real)
        os.close(real)


def _point_stdout_to(target: int) -> None:
    # What waits in the buffer belongs to where stdout pointed until now.
    sys.stdout.flush()
    os.dup2(target, STDOUT)

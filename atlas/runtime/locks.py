"""Locks between processes of one machine; a process that is killed frees what it held."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from atlas.runtime.errors import LockTimeout


@contextmanager
def exclusive(path: Path, *, timeout_s: float = 120.0) -> Iterator[None]:
    """Hold the lock file `path` alone; raises LockTimeout after `timeout_s` seconds."""
    descriptor = open_lock(path)
    deadline = time.monotonic() + timeout_s
    try:
        while not try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise LockTimeout(path, timeout_s)
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


class Presence:
    """A shared mark on a file that says "in use"; the last to leave can tell that it is alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def enter(self) -> None:
        """Mark this process as a user; calling it again changes nothing."""
        if self._descriptor is None:
            self._descriptor = open_lock(self._path)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Take the mark away; True when this process was marked and no other process is."""
        if self._descriptor is None:
            return False
        alone = try_lock(self._descriptor, fcntl.LOCK_EX)
        os.close(self._descriptor)
        self._descriptor = None
        return alone


def open_lock(path: Path) -> int:
    """Open or create a lock file that only its owner may open."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take the lock at once or say False."""
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        return True
    return False

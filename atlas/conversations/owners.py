"""Who holds the lease of a run, and how another process on the same machine tells that it died."""

import functools
import hashlib
import os
import secrets
from pathlib import Path

from atlas.common.processes import is_alive

# The last part tells processes apart that had the same number one after the other.
_own = secrets.token_hex(4)


def process_name() -> str:
    """The lease owner's name of this process: where process ids are its own, id, a random part."""
    return f"{_place()}:{os.getpid()}:{_own}"


def is_gone(owner: str) -> bool:
    """Whether the process named so has ended for certain; what runs elsewhere is never known."""
    place, _colon, rest = owner.partition(":")
    pid, _colon, own = rest.partition(":")
    if not place or place != _place() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return own != _own
    return not is_alive(int(pid))


@functools.cache
def _place() -> str:
    """A short name of this boot of this machine and its namespace of process ids.

    Containers may share a host's name, and then a process id of one says nothing in another.
    Empty where neither can be read: there a process is only known dead by its lease.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return ""
    return hashlib.sha256(f"{boot}:{namespace}".encode()).hexdigest()[:16]

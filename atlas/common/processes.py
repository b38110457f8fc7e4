"""Whether another process of this machine lives."""

import os
from contextlib import suppress
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists and has not ended.

    One that ended and was not yet waited for does not live: nothing of it runs any more.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def _state(pid: int) -> str:
    """The letter that Linux has for it; empty where that is not told."""
    with suppress(OSError, IndexError):
        # The name before the state is in brackets and may hold anything.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""

"""Ends threads of plugins that compute on after their deadline, when nobody waits for them."""

import ctypes
import logging
import sys
import threading
import time
from pathlib import Path

logger = logging.getLogger(__name__)

LOOK_S = 0.1
# A thread that waits uses nothing; one that loops gets a share even on a busy machine.
COMPUTES_ABOVE = 0.1
TICKS_A_SECOND = 100

_lock = threading.Lock()
_given_up: set[threading.Thread] = set()


def give_up(thread: threading.Thread) -> None:
    """Look at this thread until it ends, and end it when it computes.

    It ends at its next step in Python: code that is inside of C is not reached, and neither is
    code that catches `SystemExit`. Where the system does not tell what a thread uses (only Linux
    does), it is left to itself.
    """
    with _lock:
        is_first = not _given_up
        _given_up.add(thread)
    if is_first:
        threading.Thread(target=_watch, name="plugin-runaways", daemon=True).start()


def let_go(thread: threading.Thread) -> None:
    """Look at this thread no more: it is at its end, and is not stopped while it tidies up."""
    with _lock:
        _given_up.discard(thread)


def _seconds_used(thread: threading.Thread) -> float | None:
    """Return the processor time of a thread, or None when it cannot be told."""
    try:
        stat = Path(f"/proc/self/task/{thread.native_id}/stat").read_text()
    except OSError:
        return None
    # The name of the thread stands in brackets and may hold anything.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def _watch() -> None:
    known: dict[threading.Thread, tuple[float, float]] = {}
    while threads := _left():
        for thread in threads:
            used, now = _seconds_used(thread), time.monotonic()
            if used is None:
                continue
            if thread in known and _share(known[thread], (used, now)) > COMPUTES_ABOVE:
                _end(thread)
            known[thread] = used, now
        time.sleep(LOOK_S)


def _left() -> list[threading.Thread]:
    with _lock:
        _given_up.intersection_update([one for one in _given_up if one.is_alive()])
        return list(_given_up)


def _share(before: tuple[float, float], after: tuple[float, float]) -> float:
    return (after[0] - before[0]) / max(after[1] - before[1], LOOK_S / 2)


def _end(thread: threading.Thread) -> None:
    with _lock:
        if thread in _given_up:
            _raise_exit_in(thread)


def _raise_exit_in(thread: threading.Thread) -> None:
    frame = sys._current_frames().get(thread.ident or 0)
    where = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "an unknown place"
    logger.error("%s computes on although nobody waits for it; it is ended at %s", thread, where)
    ident, error = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error)

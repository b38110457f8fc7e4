"""What SIGTERM and Ctrl-C do before a server takes them over: the command ends and tidies up."""

import signal
import sys
import threading
from types import FrameType

_told = threading.Event()


def leave_on_signals() -> None:
    """End the process by SystemExit, so that what is registered for its exit is done."""

    def handle(number: int, _frame: FrameType | None) -> None:
        _told.set()
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def told_to_leave() -> bool:
    """Whether a signal came; packages that catch everything may have swallowed the exit."""
    return _told.is_set()

"""Looks at and ends the server process of a data folder without trusting a stale postmaster.pid."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from atlas.common.processes import is_alive
from atlas.runtime.errors import StopFailed

PROC = Path("/proc")


def postmaster_pid(data: Path) -> int | None:
    """The id of the live PostgreSQL server of this data folder, or None."""
    pid = recorded_pid(data)
    if pid is None or not is_alive(pid) or not _is_server_of(pid, data):
        return None
    return pid


def recorded_pid(data: Path) -> int | None:
    """What postmaster.pid says, true or not."""
    with suppress(OSError, ValueError, IndexError):
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    return None


def forget_stale_pid(data: Path, sockets: Path) -> None:
    """Remove the lock files of a server that is gone, when nobody works in the folder.

    PostgreSQL itself refuses to start when the number in them belongs to another process by now,
    or to one that ended and was not yet waited for. A child of a killed server may still write,
    so the files stay while one lives.
    """
    if PROC.is_dir() and not _processes_in(data):
        (data / "postmaster.pid").unlink(missing_ok=True)
        for lock in sockets.glob(".s.PGSQL.*.lock"):
            lock.unlink(missing_ok=True)


def end(pid: int, data: Path, *, timeout_s: float = 30.0) -> None:
    """Shut the server down: clients are cut off, everything committed is on disk."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + timeout_s
    while is_alive(pid) and postmaster_pid(data) == pid:
        if time.monotonic() > deadline:
            raise StopFailed(pid)
        time.sleep(0.01)


def _is_server_of(pid: int, data: Path) -> bool:
    if not PROC.is_dir():
        return "postgres" in _command(pid)
    try:
        return (PROC / str(pid) / "cwd").readlink() == data.resolve()
    except PermissionError:
        return False
    except OSError:
        return False


def _processes_in(folder: Path) -> list[int]:
    found = []
    place = folder.resolve()
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if (entry / "cwd").readlink() == place:
                    found.append(int(entry.name))
    return found


def _command(pid: int) -> str:
    ps = shutil.which("ps")
    if ps is None:
        return ""
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [ps, "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return done.stdout

"""A program that becomes another one, which then dies with the process that wanted it.

Run by path: `python launch.py PARENT LOG PROGRAM ARGUMENT ...`, where LOG is the number of the open
file that hears when the program cannot be run. It is a process of its own because
nothing may run between fork and exec in a process with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
FAILED = 255


def main() -> None:
    """Ask the kernel for the signal, see that it is not too late for it, and become the program."""
    parent, log, *program = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit(FAILED)
    try:
        os.execv(program[0], program)  # noqa: S606 - no shell is the purpose
    except OSError as error:
        os.write(int(log), f"[F] nsjail cannot be run: {error.strerror}\n".encode())
        sys.exit(FAILED)


if __name__ == "__main__":
    main()

"""A program that has imported what Atlas needs and forks server processes on request.

Reads one JSON object a line: `{"arguments", "variables", "log", "imports"}`. Answers with
`{"pid"}`, and with `{"ended", "code"}` whenever a child has ended (a signal is a negative code).
Imports nothing of Atlas, so that a child reads its own environment, and starts no thread. When
its input ends it kills what is left.
"""

import importlib
import json
import os
import signal
import sys
from typing import Any

WARM = [
    "argon2",
    "autobahn.websocket.protocol",
    "bashkit",
    "channels.generic.websocket",
    "csp",
    "django.core.management",
    "django.db.backends.postgresql.base",
    "django_htmx",
    "django_stubs_ext",
    "httpx",
    "markdown_it",
    "nh3",
    "psycopg",
    "psycopg_pool",
    "pydantic",
    "pygments.formatters.html",
    "pygments.lexers.sql",
    "sqlglot",
    "sqlglot.dialects.postgres",
    "sqlglot.optimizer.scope",
    "twisted.internet.asyncioreactor",
    "twisted.web.http",
    "whitenoise.middleware",
    "yaml",
]


class Zygote:
    """The parent of the server processes of a test session."""

    def __init__(self) -> None:
        self._children: set[int] = set()

    def run(self) -> list[str]:
        """Serve requests; returns only in a child, with the arguments of its command."""
        signal.signal(signal.SIGCHLD, lambda _number, _frame: self._reap())
        for line in sys.stdin:
            asked = json.loads(line)
            for name in asked["imports"]:
                importlib.import_module(name)
            pid = self._fork()
            if pid == 0:
                return _become(asked)
            _say({"pid": pid})
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    def _fork(self) -> int:
        # A child that ends at once must be known before its end is heard of.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid:
            self._children.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        return pid

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _become(asked: dict[str, Any]) -> list[str]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(asked["variables"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    return ["manage.py", *asked["arguments"]]


def _say(message: dict[str, int]) -> None:
    # One write each, since the reaper may come between any two instructions.
    os.write(1, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    for module in WARM:
        importlib.import_module(module)
    command = Zygote().run()
    from atlas.runtime.command_line import execute  # the first import of Atlas, in a child

    execute(command)

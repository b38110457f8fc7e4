"""Promises of signals that come before a server takes them over."""

import subprocess
from collections.abc import Callable

import pytest

SWALLOWED = """
import os, signal, sys
from atlas.runtime.signals import leave_on_signals
from atlas.serving.shutdown import on_signals
leave_on_signals()
try:
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
except SystemExit as ended:
    print(ended.code)
on_signals(lambda: print("ends"))
"""


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_signal_that_a_package_swallowed_still_ends_the_server(
    spawn: Callable[..., subprocess.Popen[str]], name: str, code: int
) -> None:
    process = spawn(SWALLOWED, name)

    assert process.communicate(timeout=120)[0].split() == [str(code), "ends"]

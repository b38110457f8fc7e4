"""Makes a jail for one command, reads what it prints, and leaves no process behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from plugins_app.reference.nsjail.flags import Limits, flags
from plugins_app.sdk import ExploreResult, PluginError

LAUNCH = Path(__file__).with_name("launch.py")
MAX_OUTPUT = 1_000_000
SET_UP_FAILED = 255
KILLED = 137
# nsjail ends the command at its limit; this is for an nsjail that does not.
GRACE_S = 2
LOG_LINE = re.compile(r"^\[([A-Z])\]\S*(?:\[\d+\])? (.*)$", re.MULTILINE)


class JailFailed(PluginError):
    """The jail could not be made, so the command did not run; `detail` is for operators."""

    def __init__(self, detail: str) -> None:
        """Keep what nsjail said."""
        super().__init__("The jail could not be made, so nothing was run. Tell an admin.")
        self.detail = detail


@dataclass
class Jail:
    """A folder that commands may read, each in a jail of its own; without one, nothing."""

    binary: Path
    limits: Limits
    root: Path | None = None
    _running: set[int] = field(default_factory=set)

    async def run(self, command: str) -> ExploreResult:
        """Run one command with bash; a command that fails or is ended is a result."""
        log = os.memfd_create("nsjail")
        started = asyncio.get_running_loop().time()
        try:
            result = await self._run(command, log)
            said = os.pread(log, 65_536, 0).decode(errors="replace")
        finally:
            os.close(log)
        if result.exit_code == SET_UP_FAILED and (detail := _fatal(said)):
            raise JailFailed(detail)
        took = asyncio.get_running_loop().time() - started
        if result.exit_code == KILLED and took >= self.limits.seconds:
            notice = f"The command was ended after {self.limits.seconds} s."
            return ExploreResult(result.stdout, _with(result.stderr, notice), KILLED)
        return result

    def end(self) -> None:
        """Kill what runs; the kernel ends everything in a jail with its first process."""
        for handle in self._running:
            _kill(handle)

    async def _run(self, command: str, log: int) -> ExploreResult:
        process = await self._start(command, log)
        with self._noted(process) as kill:
            try:
                async with asyncio.timeout(self.limits.seconds + GRACE_S):
                    return await _result(process, kill)
            except TimeoutError:
                return ExploreResult("", "", KILLED)
            finally:
                kill()
                await process.wait()

    @contextmanager
    def _noted(self, process: asyncio.subprocess.Process) -> Iterator[Callable[[], None]]:
        """Keep a handle on a process that stays its own, and give what kills it."""
        # Process.kill() may take the exit code away from the one who waits for it.
        try:
            handle = os.pidfd_open(process.pid)
        except ProcessLookupError:
            yield lambda: None
            return
        self._running.add(handle)
        try:
            yield lambda: _kill(handle)
        finally:
            self._running.discard(handle)
            os.close(handle)

    async def _start(self, command: str, log: int) -> asyncio.subprocess.Process:
        told = flags(self.limits, self.root, as_root=os.geteuid() == 0, log=log)
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid())),
                *(str(log), str(self.binary)),
                *told,
                *("--", "/bin/bash", "-c", command.encode(errors="replace")),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(log,),
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise JailFailed(f"nsjail cannot be started: {error.strerror}") from None


async def _result(process: asyncio.subprocess.Process, kill: Callable[[], None]) -> ExploreResult:
    (out, cut_out), (err, cut_err) = await asyncio.gather(
        _read(process.stdout, kill), _read(process.stderr, kill)
    )
    code = await process.wait()
    if cut_out or cut_err:
        err = _with(err, f"The command was ended: it printed more than {MAX_OUTPUT:,} bytes.")
    return ExploreResult(out, err, code if code >= 0 else 128 - code)


async def _read(stream: asyncio.StreamReader | None, stop: Callable[[], None]) -> tuple[str, bool]:
    """The first bytes of a stream, and whether there were more; then what prints is stopped."""
    found = bytearray()
    while stream is not None and (piece := await stream.read(65_536)):
        found += piece[: MAX_OUTPUT + 1 - len(found)]
        if len(found) > MAX_OUTPUT:
            stop()
    return found[:MAX_OUTPUT].decode(errors="replace"), len(found) > MAX_OUTPUT


def _kill(handle: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


def _with(text: str, notice: str) -> str:
    return f"{text.rstrip()}\n{notice}" if text.strip() else notice


def _fatal(said: str) -> str:
    """What nsjail gave as its reason, or nothing when it was the command that failed."""
    lines: list[tuple[str, str]] = LOG_LINE.findall(said)
    if not any(level == "F" for level, _text in lines):
        return ""
    reasons = [text for level, text in lines if level in "WE"] or [text for _level, text in lines]
    return reasons[0][:500]

"""One daemon thread and event loop per plugin, replaced when plugin code blocks it."""

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from plugins_app.host.calling import runaway

logger = logging.getLogger(__name__)

MAX_REPLACEMENTS = 3
CLEAR_UP_ROUNDS = 3
CLEAR_UP_S = 0.3
P = ParamSpec("P")
T = TypeVar("T")


class Call(Future[T]):
    """A call in a thread of its own."""

    thread: threading.Thread | None = None

    def leave(self) -> None:
        """Wait for it no more; should it compute for ever, it is ended."""
        if self.thread is not None:
            runaway.give_up(self.thread)


class DaemonExecutor(ThreadPoolExecutor):
    """Runs each call in a daemon thread of its own, which the interpreter's exit never joins.

    A subclass because a loop accepts only a `ThreadPoolExecutor` as its default executor, and
    the threads of the original are joined at exit: a plugin that hangs would hang the process.
    """

    def __init__(self, name: str) -> None:
        super().__init__(max_workers=1)
        self._name = name

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Call[T]:
        future: Call[T] = Call()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        future.thread = threading.Thread(target=run, name=f"{self._name}-call", daemon=True)
        future.thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: daemon threads end with the process."""


class Worker:
    """A running event loop in a daemon thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.executor = DaemonExecutor(name)
        self.loop.set_default_executor(self.executor)
        self.stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self.stopping:
            try:
                self.loop.run_forever()
            except BaseException:  # a plugin's own task may raise SystemExit through the loop
                logger.exception("The loop of %s was broken by plugin code", self._thread.name)
        with contextlib.suppress(BaseException):
            self._cancel_the_rest()
        with contextlib.suppress(BaseException):  # what was raised just before arrives in here
            runaway.let_go(self._thread)
        with contextlib.suppress(RuntimeError):
            self.loop.close()

    def _cancel_the_rest(self) -> None:
        """Let what a plugin left running tidy up: sessions of databases are closed, for example."""
        # Some tasks survive one cancellation: a pool's worker, for example, goes on with the next.
        for _round in range(CLEAR_UP_ROUNDS):
            rest = asyncio.all_tasks(self.loop)
            for task in rest:
                task.cancel()
            if rest:
                self.loop.run_until_complete(asyncio.wait(rest, timeout=CLEAR_UP_S))

    def stop(self) -> None:
        """Ask the loop to end as soon as it is free; never waits."""
        self.stopping = True
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.loop.stop)

    def give_up(self) -> None:
        """Stop it although its code does not come back."""
        self.stop()
        runaway.give_up(self._thread)

    def where(self) -> str:
        """Return the line at which the thread is now."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        if frame is None:
            return "an unknown place"
        return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"

    async def answers(self, within_s: float) -> bool:
        """Tell whether the loop runs a trivial callback in time."""
        answer: Future[None] = Future()
        try:
            self.loop.call_soon_threadsafe(_set, answer)
            await asyncio.wait_for(asyncio.wrap_future(answer), within_s)
        except (TimeoutError, RuntimeError):
            return False
        return True


class PluginThread:
    """The worker of one plugin; made on first use, abandoned when blocked, at most 3 times.

    Synchronous calls that outlived their deadline keep their thread; when more than 3 of them
    have not ended, the plugin is switched off as well.
    """

    def __init__(self, plugin_id: str) -> None:
        self.plugin_id = plugin_id
        self.replacements = 0
        self.off_reason = ""
        self._worker: Worker | None = None
        self._overdue: list[Call[Any]] = []

    @property
    def running(self) -> Worker | None:
        """The current worker, if there is one."""
        return self._worker

    def worker(self) -> Worker:
        """Return the current worker, starting one when there is none."""
        if self._worker is None:
            self._worker = Worker(f"plugin-{self.plugin_id}")
        return self._worker

    def abandon(self, worker: Worker) -> bool:
        """Give up a blocked worker; return whether it was the current one."""
        if worker is not self._worker:
            return False
        worker.give_up()
        self._worker = None
        self.replacements += 1
        logger.warning("Plugin %s blocked its thread and got a new one", self.plugin_id)
        if self.replacements > MAX_REPLACEMENTS:
            self.off_reason = f"It blocked its thread more than {MAX_REPLACEMENTS} times"
        return True

    def note_overdue(self, call: Call[Any]) -> None:
        """Remember a synchronous call that passed its deadline until it ends."""
        call.leave()
        self._overdue = [one for one in (*self._overdue, call) if not one.done()]
        if len(self._overdue) > MAX_REPLACEMENTS:
            self.off_reason = f"More than {MAX_REPLACEMENTS} of its calls never came back"

    def stop(self) -> None:
        """End the worker without waiting for plugin code."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


def _set(answer: "Future[None]") -> None:
    if not answer.done():
        answer.set_result(None)

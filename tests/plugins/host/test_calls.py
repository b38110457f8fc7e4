"""Plugin code runs on its own thread, keeps to its deadline and cannot get out."""

import asyncio
import inspect
import subprocess
import sys
import threading

import pytest
from pydantic import SecretStr

from plugins_app.host.calling import calls
from plugins_app.host.calling.calls import call
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import Plugin, PluginConfig
from tests.polling import until

CANARY = "canary-7f3a91"


class Provider:
    def load(self):
        return ""


class Config(PluginConfig):
    key: SecretStr = SecretStr(CANARY)
    url: str = f"postgresql://root:{CANARY}-url@db.example.com/x"


def plugin(plugin_id="p"):
    return Plugin(
        id=plugin_id,
        types=("context",),
        version="1.0.0",
        name="Probe",
        config=Config(),
        context_provider=Provider(),
    )


@pytest.fixture
def entry(registered):
    return registered(plugin())[0]


async def where():
    return threading.current_thread().name, asyncio.get_running_loop()


async def test_asynchronous_code_runs_on_the_loop_of_the_plugin(entry):
    name, loop = await call(entry, where, timeout_s=5)
    again = await call(entry, where, timeout_s=5)
    assert name == "plugin-p"
    assert again == (name, loop)
    assert loop is not asyncio.get_running_loop()


async def test_synchronous_code_runs_in_a_daemon_thread_of_the_plugin(entry):
    thread = await call(entry, threading.current_thread, timeout_s=5)
    assert thread.name == "plugin-p-call"
    assert thread.daemon


async def test_arguments_and_results_pass(entry):
    assert await call(entry, divmod, 7, 2, timeout_s=5) == (3, 1)
    assert await call(entry, dict, a=1, timeout_s=5) == {"a": 1}


async def test_a_synchronous_function_may_return_an_awaitable(entry):
    async def later():
        return 42

    assert await call(entry, lambda: later(), timeout_s=5) == 42


async def test_an_awaitable_that_comes_after_the_deadline_is_closed(entry, release):
    late = where()

    with pytest.raises(PluginTimeout):
        await call(entry, lambda: release.wait(60) and late, timeout_s=0.01)
    release.set()

    await until(lambda: inspect.getcoroutinestate(late) == inspect.CORO_CLOSED)


class Escape(BaseException):
    pass


ESCAPES = [
    ValueError("bad"),
    SystemExit(3),
    KeyboardInterrupt(),
    asyncio.CancelledError(),
    GeneratorExit(),
    StopIteration(),
    TimeoutError("own"),
    Escape("out"),
]


# A coroutine cannot raise StopIteration: Python itself turns it into a RuntimeError.
@pytest.mark.parametrize(
    ("error", "synchronous"),
    [
        *((error, True) for error in ESCAPES),
        *((error, False) for error in ESCAPES if not isinstance(error, StopIteration)),
    ],
    ids=repr,
)
async def test_whatever_a_plugin_raises_is_a_failure_and_the_next_call_works(
    entry, error, synchronous
):
    def raise_now():
        raise error

    async def raise_later():
        await asyncio.sleep(0)
        raise error

    with pytest.raises(PluginFailed) as caught:
        await call(entry, raise_now if synchronous else raise_later, timeout_s=5)
    assert caught.value.error is error
    assert await call(entry, where, timeout_s=5)


async def test_an_own_task_that_raises_system_exit_does_not_end_the_thread(entry):
    async def leave():
        raise SystemExit(1)

    async def start():
        asyncio.get_running_loop().create_task(leave())

    await call(entry, start, timeout_s=5)
    assert (await call(entry, where, timeout_s=5))[0] == "plugin-p"


async def hang():
    await asyncio.Event().wait()


async def test_a_hanging_coroutine_ends_at_its_deadline(entry, patient):
    async with asyncio.timeout(20):
        with pytest.raises(PluginTimeout, match=r"“Probe” did not answer within 0\.05 s"):
            await call(entry, hang, timeout_s=0.05)
    assert entry.thread.replacements == 0


async def test_a_blocking_function_ends_at_its_deadline(entry, release, patient):
    with pytest.raises(PluginTimeout):
        await call(entry, release.wait, 60, timeout_s=0.05)
    assert await call(entry, where, timeout_s=5)
    assert entry.thread.replacements == 0


async def test_a_coroutine_that_swallows_cancellation_does_not_hold_the_caller(
    entry, release, monkeypatch
):
    monkeypatch.setattr(calls, "GRACE_S", 1.0)

    async def stubborn():
        while not release.is_set():
            try:
                await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                continue

    with pytest.raises(PluginTimeout):
        await call(entry, stubborn, timeout_s=0.05)
    assert entry.thread.replacements == 0


async def test_a_blocked_loop_is_replaced(entry, release):
    async def block():
        release.wait(10)

    _, before = await call(entry, where, timeout_s=5)
    # On a busy machine a loop may still answer once before the block begins.
    while not entry.thread.replacements:
        with pytest.raises(PluginTimeout):
            await call(entry, block, timeout_s=0.02)
    _, after = await call(entry, where, timeout_s=5)
    assert after is not before
    assert entry.thread.replacements == 1
    assert entry.status == PluginStatus.HEALTHY


@pytest.mark.parametrize("ends", ["abandon", "stop"])
async def test_a_call_on_a_loop_that_is_given_up_has_timed_out_and_its_caller_lives(entry, ends):
    waiting = asyncio.create_task(_told_after(call(entry, hang, timeout_s=20)))
    await call(entry, where, timeout_s=5)
    worker = entry.thread.running
    if ends == "abandon":
        entry.thread.abandon(worker)
    else:
        entry.thread.stop()

    async with asyncio.timeout(10):
        assert await waiting == ("PluginTimeout", 0)


async def _told_after(calling):
    try:
        await calling
    except (PluginTimeout, asyncio.CancelledError) as error:
        return type(error).__name__, asyncio.current_task().cancelling()


async def test_a_plugin_that_blocks_its_loop_again_and_again_is_switched_off(
    entry, release, monkeypatch
):
    monkeypatch.setattr(calls, "GRACE_S", 0.02)

    async def block():
        release.wait(10)

    # On a busy machine a loop may still answer once before the block begins.
    for _ in range(12):
        if not entry.thread.off_reason:
            with pytest.raises(PluginTimeout):
                await call(entry, block, timeout_s=0.01)
    assert entry.thread.replacements == 4
    assert entry.status == PluginStatus.UNHEALTHY
    assert entry.reason == "It blocked its thread more than 3 times"
    assert not entry.usable
    with pytest.raises(PluginUnavailable, match="switched off: It blocked its thread"):
        await call(entry, where, timeout_s=5)


async def test_a_plugin_whose_calls_never_come_back_is_switched_off(entry, release, patient):
    for _ in range(4):
        with pytest.raises(PluginTimeout):
            await call(entry, release.wait, 60, timeout_s=0.01)
    assert entry.thread.off_reason == "More than 3 of its calls never came back"
    assert not entry.usable


async def test_slow_calls_that_do_come_back_switch_nothing_off(entry, patient):
    for _ in range(6):
        done = threading.Event()
        with pytest.raises(PluginTimeout):
            await call(entry, done.wait, 60, timeout_s=0.01)
        done.set()
        await call(entry, _wait_for_calls, timeout_s=5)
    assert entry.thread.off_reason == ""


def _wait_for_calls():
    for thread in threading.enumerate():
        if thread.name == "plugin-p-call" and thread is not threading.current_thread():
            thread.join(5)


async def test_one_blocked_plugin_does_not_slow_another(registered, release):
    bad, good = registered(plugin("bad"), plugin("good"))
    began = threading.Event()

    async def block():
        began.set()
        release.wait(60)

    blocked = asyncio.create_task(call(bad, block, timeout_s=60))
    assert await asyncio.to_thread(began.wait, 10)
    await asyncio.gather(*(call(good, where, timeout_s=20) for _ in range(20)))
    assert not blocked.done()
    blocked.cancel()


async def test_cancelling_the_caller_cancels_the_coroutine(entry):
    started, cancelled = threading.Event(), threading.Event()

    async def wait():
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    task = asyncio.create_task(call(entry, wait, timeout_s=5))
    await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(cancelled.wait, 5)


MESSAGES = [
    f"login with {CANARY} failed",
    f"cannot connect to postgresql://root:{CANARY}-url@db.example.com/x",
    "cannot connect to https://ann:another-canary@example.com/",
    "authorization: Bearer another-canary",
]


@pytest.mark.parametrize("message", MESSAGES)
async def test_no_secret_reaches_a_message_or_the_log(entry, message, caplog):
    def fail():
        raise RuntimeError(message)

    caplog.set_level("DEBUG")
    with pytest.raises(PluginFailed) as caught:
        await call(entry, fail, timeout_s=5)
    for text in (caught.value.user_message, str(caught.value), caplog.text):
        assert "canary" not in text
    assert "[hidden]" in caught.value.user_message
    assert caught.value.__suppress_context__


def test_the_process_ends_while_plugin_code_hangs(tmp_path):
    program = """
import asyncio, threading, time
from plugins_app.host.calling.threads import Worker
worker = Worker("plugin-x")
worker.executor.submit(time.sleep, 60)
asyncio.run_coroutine_threadsafe(asyncio.to_thread(time.sleep, 60), worker.loop)
worker.loop.call_soon_threadsafe(time.sleep, 60)
print("bye")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "bye\n"


async def test_a_cancellation_that_comes_with_the_result_is_not_lost(entry, monkeypatch):
    answer = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(calls.asyncio, "wrap_future", lambda remote: answer)
    task = asyncio.create_task(call(entry, where, timeout_s=5))
    await asyncio.sleep(0)
    answer.set_result(calls._Outcome("late"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def computes_in_the_loop(threads):
    threads.append(threading.current_thread())
    while True:
        pass


def computes_in_a_thread(threads):
    threads.append(threading.current_thread())
    while True:
        pass


@pytest.mark.parametrize("endless", [computes_in_the_loop, computes_in_a_thread])
async def test_code_that_computes_on_after_its_deadline_is_ended(entry, endless):
    threads = []
    # On a busy machine the deadline may come before the code begins.
    while not threads:
        with pytest.raises(PluginTimeout):
            await call(entry, endless, threads, timeout_s=0.05)
    await until(lambda: not threads[0].is_alive(), timeout_s=30)
    assert await call(entry, where, timeout_s=5)


async def test_code_that_waits_after_its_deadline_is_left_to_itself(entry, release, patient):
    ended = []

    def wait():
        release.wait(60)
        ended.append("in order")

    with pytest.raises(PluginTimeout):
        await call(entry, wait, timeout_s=0.05)
    release.set()
    await until(lambda: ended == ["in order"])

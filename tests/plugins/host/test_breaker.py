"""A plugin that keeps not answering is not waited for again and again."""

import asyncio

import pytest

from plugins_app.host.calling import breaker, watchdog
from plugins_app.host.calling.breaker import OPENS_AFTER, PAUSE_S, Breaker
from plugins_app.host.contexts import fragments
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable
from plugins_app.host.facets import hooks
from plugins_app.sdk import BeforeExplore, BeforeQuery, Hook, Hooks, Plugin
from tests.polling import until


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Provider:
    def __init__(self):
        self.hangs = False

    async def load(self):
        if self.hangs:
            await asyncio.Event().wait()
        return "text"


def plugin(**changes):
    given = {"id": "p", "types": ("context",), "version": "1", "context_provider": Provider()}
    return Plugin(**(given | changes))


async def hang(*args):
    await asyncio.Event().wait()


def test_calls_are_refused_after_three_timeouts_in_a_row():
    clock = Clock()
    one = Breaker(clock)
    for answered in (False, False, True, False, False):
        one.note(answered=answered)
    assert one.seconds_left() == 0
    one.note(answered=False)
    assert one.seconds_left() == PAUSE_S


def test_after_the_pause_one_call_decides():
    clock = Clock()
    one = Breaker(clock)
    for _ in range(OPENS_AFTER):
        one.note(answered=False)
    clock.now = PAUSE_S
    assert one.seconds_left() == 0
    assert one.seconds_left() == PAUSE_S
    one.note(answered=False)
    assert one.seconds_left() == PAUSE_S
    clock.now += PAUSE_S
    assert one.seconds_left() == 0
    one.note(answered=True)
    assert one.seconds_left() == 0


async def test_a_paused_function_is_not_called_and_says_so(registered):
    (entry,) = registered(plugin())
    entry.breakers[hang.__qualname__] = Breaker(Clock())
    for _ in range(OPENS_AFTER):
        with pytest.raises(PluginTimeout):
            await breaker.call(entry, hang, timeout_s=0.01)
    with pytest.raises(PluginUnavailable, match="does not answer; it is asked again in 15 s"):
        await breaker.call(entry, hang, timeout_s=0.01)
    assert await breaker.call(entry, lambda: "other", timeout_s=1) == "other"


async def test_an_error_is_an_answer(registered):
    (entry,) = registered(plugin())

    def fail():
        raise ValueError("no")

    for _ in range(OPENS_AFTER + 1):
        with pytest.raises(PluginFailed):
            await breaker.call(entry, fail, timeout_s=1)


async def test_a_caller_who_leaves_is_no_answer(registered):
    (entry,) = registered(plugin())
    for _ in range(OPENS_AFTER - 1):
        with pytest.raises(PluginTimeout):
            await breaker.call(entry, hang, timeout_s=0.01)
    began, main = asyncio.Event(), asyncio.get_running_loop()

    async def begin():
        main.call_soon_threadsafe(began.set)
        await asyncio.Event().wait()

    begin.__qualname__ = hang.__qualname__
    calling = asyncio.create_task(breaker.call(entry, begin, timeout_s=60))
    await began.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    with pytest.raises(PluginTimeout):
        await breaker.call(entry, hang, timeout_s=0.01)
    with pytest.raises(PluginUnavailable):
        await breaker.call(entry, hang, timeout_s=0.01)


async def test_hooks_that_one_function_made_do_not_share_a_pause(registered, patient):
    def made(change):
        async def handler(event, ctx):
            return change or await asyncio.Event().wait()

        return Hook(handler, timeout_s=0.02)

    works = made({"sql": "SELECT 2"})
    registered(plugin(hooks=Hooks(before_explore=(made(None),), before_query=(works,))))
    for _ in range(OPENS_AFTER):
        await hooks.before_explore(BeforeExplore("ls"))
    assert await hooks.before_query(BeforeQuery("SELECT 1")) == "SELECT 2"


async def test_questions_stop_waiting_for_context_and_a_refresh_asks_again(registered, monkeypatch):
    made = plugin()
    registered(made)
    assert [f.text for f in await fragments.load_all()] == ["text"]
    made.context_provider.hangs = True
    monkeypatch.setattr(fragments, "LOAD_DEADLINE_S", 0.01)
    for _ in range(OPENS_AFTER):
        await fragments.load_all()
    monkeypatch.setattr(fragments, "LOAD_DEADLINE_S", 60)
    async with asyncio.timeout(10):
        (late,) = await fragments.load_all()
    assert (late.text, "does not answer" in late.error) == ("text", True)
    made.context_provider.hangs = False
    assert (await fragments.refresh("p")).error == ""
    assert (await fragments.load_all())[0].error == ""


async def test_a_mandatory_hook_still_fails_closed_while_it_is_not_asked(registered):
    gate = Hook(hang, timeout_s=0.01, mandatory=True)
    registered(plugin(hooks=Hooks(before_query=(gate,))))
    for _ in range(OPENS_AFTER + 1):
        with pytest.raises(hooks.HookRejected):
            await hooks.before_query(BeforeQuery("SELECT 1"))


async def test_a_loop_that_is_blocked_while_nobody_waits_is_found_and_named(
    registered, monkeypatch, caplog, release
):
    monkeypatch.setattr(watchdog, "ANSWER_WITHIN_S", 0.05)
    (entry,) = registered(plugin())
    assert await watchdog.look() == []

    async def leave_something_behind():
        asyncio.get_running_loop().call_later(0, release.wait)

    await breaker.call(entry, leave_something_behind, timeout_s=5)
    await until(lambda: "threading.py" in entry.thread.running.where())
    assert await watchdog.look() == ["p"]
    assert "Plugin p blocked its loop at " in caplog.text
    assert "threading.py" in caplog.text
    assert await watchdog.look() == []

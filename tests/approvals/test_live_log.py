"""What an action says while it is carried out: on the card at once, whole, and without secrets."""

import re
import threading

import pytest

from approvals.cards.card import render_card
from approvals.enums import Status
from approvals.execution import live_log
from approvals.execution.attempts import carry_out
from approvals.execution.executor import Executor
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from atlas.common.db import in_db
from plugins_app.sdk import OutcomeUnknown
from tests.approvals.desk import approve, propose
from tests.approvals.executing import QUICK, claim_now, run_all
from tests.polling import until_stored

IS_OPEN = re.compile(r'class="request-asked request-log"\s+open>')
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def approved(run_of_ann, bob):
    async def make(action="note"):
        def decide():
            request = propose(run_of_ann, action)
            return request if action == "ping" else approve(request, bob)

        return await in_db(decide)

    return make


def saying(outside, *lines):
    """Let the action log these lines and succeed."""

    def behave():
        logger = outside.contexts[-1].logger
        for line in lines:
            logger.info(*line) if isinstance(line, tuple) else logger.info(line)
        return {"ticket_id": "T-1"}

    outside.behave = behave


def read(request):
    return ActionRequest.objects.get(pk=request.pk)


async def test_lines_are_on_the_card_while_it_runs(approved, outside, bob):
    request, gate = await approved(), threading.Event()

    def behave():
        outside.contexts[-1].logger.info("Opened the %s queue", "support")
        outside.contexts[-1].logger.debug("token 17")
        gate.wait(60)

    outside.behave = behave
    executor = Executor(pace=QUICK)
    await executor.start()
    try:
        await until_stored(lambda: read(request).log != "")
        running = await in_db(lambda: read(request))
        assert (running.state, running.log) == (Status.EXECUTING, "Opened the support queue\n")
        card = await in_db(render_card, running, bob)
        assert "<li>Opened the support queue</li>" in card
        assert IS_OPEN.search(card)
    finally:
        gate.set()
        await until_stored(lambda: read(request).state is Status.EXECUTED)
        await executor.stop()

    card = await in_db(lambda: render_card(read(request), bob))
    assert "<li>Opened the support queue</li>" in card
    assert not IS_OPEN.search(card)


async def test_what_is_said_is_bounded_and_only_text(approved, outside, bob):
    request = await approved()
    lines = [f"line {n}" for n in range(200)]
    saying(outside, "<b>x</b>\n\x00y", "z" * 1000, *lines)

    await run_all()

    stored = (await in_db(lambda: read(request))).log.splitlines()
    assert len(stored) == live_log.MOST_LINES
    assert stored[:3] == ["<b>x</b> \ufffdy", "z" * live_log.MAX_LINE, "line 0"]
    card = await in_db(lambda: render_card(read(request), bob))
    assert "<b>x</b>" not in card


async def test_several_tries_and_the_way_back_are_one_log(approved, outside, desk, bob):
    def undo(_result, ctx):
        ctx.logger.info("Taken back")
        return {}

    desk(roll_back=undo, reversible=True)
    request = await approved("ping")
    tries = iter([1, 2])

    def behave():
        number = next(tries)
        outside.contexts[-1].logger.info("Try %s", number)
        if number == 1:
            raise OutcomeUnknown("It hung up.")
        return {}

    outside.behave = behave
    await run_all()
    await in_db(roll_back, request.pk, by=bob, payload_hash=request.payload_hash)
    await run_all()

    request = await in_db(lambda: read(request))
    assert (request.state, request.log) == (Status.ROLLED_BACK, "Try 1\nTry 2\nTaken back\n")


async def test_an_action_does_not_fail_because_of_its_log(approved, outside, monkeypatch):
    def fail(*_args):
        raise RuntimeError("no log")

    monkeypatch.setattr(live_log, "_append", fail)
    request = await approved()
    saying(outside, "Hello")

    await run_all()

    assert (await in_db(lambda: read(request))).state is Status.EXECUTED


async def test_who_lost_the_request_adds_nothing_to_its_log(approved, outside):
    request = await approved()
    (claim,) = await in_db(claim_now)
    saying(outside, "Late")

    said = outside.behave

    def taken_over():
        ActionRequest.objects.filter(pk=request.pk).update(fence=claim.fence + 1)
        return said()

    outside.behave = taken_over
    await carry_out(claim, QUICK)

    assert (await in_db(lambda: read(request))).log == ""

"""Fixtures: the desk plugin, the policy of a test, and a run of ann's that bob and vic follow."""

import asyncio
import threading

import pytest

from approvals.enums import Status
from approvals.models import ActionRequest
from approvals.policies import Policy
from approvals.rules import installed
from atlas.common.db import in_db
from plugins_app.host.calling import sync
from tests.approvals.desk import Outside, approve, propose, start_run
from tests.approvals.executing import Undo, run_all
from tests.hosted import host, let_go


@pytest.fixture
def outside():
    return Outside()


@pytest.fixture
def desk(outside):
    """The plugin in the registry; call it to install it in another form."""
    made = []

    def install(**changes):
        made.append(host(outside.plugin(**changes)))
        return made[-1].get("desk")

    install()
    yield install
    for entries in made:
        let_go(entries)


@pytest.fixture
def policy():
    """Call it to install a policy for this test."""

    def install(**changes):
        installed.install(Policy(**changes))

    yield install
    installed.install(Policy())


@pytest.fixture
def run_of_ann(db, desk, ann, bob, vic):
    """A finished run of ann; bob takes part and vic only reads."""
    return start_run(ann, bob, readers=[vic])


@pytest.fixture
def undo(desk):
    """What the actions of the desk undo with."""
    undo = Undo()
    desk(roll_back=undo, reversible=True)
    return undo


@pytest.fixture
def executed(run_of_ann, bob, undo):
    """Call it for a request that bob approved and that was carried out, and can be undone."""

    async def make(action="note"):
        request = await in_db(propose, run_of_ann, action)
        if request.status == Status.PENDING:
            await in_db(approve, request, bob)
        await run_all()
        return await in_db(ActionRequest.objects.get, pk=request.pk)

    return make


@pytest.fixture
def main_loop():
    """The loop that runs the host, in a thread of its own as in a serving process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    sync.capture(loop)
    yield
    sync.capture(None)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()

"""Fixtures: the desk plugin, the policy of a test, and a run of ann's that bob and vic follow."""

import pytest

from approvals import installed
from approvals.policies import Policy
from plugins_app.host import registry
from tests.approvals.desk import Outside, install_plugins, start_run


@pytest.fixture
def outside():
    return Outside()


@pytest.fixture
def desk(outside):
    """The plugin in the registry; call it to install it in another form."""
    made = []

    def install(**changes):
        made.append(install_plugins(outside.plugin(**changes)))
        return made[-1].get("desk")

    install()
    yield install
    for entries in made:
        for entry in entries.all():
            entry.thread.stop()
    registry.set_current(None)


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

"""Accounts of tests: a clock that stands still for what counts seconds."""

import pytest

from atlas.accounts import throttle


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the throttle it stays the moment at which the test's transaction began."""
    for name in ("COUNT", "OLD", "REMAINING", "OF_ADDRESS"):
        statement = getattr(throttle, name).replace("clock_timestamp()", "now()")
        monkeypatch.setattr(throttle, name, statement)

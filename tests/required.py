"""The pytest plugin that turns a skip into a failure in groups that must run.

ATLAS_TEST_REQUIRE lists the markers, such as "e2e,processes".
"""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test that carries a required marker."""
    report = yield
    required = set(os.environ.get("ATLAS_TEST_REQUIRE", "").replace(",", " ").split())
    marked = required & {mark.name for mark in item.iter_markers()}
    if report.skipped and marked and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{', '.join(sorted(marked))} must run here. {reason}"
    return report

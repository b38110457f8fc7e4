"""The pytest plugin that begins with the files that take long.

Files are handed out to processes in this order, so none waits at the end for a long one. Within
the two kinds the order stays random.
"""

import pytest

LONG = {"e2e", "processes", "engines"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = {item.path for item in items if LONG & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in long)

"""Promises of the operator's limits: defaults, what is taken, and what is refused."""

import types

import pytest

from atlas.common.errors import AtlasError
from atlas.datasources.limits import Limits, chosen_limits


def test_without_limits_the_defaults_hold() -> None:
    assert chosen_limits(types.ModuleType("config")) == Limits(
        max_rows=1000,
        max_bytes=20_000_000,
        timeout_ms=30_000,
        parallel_per_person=4,
        parallel_per_datasource=16,
    )


def test_the_operators_limits_are_taken() -> None:
    module = types.SimpleNamespace(limits=Limits(max_rows=7))

    assert chosen_limits(module).max_rows == 7


@pytest.mark.parametrize("value", [0, -1, 1.5, "9", True, None])
def test_a_limit_that_is_none_is_named(value: object) -> None:
    with pytest.raises(AtlasError, match=r"limits.max_rows is .*; it must be a whole number"):
        Limits(max_rows=value)  # type: ignore[arg-type]  # what an operator may write


def test_limits_of_another_form_are_refused() -> None:
    with pytest.raises(AtlasError, match="must be Limits"):
        chosen_limits(types.SimpleNamespace(limits={"max_rows": 5}))

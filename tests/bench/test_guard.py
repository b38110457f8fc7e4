"""Promises about the texts the guard is measured with: honest, and as long as they are called."""

import pytest

from atlas.sql import ValidatedQuery
from tests.bench.guard import LONG, SHAPES, text_of
from tests.sql.world import ask


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_text_is_as_long_as_called_and_passes(shape: str) -> None:
    text = text_of(shape, LONG)
    assert LONG - 60 < len(text) <= LONG
    assert isinstance(ask(text), ValidatedQuery)

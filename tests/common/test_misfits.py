"""Whoever sends what does not fit is told which field, and is never shown a value again."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from atlas.common.misfits import misfits


class Span(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.first > self.last:
            raise ValueError("first comes after last")
        return self


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"first": 1}, "last: Field required"),
        (
            {"first": "canary", "last": 2},
            "first: Input should be a valid integer, unable to parse string as an integer",
        ),
        ({"first": 3, "last": 2}, "span: Value error, first comes after last"),
        ({"a": 1, "b": 2}, "first: Field required; last: Field required"),
    ],
)
def test_each_field_is_named_with_its_reason(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Span.model_validate(given)

    assert misfits(caught.value, whole="span", most=2) == told

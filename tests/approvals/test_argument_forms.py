"""The form made from an action's schema: what it asks for, and what it hands on."""

from decimal import Decimal
from enum import Enum
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from approvals.pages.argument_forms import ArgumentsForm


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Line(BaseModel):
    sku: str


class Order(BaseModel):
    title: str = Field(max_length=80, title="Headline", description="One line")
    body: str
    amount: Decimal
    count: int = 1
    ratio: float | None = None
    urgent: bool = False
    priority: Literal["low", "high"] | None = None
    colour: Colour = Colour.RED
    recipients: list[str] = []
    lines: list[Line] = []


SCHEMA = Order.model_json_schema()
ASKED = Order(title="T", body="B\n", amount=5, recipients=["a@b.c"]).model_dump(mode="json")


def filled(**changes):
    form = ArgumentsForm(SCHEMA, ASKED)
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            data[f"argument-{name}"] = value
    return {**data, **{f"argument-{name}": value for name, value in changes.items()}}


def answered(**changes):
    form = ArgumentsForm(SCHEMA, ASKED, filled(**changes))
    assert form.is_valid(), form.errors
    return Order.model_validate(form.arguments).model_dump(mode="json")


@pytest.mark.parametrize("text", ["1e999999999", "-1E+400", "1e-999999999", "NaN", "Infinity"])
def test_a_number_that_would_take_minutes_to_write_out_is_refused(text):
    form = ArgumentsForm(SCHEMA, ASKED, filled(ratio=text))

    assert not form.is_valid()
    assert list(form.errors) == ["ratio"]


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("1e300", 1e300), ("-2.5e-7", -2.5e-7)])
def test_other_numbers_are_taken_as_they_are(text, value):
    assert answered(ratio=text)["ratio"] == value


def test_a_form_sent_back_as_it_is_changes_nothing():
    assert answered() == ASKED


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "New", "New"),
        ("body", " spaces stay \n", " spaces stay \n"),
        ("body", "two\r\nlines", "two\nlines"),
        ("amount", "12.50", "12.5"),
        ("count", "7", 7),
        ("ratio", "0.25", 0.25),
        ("urgent", "on", True),
        ("priority", "high", "high"),
        ("priority", "", None),
        ("colour", "blue", "blue"),
        ("recipients", " x@y.z \n\nb@c.d\n", ["x@y.z", "b@c.d"]),
        ("lines", '[{"sku": "A1"}]', [{"sku": "A1"}]),
    ],
)
def test_a_changed_value(name, text, value):
    assert answered(**{name: text}) == {**ASKED, name: value}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title", ""),
        ("title", "x" * 81),
        ("body", ""),
        ("amount", "much"),
        ("count", "1.5"),
        ("priority", "urgent"),
        ("colour", "green"),
        ("lines", "{"),
        ("lines", "[" * 100_000),
    ],
)
def test_a_value_that_no_argument_can_have(name, text):
    form = ArgumentsForm(SCHEMA, ASKED, filled(**{name: text}))

    assert not form.is_valid()
    assert list(form.errors) == [name]


def test_what_people_read():
    form = ArgumentsForm(SCHEMA, ASKED)

    assert (form["title"].label, form["title"].help_text) == ("Headline", "One line")
    assert form["recipients"].value() == "a@b.c"
    assert 'name="argument-title"' in str(form["title"])
    assert "<textarea" not in str(form["title"])
    assert "<textarea" in str(form["body"])


def test_what_the_schema_does_not_name_stays():
    form = ArgumentsForm(SCHEMA, {**ASKED, "extra": 1}, filled())

    assert form.is_valid()
    assert form.arguments["extra"] == 1

"""Arguments and attachments as text for people and as files for plugins: whole, typed, in order."""

import pytest

from approvals.cards.fields import Field, Table, fields_of_request, tables_of_request
from approvals.execution.attached import file_of, files_of
from approvals.filing.payloads import Attachment, make_payload
from approvals.models import ActionRequest


def request_with(arguments, attachments=(), labels=()):
    payload = make_payload("act", arguments, attachments)
    fields = [{"name": name, "label": label, "type": ""} for name, label in labels]
    return ActionRequest(
        payload=payload.text, payload_hash=payload.digest, contract={"fields": fields}
    )


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("Chai", Field("v", "Chai")),
        ("a" * 120, Field("v", "a" * 120)),
        ("a" * 121, Field("v", "a" * 121, length=121)),
        ("one\ntwo", Field("v", "one\ntwo", length=7)),
        (12, Field("v", "12", is_number=True)),
        (1.5, Field("v", "1.5", is_number=True)),
        (True, Field("v", "yes")),
        (False, Field("v", "no")),
        (0, Field("v", "0", is_number=True)),
        (["a@x.test", "b@x.test"], Field("v", "a@x.test, b@x.test")),
        ({"k": [1]}, Field("v", '{\n  "k": [\n    1\n  ]\n}', length=22)),
        (None, Field("v", "not given", is_missing=True)),
        ("", Field("v", "not given", is_missing=True)),
        ([], Field("v", "not given", is_missing=True)),
    ],
)
def test_a_value_becomes_text_of_its_type(value, field):
    assert fields_of_request(request_with({"v": value})) == (field,)


def test_fields_keep_the_order_of_the_schema_and_drop_nothing():
    request = request_with(
        {"a": 1, "b": 2, "extra": 3}, labels=[("b", "Second"), ("a", "First"), ("gone", "Gone")]
    )

    found = [(field.label, field.text) for field in fields_of_request(request)]

    assert found == [("Second", "2"), ("First", "1"), ("extra", "3")]


def test_tables_show_every_row():
    table = Attachment("t.csv", ("n", "m"), tuple((n, None) for n in range(1000)))

    shown = tables_of_request(request_with({}, [table]))

    assert shown == (Table("t.csv", ("n", "m"), tuple((str(n), "") for n in range(1000))),)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-5.30", "-5.30"),
        ("+49", "+49"),
        (-5, "-5"),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
        ("Grün", "Grün"),
        (None, '""'),
    ],
)
def test_a_file_holds_values_that_no_spreadsheet_runs(value, written):
    table = Attachment("t.csv", ("=c",), ((value,),))

    files = files_of(request_with({}, [table]))

    assert files == (file_of(table),)
    assert (files[0].name, files[0].media_type) == ("t.csv", "text/csv")
    assert files[0].content.decode() == f"'=c\r\n{written}\r\n"

"""A payload is one exact text: equal contents, equal hash; anything else, another."""

import datetime
import decimal
import hashlib

import pytest

from approvals.filing.payloads import MAX_PAYLOAD, Attachment, digest_of, fields_of, make_payload
from atlas.common.errors import BadInput

TABLE = Attachment("top.csv", ("product", "revenue"), (("Chai", decimal.Decimal("12.50")),))


def test_the_text_is_canonical():
    payload = make_payload("send", {"to": "ä@example.com", "copies": 2}, [TABLE])

    assert payload.text == (
        '{"action":"send","arguments":{"copies":2,"to":"ä@example.com"},"attachments":'
        '[{"columns":["product","revenue"],"name":"top.csv","rows":[["Chai","12.50"]]}]}'
    )
    assert payload.digest == hashlib.sha256(payload.text.encode()).hexdigest()


def test_the_order_of_keys_does_not_matter():
    assert make_payload("a", {"x": 1, "y": 2}) == make_payload("a", {"y": 2, "x": 1})


@pytest.mark.parametrize(
    "other",
    [
        make_payload("b", {"x": 1}, [TABLE]),
        make_payload("a", {"x": 2}, [TABLE]),
        make_payload("a", {"x": "1"}, [TABLE]),
        make_payload("a", {"x": 1}),
        make_payload("a", {"x": 1}, [Attachment("b.csv", TABLE.columns, TABLE.rows)]),
        make_payload("a", {"x": 1}, [Attachment("top.csv", TABLE.columns, ())]),
    ],
)
def test_any_difference_gives_another_hash(other):
    assert make_payload("a", {"x": 1}, [TABLE]).digest != other.digest


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a\x00b", '"a\ufffdb"'),
        ("\ud800", '"\ufffd\ufffd\ufffd"'),
        (datetime.date(2026, 1, 31), '"2026-01-31"'),
        (float("nan"), '"nan"'),
        (2**60, '"1152921504606846976"'),
        (None, "null"),
    ],
)
def test_values_that_postgres_or_json_cannot_hold_are_replaced(value, written):
    text = make_payload("a", {"v": value}).text

    assert text == '{"action":"a","arguments":{"v":' + written + '},"attachments":[]}'
    assert digest_of(text)


def test_too_much_is_refused_with_a_sentence():
    with pytest.raises(BadInput) as refused:
        make_payload("a", {"body": "x" * MAX_PAYLOAD})

    assert refused.value.code == "payload_too_large"


def test_fields_follow_the_schema():
    schema = {
        "properties": {
            "to": {"title": "Recipient", "type": "string", "format": "email"},
            "copy_count": {"type": "integer"},
            "priority": {"$ref": "#/$defs/Priority"},
        }
    }

    assert fields_of(schema) == [
        {"name": "to", "label": "Recipient", "type": "email"},
        {"name": "copy_count", "label": "Copy count", "type": "integer"},
        {"name": "priority", "label": "Priority", "type": ""},
    ]

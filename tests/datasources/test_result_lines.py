"""Results of many rows keep their CSV lines: the same that their rows give, in order, as long."""

import csv
import datetime
import decimal
import io
import os

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.accounts.principal import Principal
from atlas.common.csv_lines import csv_lines
from atlas.common.db import in_db
from atlas.common.jsonable import jsonable
from atlas.datasources import journal, results
from atlas.datasources.models import ResultLines, StoredResult
from atlas.datasources.query import run_query
from atlas.datasources.results import batches_of, keep_lines, lines_of
from atlas.datasources.tasks import delete_expired_results
from plugins_app.sdk import QueryResult

EXAMPLES = 2_000 if os.environ.get("ATLAS_TEST_LONG") else 100
STARTS = "=+-@\t\r\n"

TEXTS = st.text(st.characters(exclude_categories=())) | st.builds(
    "{}{}".format, st.sampled_from([*STARTS, "\x00", '"', "\ud800"]), st.text()
)
CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.sampled_from(["10000-01-01", "-4713-11-24", "infinity", "-inf", "+1e3", "-12.50", "-1+1"])
    | st.binary()
    | st.uuids()
    | TEXTS
)
NESTED = st.recursive(
    CELLS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
ROWS = st.lists(st.lists(NESTED, min_size=3, max_size=3), max_size=5)


def keep(rows, *, days=1):
    return StoredResult.objects.create(
        datasource="shop",
        sql="SELECT 1",
        columns=[],
        rows=rows,
        row_count=len(rows),
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )


def kept_texts(result):
    return list(ResultLines.objects.filter(result=result).values_list("text", flat=True))


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS)
def test_lines_kept_with_a_result_are_those_of_its_rows(rows):
    safe = [[jsonable(value) for value in row] for row in rows]
    result = keep(safe)
    of_rows = "".join(lines_of(result.pk))

    keep_lines(result.pk, safe)

    assert "".join(kept_texts(result)) == of_rows
    assert "".join(lines_of(result.pk)) == of_rows


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_no_cell_is_run_and_none_is_lost(rows):
    safe = [[jsonable(value) for value in row] for row in rows]

    read = list(csv.reader(io.StringIO("".join(csv_lines(safe)), newline="")))

    assert [len(row) for row in read] == [3] * len(safe)
    for cell, value in zip(
        (cell for row in read for cell in row), (one for row in safe for one in row), strict=True
    ):
        if cell.startswith(tuple(STARTS)):
            assert decimal.Decimal(cell).is_finite()
        if isinstance(value, str):
            assert cell in {value, f"'{value}"}


@pytest.mark.django_db
def test_lines_are_kept_in_bounded_parts_and_read_in_order(monkeypatch):
    monkeypatch.setattr(results, "LINES_CHARACTERS", 40)
    rows = [[number, f"row {number}"] for number in range(100)]
    result = keep(rows)

    keep_lines(result.pk, iter(rows))

    parts = kept_texts(result)
    assert max(map(len, parts)) <= 40 + len("99,row 99\r\n")
    assert len(parts) > 20
    assert "".join(lines_of(result.pk)) == "".join(csv_lines(rows))


@pytest.mark.django_db
def test_lines_go_with_their_result_and_are_not_read_after_it_expired():
    old, kept = keep([[1]], days=-1), keep([[2]])
    for result in (old, kept):
        keep_lines(result.pk, result.rows)

    assert "".join(lines_of(old.pk)) == ""
    assert delete_expired_results() == 1
    assert list(ResultLines.objects.values_list("text", flat=True)) == ["2\r\n"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("count", "lines"), [(2, []), (3, ["1\r\n2\r\n3\r\n"])])
async def test_a_query_of_many_rows_keeps_lines(ann, layer, source, monkeypatch, count, lines):
    monkeypatch.setattr(journal, "LINES_FROM", 3)
    source.result = QueryResult(["id"], [[n + 1] for n in range(count)])

    outcome = await run_query(Principal.of(ann), "shop", "SELECT id FROM orders", layer=layer)

    stored = await in_db(StoredResult.objects.get, pk=outcome.result_id)
    assert await in_db(kept_texts, stored) == lines
    assert await in_db(lambda: list(batches_of(stored.pk))) == [stored.rows]

"""The agent's governed query gives the same figures on every engine."""

import datetime
import json
from pathlib import Path
from uuid import uuid4

import pytest

from atlas.accounts.principal import Principal
from atlas.agent.messages import ToolCall
from atlas.agent.tools.queries import query_tools
from atlas.agent.work import Work
from tests.datasources.engines.shops import ORDERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engines]

GRAINS = {
    "week": lambda day: day - datetime.timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
    "year": lambda day: day.replace(month=1, day=1),
}


def expected(grain):
    """The first day of each span of 2026 and 2027, and what was ordered in it, in cents."""
    found = {}
    for _id, _customer, total, day in ORDERS:
        if day.year in (2026, 2027):
            start = GRAINS[grain](day).isoformat()
            found[start] = found.get(start, 0) + round(float(total) * 100)
    return sorted(found.items())


@pytest.fixture
def query(ann, layer):
    """Call the tool as a model does, and return what it is told."""
    work = Work(Principal.of(ann), uuid4(), "shop", layer, "How much?", Path())
    (tool,) = [one for one in query_tools(work) if one.spec.name == "query_metrics"]

    async def run(**arguments):
        said = await tool.run(ToolCall("q1", "query_metrics", arguments))
        return json.loads(said.content)

    return run


async def test_figures_over_time_begin_on_the_same_days(engine, query):
    time = {"ranges": [{"start": "2026-01-01", "before": "2028-01-01"}]}
    for grain in GRAINS:
        told = await query(measures=["orders.revenue"], grain=grain, time=time)
        rows = [(day[:10], round(float(total) * 100)) for day, total in told["rows"]]
        assert (grain, rows[:50]) == (grain, expected(grain)[:50])


async def test_a_part_of_a_text_is_found_and_signs_stand_for_themselves(engine, query):
    async def count(text):
        found = {"dimension": "orders.customer", "op": "contains", "values": [text]}
        return (await query(measures=["orders.count"], filters=[found]))["rows"]

    assert await count("NA") == [[1000]]
    assert [await count(sign) for sign in ("%", "_", "\\", "'")] == [[[0]]] * 4

"""A context plugin changes what the built-in analyst answers, and a refresh changes it again."""

from uuid import uuid4

import pytest

from atlas.accounts.principal import Principal
from atlas.agent.assigning import Brief, assignment_of
from atlas.agent.messages import Prompt, ToolCall
from atlas.env import read
from plugins_app.host import lifecycle
from plugins_app.host.contexts import fragments
from plugins_app.sdk import ContextFragment, Plugin
from tests.sales import LAYER

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Glossary:
    def __init__(self):
        self.file = {"zorkle": "revenue"}
        self.cached = None

    def load(self):
        if self.cached is None:
            self.cached = dict(self.file)
        return ContextFragment("## Words", self.cached)

    def refresh(self):
        self.cached = None


@pytest.fixture
async def glossary():
    made = Glossary()
    await lifecycle.start(
        [Plugin(id="glossary", types=("context",), version="1", context_provider=made)]
    )
    yield made
    await lifecycle.stop()


@pytest.fixture
def measures(ann, tmp_path):
    """What the analyst would measure for a question, or None when it asks back or declines."""

    async def run(question, previous=None):
        asker = Principal.of(ann)
        brief = Brief(asker, uuid4(), question, LAYER, "shop", tmp_path, previous=previous)
        task, _work = await assignment_of(brief, read({}))
        prompt = Prompt("", tuple(task.messages), tuple(t.spec for t in task.tools.values()))
        async for event in task.model.stream(prompt):
            if isinstance(event, ToolCall):
                return event.arguments.get("measures")
        return None

    return run


async def test_a_glossary_changes_an_answer_and_a_refresh_changes_it_again(glossary, measures):
    question = "What was our zorkle?"
    assert await measures(question) == ["orders.revenue"]
    glossary.file = {"zorkle": "freight"}
    assert await measures(question) == ["orders.revenue"]
    assert (await fragments.refresh("glossary")).changed
    assert await measures(question) == ["orders.freight"]
    glossary.file = {}
    await fragments.refresh("glossary")
    assert await measures(question) not in (["orders.revenue"], ["orders.freight"])


@pytest.mark.parametrize(
    ("previous", "measured"),
    [
        ({"measures": ["orders.freight"], "time": {"relative": "last_month"}}, ["orders.freight"]),
        ({"measures": ["orders.freight"], "of_an_older_atlas": True}, None),
    ],
)
async def test_a_follow_up_changes_the_query_before_if_it_can_still_be_read(
    glossary, measures, previous, measured
):
    assert await measures("and the month before?", previous) == measured

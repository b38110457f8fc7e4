"""The tests of the watch list, as its author writes them: the SDK's kit and no server."""

import pytest
from plugins_app.sdk import PluginConfigError, Reject
from plugins_app.sdk.testing import (
    FakeContext,
    FakeDatabase,
    assert_plugin_contract,
    fake_action_context,
)
from watchlist import Subject, watchlist


async def test_the_contract():
    await assert_plugin_contract(watchlist())


def test_a_misspelled_option_is_refused():
    with pytest.raises(PluginConfigError, match="titel"):
        watchlist(titel="Radar")


async def test_a_subject_is_stored_under_the_key_of_its_request():
    db = FakeDatabase(plugin_id="watchlist")
    action = watchlist().actions[0]

    result = await action.execute(
        Subject(subject="Chai"), fake_action_context(idempotency_key="key-9", db=db)
    )

    assert result == {"subject": "Chai", "key": "key-9"}
    assert db.statements[0][1] == ["key-9", "Chai"]


async def test_a_forbidden_subject_is_refused_before_anybody_is_asked():
    action = watchlist(forbidden=["Vegie-spread"]).actions[0]

    with pytest.raises(Reject, match="may not be watched"):
        await action.preview(Subject(subject="Vegie-spread"), fake_action_context())


async def test_the_agent_is_told_the_list():
    plugin = watchlist(title="Radar")
    rows = [{"subject": "Chai"}, {"subject": "Tofu"}]
    await plugin.initialize(FakeContext(db=FakeDatabase(rows)))

    fragment = await plugin.context_provider.load()

    assert fragment.text == "Radar: Chai, Tofu"

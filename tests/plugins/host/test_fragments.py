"""Context is loaded for each question at the same time, within its deadline, with its age."""

import asyncio
import datetime
import threading

import pytest

from plugins_app.host.contexts import fragments
from plugins_app.host.contexts.difference import Line, difference
from plugins_app.host.contexts.fragments import Fragment
from plugins_app.sdk import ContextFragment, Plugin


class Provider:
    """Reads its text once, and again after a refresh."""

    def __init__(self, text="", terms=None):
        self.source = ContextFragment(text, terms or {})
        self.cached = None
        self.loads = 0
        self.refreshes = 0

    async def load(self):
        self.loads += 1
        if self.cached is None:
            self.cached = self.source
        return self.cached

    async def refresh(self):
        self.refreshes += 1
        await asyncio.sleep(0)
        self.cached = None


class Plain:
    """Returns or raises what it was given; offers no refresh."""

    def __init__(self, outcome):
        self.outcome = outcome

    def load(self):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Hanging:
    async def load(self):
        await asyncio.Event().wait()


class Together:
    """Answers when as many are asked at the same time."""

    def __init__(self, barrier):
        self.barrier = barrier

    def load(self):
        self.barrier.wait(60)
        return "text"


def plugin(provider, plugin_id="p"):
    return Plugin(
        id=plugin_id,
        types=("context",),
        version="1.0.0",
        name="Glossary",
        context_provider=provider,
    )


async def test_fragments_come_in_order_of_registration(registered):
    registered(
        plugin(Plain("one"), "a"),
        plugin(Provider("two", {"ARR": "Annual recurring revenue"}), "b"),
    )
    assert await fragments.load_all() == [
        Fragment("a", "one"),
        Fragment("b", "two", {"ARR": "Annual recurring revenue"}),
    ]


async def test_load_is_called_for_each_question(registered):
    provider = Provider("text")
    registered(plugin(provider))
    await fragments.load_all()
    await fragments.load_all()
    assert provider.loads == 2


BROKEN = [
    (Plain(RuntimeError("no file")), "The plugin “Glossary” failed: no file"),
    (Plain(None), "Its load() returned neither text nor a ContextFragment"),
    (Plain(ContextFragment("x", {"a": 1})), "Its load() returned neither text nor a ContextFragme"),
    (Hanging(), "The plugin “Glossary” did not answer within 0.05 s. Try again."),
]


@pytest.mark.parametrize(("provider", "error"), BROKEN, ids=[error for _, error in BROKEN])
async def test_a_broken_plugin_costs_only_its_own_text(
    registered, patient, monkeypatch, provider, error
):
    if isinstance(provider, Hanging):
        monkeypatch.setattr(fragments, "LOAD_DEADLINE_S", 0.05)
    registered(plugin(provider, "bad"), plugin(Provider("text"), "good"))
    bad, good = await fragments.load_all()
    assert (bad.text, dict(bad.terms)) == ("", {})
    assert bad.error.startswith(error)
    assert good == Fragment("good", "text")


async def test_plugins_are_waited_for_at_the_same_time(registered, monkeypatch):
    monkeypatch.setattr(fragments, "LOAD_DEADLINE_S", 60)
    barrier = threading.Barrier(5)
    registered(*(plugin(Together(barrier), f"p{n}") for n in range(5)))
    assert [one.error for one in await fragments.load_all()] == [""] * 5


async def test_the_deadline_is_three_seconds():
    assert fragments.LOAD_DEADLINE_S == 3.0


async def test_a_failing_plugin_gives_its_latest_text_with_its_age(registered, monkeypatch):
    provider = Plain("text")
    registered(plugin(provider))
    await fragments.load_all()
    provider.outcome = RuntimeError("away")
    later = fragments.timezone.now() + datetime.timedelta(minutes=5)
    monkeypatch.setattr(fragments.timezone, "now", lambda: later)
    (old,) = await fragments.load_all()
    assert old.text == "text"
    assert old.error == "The plugin “Glossary” failed: away"
    assert 300 <= old.age_s < 310


async def test_a_disabled_plugin_gives_nothing(registered):
    (entry,) = registered(plugin(Plain("text")))
    entry.enabled = False
    assert await fragments.load_all() == []


async def test_refresh_reads_again_and_tells_what_changed(registered):
    provider = Provider("one\ntwo", {"ARR": "old"})
    registered(plugin(provider))
    await fragments.load_all()
    provider.source = ContextFragment("one\nthree", {"ARR": "new"})
    assert (await fragments.load_all())[0].text == "one\ntwo"
    refreshed = await fragments.refresh("p")
    assert refreshed.changed
    assert difference(refreshed) == [
        Line("kept", "one"),
        Line("removed", "two"),
        Line("removed", "ARR: old"),
        Line("added", "three"),
        Line("added", "ARR: new"),
    ]
    assert (await fragments.load_all())[0].text == "one\nthree"


async def test_refresh_without_a_change_says_so(registered):
    registered(plugin(Provider("one")))
    await fragments.load_all()
    (refreshed,) = await fragments.refresh_all()
    assert not refreshed.changed
    assert difference(refreshed) == [Line("kept", "one")]


async def test_refresh_works_for_a_provider_without_refresh(registered):
    registered(plugin(Plain("one")))
    refreshed = await fragments.refresh("p")
    assert (refreshed.before, refreshed.after.text, refreshed.error) == (None, "one", "")


async def test_a_refresh_that_fails_keeps_the_old_text(registered):
    provider = Plain("one")
    registered(plugin(provider))
    await fragments.load_all()
    provider.outcome = RuntimeError("away")
    refreshed = await fragments.refresh("p")
    assert refreshed.error == "The plugin “Glossary” failed: away"
    assert not refreshed.changed


async def test_simultaneous_refreshes_are_one(registered):
    provider = Provider("one")
    registered(plugin(provider))
    first, second, third = await asyncio.gather(*(fragments.refresh("p") for _ in range(3)))
    assert first is second is third
    assert provider.refreshes == 1


async def test_refresh_of_a_disabled_plugin_says_so(registered):
    (entry,) = registered(plugin(Plain("one")))
    entry.enabled = False
    assert (await fragments.refresh("p")).error == "It offers no context now"


async def test_terms_are_bounded_in_number_and_length(registered, monkeypatch, caplog):
    monkeypatch.setattr(fragments, "MAX_TERMS", 3)
    terms = {"a" * 201: "too long", "long": "m" * 2_001, "short": "meaning", "beyond": "three"}
    registered(plugin(Plain(ContextFragment("text", terms))))
    (loaded,) = await fragments.load_all()
    assert loaded.terms == {"long": "m" * 2_000, "short": "meaning"}
    assert "2 of its terms are not used" in caplog.text

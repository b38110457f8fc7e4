"""What an operator does to a plugin at one web process counts at another and at the worker."""

import time
from collections.abc import Callable, Iterator

import pytest

from plugins_app.host.models import PluginState
from tests.processes.conftest import SignIn
from tests.processes.fleet import Fleet
from tests.processes.people import Person
from tests.processes.waiting import until

pytestmark = pytest.mark.processes

VISIBLE_WITHIN_S = 2.0
TRIES = 10
PAGE = "/admin/plugins/pluginstate/plugin/glossary/"
STATES = PluginState.objects.filter(plugin_id="glossary")


@pytest.fixture(scope="module")
def fleet_of_three(shared_fleet: Fleet) -> Fleet:
    shared_fleet.start_all(["web", "web", "worker"])
    until("three processes", lambda: STATES.count() == 3)
    return shared_fleet


@pytest.fixture
def ada(fleet_of_three: Fleet, sign_in: SignIn) -> Person:
    return sign_in("ada", fleet_of_three.servers[0].address)


@pytest.fixture
def terms(fleet_of_three: Fleet) -> Iterator[Callable[[str], int]]:
    """Write the glossary's file; it is as it was after the test."""
    path = fleet_of_three.folder / "glossary.yml"
    before = path.read_text()
    yield path.write_text
    path.write_text(before)


def seconds_until_all(do: Callable[[], None], visible: Callable[[PluginState], bool]) -> float:
    """From before the click until each of the three processes has told of it."""
    began = time.monotonic()
    do()

    def everywhere() -> bool:
        states = list(STATES.all())
        return len(states) == 3 and all(map(visible, states))

    until("visible in three processes", everywhere)
    return time.monotonic() - began


def quickest(attempts: Iterator[float]) -> float:
    """The seconds of the first attempt in time; a busy machine may be slow for a while."""
    seconds = VISIBLE_WITHIN_S
    for seconds in attempts:
        if seconds < VISIBLE_WITHIN_S:
            break
    return seconds


def clicked(ada: Person, **form: str) -> None:
    answer = ada.post(PAGE, **form)
    assert answer.status_code == 302, answer.text


def options_of(fleet: Fleet, title: str) -> dict[str, str]:
    path = str(fleet.folder / "glossary.yml")
    return {"do": "configure", "option-path": path, "option-title": title}


def test_changed_options_are_in_use_everywhere(fleet_of_three: Fleet, ada: Person) -> None:
    def changing(number: int) -> float:
        form = options_of(fleet_of_three, f"Words {number}")
        return seconds_until_all(
            lambda: clicked(ada, **form), lambda state: state.config_version == number
        )

    assert quickest(map(changing, range(1, TRIES + 1))) < VISIBLE_WITHIN_S
    # What counts is what the new plugin says, not the number alone.
    clicked(ada, do="refresh")
    until("said", lambda: all("Words " in state.context_text for state in STATES.all()))


def test_a_plugin_is_off_and_on_everywhere(ada: Person) -> None:
    def off(_number: int) -> float:
        clicked(ada, do="enable")
        until("on", lambda: all(state.healthy for state in STATES.all()))
        return seconds_until_all(
            lambda: clicked(ada, do="disable"),
            lambda state: not state.enabled and state.status == "teardown",
        )

    def on(_number: int) -> float:
        clicked(ada, do="disable")
        until("off", lambda: not any(state.enabled for state in STATES.all()))
        return seconds_until_all(lambda: clicked(ada, do="enable"), lambda state: state.healthy)

    assert quickest(map(off, range(TRIES))) < VISIBLE_WITHIN_S
    assert quickest(map(on, range(TRIES))) < VISIBLE_WITHIN_S


def test_a_refresh_is_read_everywhere(ada: Person, terms: Callable[[str], int]) -> None:
    def refreshing(number: int) -> float:
        terms(f"terms:\n  basket: order {number}\n")
        return seconds_until_all(
            lambda: clicked(ada, do="refresh"),
            lambda state: f"order {number}" in state.context_text,
        )

    assert quickest(map(refreshing, range(TRIES))) < VISIBLE_WITHIN_S

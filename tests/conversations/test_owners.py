"""Promises about lease owners: only who is certainly dead is taken for dead."""

import os
import socket
import subprocess
import sys

import pytest

from atlas.accounts.models import User
from atlas.conversations import ending, owners, services
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Run
from atlas.conversations.owners import is_gone, process_name


def ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def place() -> str:
    found = process_name().partition(":")[0]
    assert len(found) == 16
    return found


def test_a_name_fits_its_column_and_is_this_process() -> None:
    assert len(process_name()) <= Run._meta.get_field("lease_owner").max_length
    assert process_name().split(":")[1] == str(os.getpid())
    assert not is_gone(process_name())


def test_an_ended_process_of_this_place_is_gone_and_a_living_one_is_not(place: str) -> None:
    assert is_gone(f"{place}:{ended_pid()}:aaaaaaaa")
    assert not is_gone(f"{place}:{os.getppid()}:aaaaaaaa")


def test_an_ended_process_that_nobody_has_waited_for_is_gone(place: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert is_gone(f"{place}:{process.pid}:aaaaaaaa")
    finally:
        process.wait()


def test_an_earlier_process_with_this_number_is_gone(place: str) -> None:
    assert is_gone(f"{place}:{os.getpid()}:aaaaaaaa")


@pytest.mark.parametrize(
    "owner",
    [
        "{host}:{pid}",
        "0123456789abcdef:{pid}:aaaaaaaa",
        ":{pid}:aaaaaaaa",
        "",
        "elsewhere",
        "x:y:z",
    ],
    ids=["same host name", "another namespace", "no place", "nobody", "odd", "no number"],
)
def test_nothing_is_known_of_a_process_elsewhere(owner: str) -> None:
    assert not is_gone(owner.format(host=socket.gethostname(), pid=ended_pid()))


def test_without_proc_nobody_is_known_to_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "_place", lambda: "")

    assert not is_gone(f":{ended_pid()}:aaaaaaaa")


@pytest.mark.django_db
def test_a_living_run_in_another_container_of_the_same_host_name_goes_on(
    ann: User, place: str
) -> None:
    elsewhere, here = services.ask(ann, "There?"), services.ask(ann, "Here?")
    pid = ended_pid()
    held = {"status": RunStatus.RUNNING, "fence": 1}
    Run.objects.filter(pk=elsewhere.pk).update(
        lease_owner=f"{socket.gethostname()[:40]}:{pid}", **held
    )
    Run.objects.filter(pk=here.pk).update(lease_owner=f"{place}:{pid}:aaaaaaaa", **held)

    assert ending.interrupt_dead_runs() == [here.pk]

"""Guessing gets slower, and only for the one who guesses."""

import threading

import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import connection

from atlas.accounts import throttle
from atlas.accounts.models import LoginAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def age(cluster):
    """Let all attempts be `seconds` older."""

    def run(seconds):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_loginattempt SET last_at = last_at - make_interval(secs => %s)",
                [seconds],
            )

    return run


def tries(count, username="ann", address="10.0.0.1"):
    return [throttle.admit(username, address) for _ in range(count)]


@pytest.mark.usefixtures("still_clock")
def test_throttle_admits_five_tries_and_then_names_the_seconds():
    assert tries(5) == [0, 0, 0, 0, 0]
    assert throttle.admit("ann", "10.0.0.1") == 5


@pytest.mark.usefixtures("still_clock")
def test_throttle_does_not_count_tries_that_had_to_wait():
    tries(5)
    tries(20)
    assert LoginAttempt.objects.get().failures == 5


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize(
    ("failures", "wait"),
    [(4, 0), (5, 5), (6, 10), (7, 20), (8, 40), (12, 640), (13, 900), (60, 900)],
)
def test_throttle_doubles_the_wait_up_to_a_quarter_of_an_hour(failures, wait):
    last = {"failures": failures, "last_at": TransactionNow()}
    LoginAttempt.objects.create(username="ann", address="10.0.0.1", **last)
    assert throttle.admit("ann", "10.0.0.1") == wait


@pytest.mark.usefixtures("still_clock")
def test_throttle_admits_again_after_the_wait(age):
    tries(6)
    age(5)
    assert tries(2) == [0, 10]


@pytest.mark.usefixtures("still_clock")
def test_throttle_forgets_after_a_quarter_of_an_hour(age):
    tries(6)
    age(901)
    assert tries(6) == [0, 0, 0, 0, 0, 5]


@pytest.mark.usefixtures("still_clock")
def test_throttle_starts_anew_after_the_right_password():
    tries(4)
    throttle.forget("ann", "10.0.0.1")
    assert tries(6) == [0, 0, 0, 0, 0, 5]


@pytest.mark.parametrize(
    ("username", "address"), [("bob", "10.0.0.1"), ("ann", "10.0.0.2"), ("", "")]
)
def test_throttle_lets_others_in(username, address):
    tries(6)
    assert throttle.admit(username, address) == 0


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("spelling", ["ANN", "\uff41nn", "a\x00nn"])
def test_throttle_counts_other_spellings_of_a_name_as_the_name(spelling):
    tries(5)
    assert throttle.admit(spelling, "10.0.0.1") == 5


@pytest.mark.usefixtures("still_clock")
def test_throttle_slows_an_address_that_tries_many_names():
    for at in range(100):
        assert throttle.admit(f"name {at}", "10.0.0.1") == 0
    assert throttle.admit("ann", "10.0.0.1") == 5
    assert throttle.admit("ann", "10.0.0.2") == 0


def test_throttle_deletes_what_is_long_past(age):
    tries(1, "old")
    age(100_000)
    tries(1, "new")
    throttle.forget("new", "10.0.0.1")
    assert LoginAttempt.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_throttle_admits_five_of_many_at_once(monkeypatch):
    monkeypatch.setattr(throttle, "FIRST_WAIT_S", 600)
    found = []

    def attempt():
        try:
            found.append(throttle.admit("ann", "10.0.0.1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found)[:5] == [0, 0, 0, 0, 0]
    assert [0 < wait <= 600 for wait in sorted(found)[5:]] == [True, True]

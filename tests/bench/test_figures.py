"""Promises about verdicts: medians decide, doubtful figures are not judged, only a miss fails."""

import pytest

from tests.bench.figures import Goal, Measured, exit_code, judge, line, percentile
from tests.bench.load import count

RATIO = Goal("G1", "ttft_p95", "ms", 3.0, "floor-up")
NOTHING = Goal("G5", "tokens_lost_or_doubled", "tokens", 0.0)
BOUND = Goal("answers", "full_answer_p95", "ms", 1000.0)
FLOOR = [40.0, 45.0, 50.0]


@pytest.mark.parametrize(
    ("goal", "measured", "verdict"),
    [
        (RATIO, Measured([88.0, 90.0, 500.0], FLOOR, [0.3, 0.3]), "PASS"),
        (RATIO, Measured([135.0], FLOOR), "PASS"),
        (RATIO, Measured([135.1], FLOOR), "MISS"),
        (RATIO, Measured([500.0], FLOOR, [0.61, 0.61, 0.1]), "NOT JUDGED"),
        (RATIO, Measured([500.0], [20.0, 41.0]), "NOT JUDGED"),
        (RATIO, Measured([500.0], FLOOR, problem="the floor did not start"), "NOT JUDGED"),
        (RATIO, Measured([], FLOOR), "NOT JUDGED"),
        (RATIO, Measured([500.0], []), "NOT JUDGED"),
        (NOTHING, Measured([0.0, 0.0]), "PASS"),
        (NOTHING, Measured([0.0, 0.0, 1.0], client_cores=[0.9]), "MISS"),
        (BOUND, Measured([900.0, 1000.0, 2000.0]), "PASS"),
        (BOUND, Measured([1001.0]), "MISS"),
    ],
)
def test_verdicts(goal: Goal, measured: Measured, verdict: str) -> None:
    assert judge(goal, measured).verdict == verdict


def test_a_line_holds_both_spreads_ratio_limit_verdict_and_runs() -> None:
    judged = judge(RATIO, Measured([80.2, 88.1, 97.5], FLOOR))

    assert line(judged) == (
        "G1 ttft_p95  product 88.10 [80.20 88.10 97.50] ms  floor-up 45 [40 45 50]"
        "  ratio 1.96  limit 3.00  PASS  runs 3"
    )


def test_a_line_says_why_nothing_was_judged() -> None:
    judged = judge(RATIO, Measured(problem="a server could not be measured"))

    assert line(judged) == (
        "G1 ttft_p95  product - ms  floor-up -  ratio -  limit 3.00  NOT JUDGED  runs 0"
        "  (a server could not be measured)"
    )


def test_only_a_judged_miss_fails() -> None:
    passed, doubtful = judge(RATIO, Measured([1.0], FLOOR)), judge(RATIO, Measured([9e9], []))
    missed = judge(RATIO, Measured([9e9], FLOOR))

    assert exit_code([passed, doubtful]) == 0
    assert exit_code([passed, missed]) == 1


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("0000 0001 0002 ", (3, 0, 0)),
        ("0000 0002 ", (2, 1, 0)),
        ("0000 0001 0001 0002 ", (4, 0, 1)),
        ("", (0, 3, 0)),
        ("say 12345 0000 0001 0002 ", (3, 0, 0)),
    ],
)
def test_lost_and_doubled_tokens_are_counted(text: str, counted: tuple[int, int, int]) -> None:
    assert count(text, 3) == counted


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(range(1, 51)), 0.95) == 48

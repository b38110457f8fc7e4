"""From the figures of single runs to one line and one verdict a goal; pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_CLIENT_CORES = 0.6
MAX_FLOOR_SPREAD = 2.0

Verdict = Literal["PASS", "MISS", "NOT JUDGED"]


@dataclass(frozen=True)
class Goal:
    """What is compared with what: a ratio to `base`, or a plain bound when `base` is empty."""

    id: str
    name: str
    unit: str
    limit: float
    base: str = ""


GOALS = (
    Goal("G1", "ttft_p95", "ms", 3.0, "floor-up"),
    Goal("G3", "cpu_per_1000_tokens", "ms", 1.0, "floor-up"),
    Goal("G5", "tokens_lost_or_doubled", "tokens", 0.0),
    Goal("G8", "memory_per_idle_tab", "KiB", 2.0, "floor"),
    Goal("G9", "cold_start", "s", 2.5, "floor"),
    Goal("G10", "guard_p95", "ms", 6.0, "parse"),
    Goal("G11", "longest_text_per_character", "us", 2.0, "long"),
    Goal("G12", "first_page_of_many_rows", "ms", 1.5, "few"),
    Goal("G12m", "memory_of_a_page_of_huge_less_few", "MiB", 1.0),
    Goal("G13", "csv_of_many_rows", "s", 1.3, "COPY"),
    Goal("G13m", "memory_of_csv", "MiB", 20.0),
    Goal("A1", "audit_append_8_writers", "ms", 2.0, "bare"),
    Goal("A2", "audit_append_32_writers", "ms", 2.0, "bare"),
    Goal("A3", "sealer_lag_p95", "s", 5.0),
    Goal("A4", "audit_verify_per_record", "us", 20.0),
    Goal("answers", "full_answer_p95", "ms", 1000.0),
)


@dataclass
class Measured:
    """The runs of one goal; `problem` says why there are none, or too few."""

    product: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    client_cores: list[float] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class Judged:
    """A goal with its verdict, and why it was not judged."""

    goal: Goal
    measured: Measured
    verdict: Verdict
    value: float | None
    reason: str = ""


def judge(goal: Goal, measured: Measured) -> Judged:
    """Compare medians; whatever makes the figures doubtful makes the goal not judged."""
    reason = _doubt(goal, measured)
    value = None
    if measured.product and (measured.base or not goal.base):
        value = max(measured.product) if goal.limit == 0 else statistics.median(measured.product)
        if goal.base:
            value /= statistics.median(measured.base)
    if reason or value is None:
        return Judged(goal, measured, "NOT JUDGED", value, reason)
    return Judged(goal, measured, "PASS" if value <= goal.limit else "MISS", value)


def line(judged: Judged) -> str:
    """One line a goal: product, base, ratio, limit, verdict, runs."""
    goal, measured = judged.goal, judged.measured
    parts = [f"{goal.id} {goal.name}", f"product {spread(measured.product)} {goal.unit}"]
    if goal.base:
        parts.append(f"{goal.base} {spread(measured.base)}")
        parts.append("ratio -" if judged.value is None else f"ratio {judged.value:.2f}")
    parts += [f"limit {goal.limit:.2f}" if goal.base else f"limit {goal.limit:g}", judged.verdict]
    parts.append(f"runs {len(measured.product)}")
    if judged.reason:
        parts.append(f"({judged.reason})")
    return "  ".join(parts)


def spread(values: Sequence[float]) -> str:
    """The median, then smallest, median and largest."""
    if not values:
        return "-"
    middle = statistics.median(values)
    low, high = min(values), max(values)
    return f"{_short(middle)} [{_short(low)} {_short(middle)} {_short(high)}]"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def exit_code(results: Sequence[Judged]) -> int:
    """1 only for a judged miss."""
    return int(any(judged.verdict == "MISS" for judged in results))


def _doubt(goal: Goal, measured: Measured) -> str:
    if measured.problem:
        return measured.problem
    if not measured.product or (goal.base and not measured.base):
        return "nothing was measured"
    if goal.limit == 0:
        return ""
    client = statistics.median(measured.client_cores) if measured.client_cores else 0.0
    if client > MAX_CLIENT_CORES:
        return f"the client used {client:.2f} of a core"
    if measured.base and max(measured.base) > MAX_FLOOR_SPREAD * min(measured.base):
        return f"the runs of {goal.base} differ more than {MAX_FLOOR_SPREAD:g} times"
    return ""


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"

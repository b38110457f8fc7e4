"""Fifty questions to the built-in analyst about the demo data, and how long answers take."""

import time
from dataclasses import dataclass
from typing import Any

from tests.bench.figures import percentile
from tests.bench.load import open_socket
from tests.bench.talks import ProductTalk

MEASURES = ("revenue", "units sold", "number of orders", "average order value", "late orders")
BREAKDOWNS = (
    "by month this year",
    "by country last year",
    "by category",
    "by shipper",
    "by employee",
)
PERIODS = ("this year", "last year", "last quarter", "this month", "yesterday")
RANKED = ("products", "customers", "countries", "categories", "employees")

QUESTIONS = (
    *(f"{measure} {breakdown}" for measure in MEASURES for breakdown in BREAKDOWNS),
    *(f"Top 5 {thing} by revenue {period}" for thing in RANKED for period in PERIODS),
)


@dataclass(frozen=True)
class AnswersRun:
    """All questions once, one after another; `refused` are those that got no figures."""

    first_step_p50_ms: float
    first_step_p95_ms: float
    full_p50_ms: float
    full_p95_ms: float
    refused: list[str]


async def ask_all(address: str, cookie: str) -> AnswersRun:
    """Ask every question in a conversation of its own; times count from sending the question."""
    talk = ProductTalk(await open_socket(address, cookie=cookie, subprotocol="atlas.json"))
    first, full, refused = [], [], []
    try:
        await talk.follow(QUESTIONS[0], lambda _event: None)
        for question in QUESTIONS:
            step, whole, kinds = await _ask_one(talk, question)
            first.append(1000 * step)
            full.append(1000 * whole)
            if "result" not in kinds:
                refused.append(question)
    finally:
        await talk.close()
    return AnswersRun(
        percentile(first, 0.5),
        percentile(first, 0.95),
        percentile(full, 0.5),
        percentile(full, 0.95),
        refused,
    )


async def _ask_one(talk: ProductTalk, question: str) -> tuple[float, float, set[str]]:
    steps: list[float] = []
    kinds: set[str] = set()
    began = time.perf_counter()

    def hear(event: dict[str, Any]) -> None:
        kinds.add(event["kind"])
        if event["kind"] == "step":
            steps.append(time.perf_counter() - began)

    await talk.follow(question, hear)
    whole = time.perf_counter() - began
    return min(steps, default=whole), whole, kinds

"""`make bench`: measures the product beside bare floors and judges it against the goals."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import guard, measures, stored
from tests.bench.figures import GOALS, Judged, Measured, exit_code, judge, line, spread
from tests.bench.load import StreamRun
from tests.bench.measures import STREAMS, TOKENS, Bench
from tests.bench.proc import ROOT, CouldNotStart
from tests.bench.product import Installation

PACKAGES = (
    "django",
    "channels",
    "daphne",
    "twisted",
    "httpx",
    "openai",
    "pydantic-ai-slim",
    "psycopg",
    "sqlglot",
    "websockets",
)
# Measured without the installation: in this process, or in programs with folders of their own.
APART = {"G10", "G11"} | stored.AUDIT | stored.RESULTS


def main() -> int:
    options = _options()
    load_before = os.getloadavg()
    results: dict[str, Measured] = {goal.id: Measured() for goal in GOALS}
    raw: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        product = Installation(Path(name) / "product")
        try:
            product.folder.mkdir()
            if options.only - APART:
                product.prepare(STREAMS)
            bench = Bench(Path(name), product, _say if options.verbose else lambda _text: None)
            _measure(bench, options, results, raw)
        except CouldNotStart as error:
            _say(str(error))
            return 2
        finally:
            product.remove()
    judged = [judge(goal, results[goal.id]) for goal in GOALS if goal.id in options.only]
    for one in judged:
        _out(line(one))
    _write(options.out, judged, raw, load_before)
    return exit_code(judged)


def _measure(
    bench: Bench, options: argparse.Namespace, results: dict[str, Measured], raw: dict[str, Any]
) -> None:
    groups: list[tuple[set[str], Callable[[], None]]] = [
        ({"G1", "G3", "G5"}, lambda: _streams(bench, options.rounds, results, raw)),
        ({"G8"}, lambda: _pairs("G8", measures.tabs(bench, options.rounds), results, raw)),
        ({"G9"}, lambda: _pairs("G9", measures.cold_starts(bench, options.rounds), results, raw)),
        ({"answers"}, lambda: _answers(bench, options.rounds, results, raw)),
        ({"G10"}, lambda: _corpora(options.rounds, results, raw)),
        ({"G11"}, lambda: _shapes(options.rounds, results, raw)),
        (stored.RESULTS, lambda: _stored(stored.results, bench, options.rounds, results, raw)),
        (stored.AUDIT, lambda: _stored(stored.audit, bench, options.rounds, results, raw)),
    ]
    for goals, work in groups:
        if not goals & options.only:
            continue
        try:
            work()
        except CouldNotStart as error:
            _say(f"{', '.join(sorted(goals))}: {error}")
            for goal in goals:
                results[goal] = Measured(problem="a server could not be measured")


def _streams(bench: Bench, rounds: int, results: dict[str, Measured], raw: dict[str, Any]) -> None:
    runs = measures.streams(bench, rounds)
    raw["streams"] = {label: [asdict(run) for run in found] for label, found in runs.items()}
    for goal, figure in (("G1", "ttft_p95_ms"), ("G3", "cpu_ms_per_1000_tokens")):
        results[goal] = _measured(runs, figure)
    results["G5"] = Measured([run.lost + run.doubled for run in runs["product"]])
    for label, found in runs.items():
        lost, doubled = sum(run.lost for run in found), sum(run.doubled for run in found)
        failed = [failure for run in found for failure in run.failures]
        _out(
            f"{label}: {len(found)} runs of {STREAMS} x {TOKENS} tokens, lost {lost}, doubled "
            f"{doubled}, failed streams {len(failed)}  ttft_p50 "
            f"{spread([run.ttft_p50_ms for run in found])} ms  client "
            f"{spread([run.client_cores for run in found])} cores"
        )
        for failure in sorted(set(failed))[:3]:
            _out(f"  {failure}")


def _measured(runs: dict[str, list[StreamRun]], figure: str) -> Measured:
    product, floor = runs["product"], runs["floor-up"]
    return Measured(
        [getattr(run, figure) for run in product],
        [getattr(run, figure) for run in floor],
        [run.client_cores for run in product + floor],
    )


def _pairs(
    goal: str, runs: dict[str, list[float]], results: dict[str, Measured], raw: dict[str, Any]
) -> None:
    raw[goal] = runs
    results[goal] = Measured(runs["product"], runs["floor"])


def _answers(bench: Bench, rounds: int, results: dict[str, Measured], raw: dict[str, Any]) -> None:
    runs = measures.answers(bench, rounds)
    raw["answers"] = [asdict(run) for run in runs]
    results["answers"] = Measured([run.full_p95_ms for run in runs])
    for figure in ("first_step_p50_ms", "first_step_p95_ms", "full_p50_ms", "full_p95_ms"):
        _out(f"answers {figure}  {spread([getattr(run, figure) for run in runs])}")
    for question in runs[-1].refused:
        _out(f"  no figures for: {question}")


def _corpora(rounds: int, results: dict[str, Measured], raw: dict[str, Any]) -> None:
    runs = guard.corpora(rounds)
    raw["G10"] = guard.facts(runs)
    for run in runs:
        _out(
            f"guard {run.dialect}: {run.texts} texts, refused {len(run.refused)}  p95 "
            f"{spread(run.guard_p95_ms)} ms  parse {spread(run.parse_p95_ms)}  "
            f"ratio {run.ratio:.2f}"
        )
    worst = max(runs, key=lambda run: run.ratio)
    results["G10"] = Measured(worst.guard_p95_ms, worst.parse_p95_ms)


def _shapes(rounds: int, results: dict[str, Measured], raw: dict[str, Any]) -> None:
    runs = guard.shapes(rounds)
    raw["G11"] = guard.facts(runs)
    for run in runs:
        _out(
            f"guard {run.shape}: {guard.LONGEST:,} characters {spread(run.longest_us)} us each, "
            f"{guard.LONG:,} characters {spread(run.long_us)}  ratio {run.ratio:.2f}"
            f"{f'  refused: {run.refused}' if run.refused else ''}"
        )
    worst = max(runs, key=lambda run: run.ratio)
    results["G11"] = Measured(worst.longest_us, worst.long_us)


def _stored(
    measure: Callable[..., tuple[dict[str, Measured], dict[str, Any]]],
    bench: Bench,
    rounds: int,
    results: dict[str, Measured],
    raw: dict[str, Any],
) -> None:
    measured, raw[measure.__name__] = measure(bench.folder, rounds, _out)
    results.update(measured)


def _write(
    out: Path, judged: Sequence[Judged], raw: dict[str, Any], load_before: tuple[float, ...]
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "goals": [asdict(one) for one in judged],
        "runs": raw,
    }
    out.write_text(json.dumps(facts, indent=1) + "\n")
    _out(f"load {load_before[0]:.1f} before, {os.getloadavg()[0]:.1f} after; every run: {out}")


def _options() -> argparse.Namespace:
    known = [goal.id for goal in GOALS]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default=",".join(known), help=f"of {','.join(known)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ROOT / ".data" / "bench" / "latest.json")
    parser.add_argument("--verbose", action="store_true", help="say each round on stderr")
    options = parser.parse_args()
    options.only = set(options.only.split(","))
    if unknown := options.only - set(known):
        parser.error(f"no goals: {', '.join(sorted(unknown))}")
    return options


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())

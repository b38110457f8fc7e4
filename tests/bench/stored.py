"""The measurements of the audit log and of results: each in a program with a folder of its own."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from atlas.runtime.local_postgres import LocalPostgres
from atlas.runtime.secrets import load_secrets
from tests.bench.figures import Measured, spread
from tests.bench.proc import ROOT, CouldNotStart

Tell = Callable[[str], None]
AUDIT = {"A1", "A2", "A3", "A4"}
RESULTS = {"G12", "G12m", "G13", "G13m"}


def audit(folder: Path, rounds: int, tell: Tell) -> tuple[dict[str, Measured], dict[str, Any]]:
    """Writers, sealer and verifier of the audit log."""
    found = _run(folder / "audit", "tests.bench.audit_load", str(rounds))
    for writers in (8, 32):
        for one, bare in zip(found[f"writers_{writers}"], found[f"bare_{writers}"], strict=True):
            tell(
                f"audit {writers} writers: {one['per_second']:,.0f} appends a second (bare rows:"
                f" {bare:,.0f}), "
                f"sealed after p50 {one['lag_p50_ms']:.0f} ms, p95 {one['lag_p95_ms']:.0f} ms"
            )
    tell(
        f"audit {found['verified']:,} records: bulk insert {found['bulk_per_second']:,.0f} a"
        f" second, sealed {found['seal_per_second']:,.0f} a second in {found['seal_s']:.1f} s,"
        f" verified {found['verify_per_second']:,.0f} a second in {found['verify_s']:.1f} s"
        f" (processor: its own {found['verify_cpu_s']:.1f} s, with PostgreSQL"
        f" {found['verify_all_cpu_s']:.1f} s), memory"
        f" +{found['verify_growth_mib']:.0f} MiB"
    )
    for name, ms in found["searches_ms"].items():
        tell(f"audit newest 50, {name}: {ms:.1f} ms")
    runs = [one for writers in (8, 32) for one in found[f"writers_{writers}"]]
    measured = {
        "A1": _appended(found, 8),
        "A2": _appended(found, 32),
        "A3": Measured([max(one["lag_p95_ms"] / 1000 for one in runs)]),
        "A4": Measured([1_000_000 * found["verify_all_cpu_s"] / found["verified"]]),
    }
    return measured, found


def _appended(found: dict[str, Any], writers: int) -> Measured:
    """Milliseconds for each row of all writers together, and for a bare row."""
    product = [1000 / one["per_second"] for one in found[f"writers_{writers}"]]
    return Measured(product, [1000 / bare for bare in found[f"bare_{writers}"]])


def results(folder: Path, rounds: int, tell: Tell) -> tuple[dict[str, Measured], dict[str, Any]]:
    """The first page and the files of results, small and large."""
    found = _run(folder / "results", "tests.bench.result_load", str(rounds))
    times, growths = found["page_s"], found["page_growth_mib"]
    for table, rows in (("few", 1_000), ("many", found["many"]), ("huge", found["huge"])):
        tell(
            f"results first page of {rows:,} rows: {spread([1000 * s for s in times[table]])} ms,"
            f" memory +{spread(growths[table])} MiB"
        )
    for form in ("copy", "lines", "csv", "without_lines", "xlsx"):
        tell(
            f"results {form} of {found['many']:,} rows: {spread(found[f'{form}_s'])} s,"
            f" processor {spread(found[f'{form}_cpu_s'])} s,"
            f" memory +{spread(found[f'{form}_growth_mib'])} MiB"
        )
    measured = {
        "G12": Measured([1000 * s for s in times["many"]], [1000 * s for s in times["few"]]),
        # Nothing grows after the first pages, so what is compared is the difference.
        "G12m": Measured([statistics.median(growths["huge"]) - statistics.median(growths["few"])]),
        "G13": Measured(found["csv_s"], found["copy_s"]),
        "G13m": Measured(found["csv_growth_mib"]),
    }
    return measured, found


def _run(folder: Path, program: str, *arguments: str) -> dict[str, Any]:
    """Run a program with a data folder of its own and return what it measured."""
    data, out = folder / "data", folder / "figures.json"
    folder.mkdir(parents=True)
    variables = {"ATLAS_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "atlas.settings"}
    long = {name: text for name, text in os.environ.items() if name == "ATLAS_TEST_LONG"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", program, str(out), *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"PATH": os.defpath, **variables, **long},
            check=False,
        )
        if done.returncode:
            raise CouldNotStart(f"{program}: {(done.stdout + done.stderr)[-2000:]}")
        figures: dict[str, Any] = json.loads(out.read_text())
        return figures
    finally:
        local = LocalPostgres(data, load_secrets(data))
        local.stop()
        shutil.rmtree(local.places.folder, ignore_errors=True)
        shutil.rmtree(local.places.sockets, ignore_errors=True)

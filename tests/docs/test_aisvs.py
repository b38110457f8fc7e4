"""The page about OWASP AISVS names a test for each point, and every named test exists and runs."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "admin" / "aisvs.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| `(\S+)` \|$", re.MULTILINE)
# The points of C9.2, and of C9.1 what concerns actions.
POINTS = 11


def rows() -> list[tuple[str, ...]]:
    return [match.groups() for match in ROW.finditer(PAGE.read_text())]


def test_the_table_is_read_whole_and_has_every_point() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| \d", line)]
    found = rows()

    assert [int(number) for number, *_ in found] == list(range(1, len(lines) + 1))
    assert len({point for _, point, _, _ in found} - {"The same"}) == POINTS


def test_every_named_test_is_collected_and_none_stands_twice() -> None:
    named = [node_id for *_, node_id in rows()]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]

    collected = subprocess.run(
        [*command, *named], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert collected.returncode == 0, collected.stdout[-2000:]
    lines = collected.stdout.splitlines()
    found = {*lines, *(line.partition("[")[0] for line in lines)}
    assert [node_id for node_id in named if node_id not in found] == []
    assert len(named) == len(set(named))

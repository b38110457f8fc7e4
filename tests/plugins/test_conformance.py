"""Every promise of the plugin guide names a test, and that test exists and runs."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "plugins" / "conformance.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (?:`(\S+)`)? ?\| (.+?) \|$", re.MULTILINE)
STATE = re.compile(r"holds|not yet|deviates: ADR (\d+)")
MOST_PROMISES = 5


def promises():
    return [match.groups() for match in ROW.finditer(TABLE.read_text())]


def functions(path):
    """Return the tests of a file by name, as syntax trees."""
    tree = ast.parse((ROOT / path).read_text())
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = node
    return found


def test_the_table_is_read_whole():
    lines = [line for line in TABLE.read_text().splitlines() if re.match(r"\| \d", line)]
    rows = promises()
    assert len(rows) == len(lines) > 100
    assert [int(number) for number, *_ in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("row", promises(), ids=lambda row: f"promise {row[0]}")
def test_a_promise_names_a_test_that_is_not_skipped(row):
    _, _, node_id, state = row
    assert STATE.fullmatch(state)
    if state == "not yet":
        assert node_id is None
        return
    path, name = node_id.partition("[")[0].split("::")
    text = ast.unparse(functions(path)[name])
    assert not re.search(r"\bskip(if)?\(|importorskip|xfail|mark\.skip", text)


def test_every_named_test_is_collected():
    named = sorted({node_id for _, _, node_id, _ in promises() if node_id})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    collected = subprocess.run(
        [*command, *named], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert collected.returncode == 0, collected.stdout[-2000:]
    lines = collected.stdout.splitlines()
    found = {*lines, *(line.partition("[")[0] for line in lines)}
    assert [node_id for node_id in named if node_id not in found] == []


def test_a_deviation_names_a_decision_that_exists():
    for _, _, _, state in promises():
        match = STATE.fullmatch(state)
        if match and match[1]:
            assert list((ROOT / "docs" / "adr").glob(f"{int(match[1]):04d}-*.md"))


def test_no_test_stands_for_more_than_five_promises():
    counted = Counter(node_id for _, _, node_id, _ in promises() if node_id)
    assert {node: count for node, count in counted.items() if count > MOST_PROMISES} == {}


def test_open_promises_are_counted(capsys):
    waiting = [f"{n} {promise}" for n, promise, _, state in promises() if state == "not yet"]
    with capsys.disabled():
        sys.stdout.write(f"\n{len(waiting)} of {len(promises())} promises are not held yet\n")
    assert len(waiting) < len(promises())

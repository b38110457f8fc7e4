"""Whoever silences a check, or leaves a test out, says why on the same line."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore)\b(?P<rest>.*)")
WITH_REASON = re.compile(r"(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z, -]+\])\s*(-|#)\s*(?P<reason>.+)")
SAYS_NOTHING = re.compile(r"(see|as) above|same|isort:.*", re.IGNORECASE)


def silenced() -> list[tuple[str, str]]:
    done = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        (f"{name}:{number}", found["rest"])
        for name in done.stdout.split()
        if (ROOT / name).exists() and name != "tests/architecture/test_silenced.py"
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1)
        if (found := SILENCED.search(line))
    ]


def says_why(rest: str) -> bool:
    found = WITH_REASON.match(rest)
    return found is not None and SAYS_NOTHING.fullmatch(found["reason"].strip()) is None


def test_every_silenced_check_says_why() -> None:
    assert [place for place, rest in silenced() if not says_why(rest)] == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (": S608 - constants only", True),
        ("[arg-type]  # no types", True),
        (": PLC0415", False),
        ("[arg-type]", False),
        ("", False),
        (": S608 - as above", False),
        (": F401, PLC0415 - it connects signals", True),
    ],
)
def test_what_counts_as_a_reason(rest: str, expected: bool) -> None:
    assert says_why(rest) is expected

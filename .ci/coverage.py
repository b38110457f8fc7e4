"""Checks what `make coverage` measured: python .ci/coverage.py coverage.json

Lines and branches count together. What decides about safety must be covered whole.
"""

import json
import pathlib
import sys

OVERALL = 95.0
WHOLE = ("atlas/sql/", "atlas/events/", "approvals/transitions.py", "approvals/policies.py")


def main(report: pathlib.Path) -> int:
    """Print what falls short; returns the exit code."""
    measured = json.loads(report.read_text())
    total = measured["totals"]["percent_covered"]
    short = []
    for name, file in sorted(measured["files"].items()):
        if name.startswith(WHOLE) and file["summary"]["percent_covered"] < 100:
            lines = [str(line) for line in file["missing_lines"]]
            branches = [f"{start}->{end}" for start, end in file["missing_branches"]]
            short.append(f"{name}: not covered: {', '.join(lines + branches)}")
    print(f"{total:.1f} % of lines and branches; {OVERALL:g} % are needed.")
    for line in short:
        print(line)
    if total < OVERALL or short:
        print("Write the tests of the promises that nothing holds yet.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

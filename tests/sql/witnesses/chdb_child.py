"""Runs ClickHouse for a test: a JSON text a line in, its rows or its error a line out."""

import json
import sys

from chdb.session import Session

LIMITS = "max_execution_time = 2, max_memory_usage = 400000000, max_result_rows = 100000"


def main() -> None:
    """Answer every line until there is none."""
    session = Session()
    session.query(f"SET {LIMITS}")
    for line in sys.stdin:
        try:
            found = session.query(json.loads(line), "JSONCompact").bytes()
            reply = {"rows": json.loads(found)["data"] if found else []}
        except RuntimeError as error:
            reply = {"error": str(error)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Runs ClickHouse for a test: a JSON text a line in, its rows or its error a line out."""

import json
import sys
from typing import Any

from chdb.session import Session

LIMITS = "max_execution_time = 2, max_memory_usage = 400000000, max_result_rows = 100000"


def main() -> None:
    """Answer every line until there is none."""
    session = Session()
    session.query(f"SET {LIMITS}")
    for line in sys.stdin:
        try:
            found = session.query(json.loads(line), "JSONCompact").bytes()
            reply = {"rows": _last(found.decode())["data"] if found else []}
        except RuntimeError as error:
            reply = {"error": str(error)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


def _last(text: str) -> Any:
    """The last of several documents; a query that failed half way leaves its rows before ours."""
    decoder, place, document = json.JSONDecoder(), 0, None
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        document, place = decoder.raw_decode(text, place)
    return document


if __name__ == "__main__":
    main()

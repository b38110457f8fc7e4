"""The guard beside the bare parser, in turns on the same texts; processor time, no server."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import sqlglot
from sqlglot.errors import SqlglotError

from atlas.sql import Rejection
from atlas.sql.dialects import DIALECTS
from tests.bench.figures import percentile
from tests.sql.other import ask as ask_other
from tests.sql.world import ask, corpus

LONG, LONGEST = 10_000, 100_000
REPEATS = 3
# MariaDB has MySQL's rules, and too few texts of its own to speak of percentiles.
MEASURED = tuple(name for name in DIALECTS if name != "mariadb")

# How a long query is made of many equal pieces: what stands before, one piece, what joins them.
SHAPES = {
    "values": ("SELECT id FROM orders WHERE id IN (1", ", {n}", ")"),
    "conditions": ("SELECT id FROM orders WHERE id = 0", " OR total > {n}", ""),
    "columns": ("SELECT id", ", total * {n} AS t{n}", " FROM orders"),
    "union": ("SELECT id FROM orders", " UNION ALL SELECT {n} FROM orders", ""),
    "cases": ("SELECT CASE", " WHEN total > {n} THEN 'more than {n}'", " END FROM orders"),
    "text": ("SELECT 'long", " and longer", "' FROM orders"),
}


@dataclass
class DialectRun:
    """The p95 of every round over the honest queries of a dialect, and which were refused."""

    dialect: str
    guard_p95_ms: list[float]
    parse_p95_ms: list[float]
    texts: int
    refused: list[str]

    @property
    def ratio(self) -> float:
        return statistics.median(self.guard_p95_ms) / statistics.median(self.parse_p95_ms)


@dataclass
class ShapeRun:
    """Microseconds for a character of one shape, in every round."""

    shape: str
    longest_us: list[float]
    long_us: list[float]
    refused: str

    @property
    def ratio(self) -> float:
        return statistics.median(self.longest_us) / statistics.median(self.long_us)


def corpora(rounds: int) -> list[DialectRun]:
    """Guard and bare parse over every honest query that the bare parser can read."""
    return [_corpus(dialect, rounds) for dialect in MEASURED]


def _corpus(dialect: str, rounds: int) -> DialectRun:
    check = ask if dialect == "postgres" else partial(ask_other, dialect=dialect)
    entries = [e for e in corpus("accept", dialect) if _readable(e.sql, dialect)]
    # The first call also warms both up.
    refused = [e.name for e in entries if isinstance(check(e.sql), Rejection)]
    run = DialectRun(dialect, [], [], len(entries), refused)
    for _ in range(rounds):
        guard, parse = [], []
        for entry in entries:
            parse.append(_best_ms(partial(sqlglot.parse, entry.sql, dialect=dialect)))
            guard.append(_best_ms(partial(check, entry.sql)))
        run.parse_p95_ms.append(percentile(parse, 0.95))
        run.guard_p95_ms.append(percentile(guard, 0.95))
    return run


def shapes(rounds: int) -> list[ShapeRun]:
    """Time for each character of the longest allowed text of a shape, beside a tenth of it."""
    runs = [_shape(shape) for shape in SHAPES]
    for _ in range(rounds):
        for run in runs:
            for length, found in ((LONG, run.long_us), (LONGEST, run.longest_us)):
                text = text_of(run.shape, length)
                found.append(1000 * _ms(partial(ask, text)) / len(text))
    return runs


def _shape(shape: str) -> ShapeRun:
    answer = ask(text_of(shape, LONGEST))
    return ShapeRun(shape, [], [], answer.code if isinstance(answer, Rejection) else "")


def text_of(shape: str, length: int) -> str:
    """A query of this shape, as long as it may be without passing the length."""
    before, piece, behind = SHAPES[shape]
    left = length - len(before) - len(behind)
    pieces: list[str] = []
    while (left := left - len(made := piece.format(n=len(pieces)))) >= 0:
        pieces.append(made)
    return before + "".join(pieces) + behind


def facts(runs: list[DialectRun] | list[ShapeRun]) -> list[dict[str, object]]:
    """What is written down of the runs."""
    return [{**asdict(run), "ratio": run.ratio} for run in runs]


def _readable(sql: str, dialect: str) -> bool:
    try:
        sqlglot.parse(sql, dialect=dialect)
    except SqlglotError:
        return False
    return True


def _best_ms(call: Callable[[], object]) -> float:
    return min(_ms(call) for _ in range(REPEATS))


def _ms(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return 1000 * (time.process_time() - start)

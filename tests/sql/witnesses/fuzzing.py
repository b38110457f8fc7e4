"""Texts with changed tokens, run on two companies that differ in unlisted cells only."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from atlas.sql.dialects.words import words
from tests.sql.mutations import mutate
from tests.sql.witnesses.answers import Answer, Witness
from tests.sql.witnesses.sending import narrow

_WORD = re.compile(r"'(?:[^']|'')*'|\w+|\s+|.", re.DOTALL)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
_NAMES = [
    "margin", "secret", "secrets", "orders", "customers", "events", "analytics", "email", "o", "c",
    "id", "status", "rowid", "note", "t", "o.margin", "orders.secret", "analytics.orders", "*",
    "o.*", "main.secrets", "tags", "details", "salary", "cost", "main", "public", "name",
]  # fmt: skip
# Words that one reader takes for grammar and another for a name.
_GRAMMAR = sorted(
    words(
        """
    LATERAL UNNEST APPLY FINAL SAMPLE ONLY SEMI ANTI ASOF ANY ALL GLOBAL NATURAL POSITIONAL PASTE
    STRAIGHT_JOIN PIVOT UNPIVOT QUALIFY WINDOW PREWHERE PARTITION VIEW TABLE VALUES ROWS MATCH AT
    BEFORE VERSION OF SYSTEM_TIME TABLESAMPLE FETCH OFFSET TOP DISTINCT STRUCT MAP ARRAY INTERVAL
    ILIKE RLIKE GLOB SIMILAR ESCAPE COLLATE BINARY _utf8mb4 N DIV MOD XOR SOUNDS OVERLAPS IGNORE
    RESPECT NULLS WITHIN FILTER OVER EXCLUDE EXCEPT REPLACE RENAME COLUMNS SETTINGS FORMAT USE
    FORCE INDEX KEY DUAL DESCRIBE SHOW SUMMARIZE CALL CONNECT PRIOR START RECURSIVE MATERIALIZED
    LEFT RIGHT FULL OUTER CROSS USING ON SET DEFAULT PROCEDURE LOCK INTO FOR UPDATE SHARE HANDLER
        """
    )
)
BATCH = 50
# Random functions and the clock give other rows each time, in both companies.
REPEATS = 6
CANARY = re.compile(r"canary\d|77000[12]")


@dataclass
class Figures:
    """How the texts of a run ended; `wrong` holds what must not happen, with the text."""

    made: int = 0
    accepted: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def fuzz(
    dialect: str,
    texts: list[str],
    pair: tuple[Witness, Witness],
    *,
    count: int,
    seed: int,
) -> Figures:
    """Change `count` texts and run what the guard accepts on both companies."""
    figures = Figures()
    random = Random(seed)  # noqa: S311 - to repeat a run, not to keep a secret
    before = [witness.state() for witness in pair]
    batch: list[str] = []
    for number in range(count):
        text = changed(random.choice(texts), random)
        _try(dialect, text, pair, figures, batch)
        if number % BATCH == BATCH - 1 or number == count - 1:
            after = [witness.state() for witness in pair]
            if after != before:
                figures.wrong.append(f"changed or left locked by one of {batch}: {after}")
            before, batch = after, []
    return figures


def changed(sql: str, random: Random) -> str:
    """One text with tokens changed: tricks anywhere, or names in the place of names."""
    kind = random.random()
    if kind < 0.25:
        return mutate(sql, random)
    parts = _WORD.findall(sql)
    if kind < 0.5:
        gaps = [at for at, part in enumerate(parts) if part.isspace()]
        parts.insert(random.choice(gaps or [0]), f" {random.choice(_GRAMMAR)} ")
        return "".join(parts)
    names = [at for at, part in enumerate(parts) if _IDENTIFIER.match(part)]
    for _ in range(random.randint(1, 2)):
        if names:
            pool = _NAMES if random.random() < 0.5 else [parts[at] for at in names]
            parts[random.choice(names)] = random.choice(pool)
    return "".join(parts)


def _try(
    dialect: str, text: str, pair: tuple[Witness, Witness], figures: Figures, batch: list[str]
) -> None:
    figures.made += 1
    query = narrow(text, dialect)
    if query is None:
        return
    figures.accepted += 1
    batch.append(query.sql)
    first = pair[0].read(query.sql, query.tables)
    figures.kinds[first.kind] += 1
    if first.kind == "refused":
        figures.unknown[first.said[:120]] += 1
    if first.kind == "denied":
        figures.wrong.append(f"denied {first.said}: {text!r} sent {query.sql!r}")
    elif first.kind == "rows":
        _compare(text, query.sql, query.tables, pair, first, figures)
    elif CANARY.search(first.said) and not CANARY.search(query.sql):
        figures.wrong.append(f"in an error {first.said}: {text!r} sent {query.sql!r}")


def _sorted(answer: Answer) -> str:
    return repr(sorted(map(repr, answer.rows)))


def _compare(
    text: str,
    sql: str,
    tables: tuple[str, ...],
    pair: tuple[Witness, Witness],
    first: Answer,
    figures: Figures,
) -> None:
    """Rows that differ between the companies, the same ones each time, hold an unlisted cell."""
    shown = _sorted(first)
    if CANARY.search(shown) and not CANARY.search(sql):
        figures.wrong.append(f"unlisted cell: {text!r} sent {sql!r}")
    elif shown != _sorted(other := pair[1].read(sql, tables)) and other.kind != "slow":
        rounds = [[_sorted(w.read(sql, tables)) for w in pair] for _ in range(REPEATS)]
        first_ones, second_ones = map(set, zip(*rounds, strict=True))
        if len(first_ones) == len(second_ones) == 1 and first_ones != second_ones:
            figures.wrong.append(f"differs by an unlisted cell: {text!r} sent {sql!r}")

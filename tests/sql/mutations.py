"""Corpus queries with tokens dropped, doubled, swapped or replaced by tricky ones."""

import re
from random import Random

_TOKEN = re.compile(r"\s+|\w+|'[^']*'|\"[^\"]*\"|.", re.DOTALL)
_TRICKS = [
    "'", "''", '"', "\\", "$$", "$a$", "U&'", 'U&"', "E'", "N'", "/*", "*/", "--", "#", ";", "(",
    ")", "[", "]", ",", ".", "*", "::", "->", "->>", "@", ":", "?", "%s", "{", "}", "0x", "1_0",
    "\n", "\t", "\r", "\x0b", "\xa0", "\u2028", "\u202e", "\0", "secrets", "public.secrets",
    "margin", "o.margin", "email", "ctid", "orders", "orders o", "pg_sleep(1)", "user", "UNION",
    "UNION SELECT secret FROM secrets", "SELECT", "FROM", "FROM secrets", "WITH secrets AS",
    "LATERAL", "JOIN secrets s ON TRUE", "USING (margin)", "NATURAL JOIN", "FOR UPDATE", "INTO x",
    "AS", "AS o", "o", "o.*", "ONLY", "TABLE secrets", "(SELECT secret FROM secrets)", "VALUES",
    "LIMIT ALL", "::regclass", "ROW", "ARRAY", "CASE", "END", "NOT", "IN", "ANY", "EXISTS",
    "OVER", "FILTER", "WITHIN GROUP", "ORDER BY", "GROUP BY", "margin AS x", "DISTINCT ON",
]  # fmt: skip


def mutate(sql: str, random: Random) -> str:
    """The query after one to three changes at token borders."""
    tokens = _TOKEN.findall(sql)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(tokens) + 1)
        other = random.randrange(len(tokens) + 1)
        pick = random.random()
        if pick < 0.5:
            tokens[place:place] = [" ", random.choice(_TRICKS), " "]
        elif pick < 0.65:
            tokens[place : place + random.randint(1, 3)] = []
        elif pick < 0.75:
            tokens[place:place] = tokens[other : other + random.randint(1, 6)]
        elif pick < 0.9 and place < len(tokens):
            tokens[place] = random.choice(_TRICKS)
        elif place < len(tokens) and other < len(tokens):
            tokens[place], tokens[other] = tokens[other], tokens[place]
    return "".join(tokens)

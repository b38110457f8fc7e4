"""Random queries that mean something: typed expressions over every shape a table can stand in."""

import re
from dataclasses import dataclass
from random import Random

from atlas.sql import Table
from tests.sql.policy_worlds import COLUMNS

Columns = dict[str, str]
STAR = re.compile(r"SELECT (\w+\.)?\*")
JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "JOIN", "LEFT JOIN"]
_LITERALS = {
    "int": ["0", "1", "2", "3"],
    "text": ["'acme'", "'o''ha\\ra'", "'m1'", "'x'"],
    "numeric": ["1.5", "2"],
    "boolean": ["TRUE", "FALSE"],
    "date": ["DATE '2026-01-02'"],
    "uuid": ["CAST('00000000-0000-0000-0000-000000000001' AS uuid)"],
}


def quote(name: str) -> str:
    """The name as it must be written."""
    return name if name.isidentifier() and name == name.lower() else f'"{name}"'


@dataclass(frozen=True)
class Source:
    """What stands in FROM: how it is referred to and what it has."""

    name: str
    columns: tuple[tuple[str, str], ...]


class Maker:
    """Writes one query over the tables; every name it uses is in scope."""

    def __init__(self, random: Random, tables: list[Table]) -> None:
        self.random = random
        self.tables = tables
        self.number = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def alias(self) -> str:
        self.number += 1
        return f"t{self.number}"

    def statement(self) -> str:
        """A whole query, ordered and cut in some cases."""
        text, columns = self.query(0, [], {})
        # A star may give more columns than are counted here, and equal rows come in any order.
        if self.chance(0.25) and not STAR.search(text):
            order = ", ".join(str(at + 1) for at in range(len(columns)))
            text = f"SELECT * FROM ({text}) AS ordered ORDER BY {order} LIMIT 4 OFFSET 1"
        return text

    def query(self, depth: int, outer: list[Source], ctes: dict[str, Columns]):
        """The text of a query and the types of its columns."""
        pick = self.random.random()
        if depth < 2 and pick < 0.18:
            return self.with_query(depth, ctes)
        if depth < 2 and pick < 0.3:
            return self.set_operation(depth, outer, ctes)
        return self.select(depth, outer, ctes)

    def with_query(self, depth: int, ctes: dict[str, Columns]):
        if self.chance(0.15):
            return self.recursive(ctes)
        name = self.random.choice([*(t.name for t in self.tables), "extra"])
        word = "WITH" if self.chance(0.8) else "WITH RECURSIVE"
        seen = ctes if word == "WITH" else {k: v for k, v in ctes.items() if k != name}
        if word != "WITH" and any(t.name == name for t in self.tables):
            name = "extra"
        body, columns = self.named_select(depth + 1, seen)
        hint = self.random.choice(["", "", " MATERIALIZED", " NOT MATERIALIZED"])
        inner = {**ctes, name: dict(columns)}
        text, found = self.select(depth + 1, [], inner, must=name)
        return f"{word} {quote(name)} AS{hint} ({body}) {text}", found

    def recursive(self, ctes: dict[str, Columns]):
        table = self.random.choice(self.tables)
        place = f"{table.schema}.{quote(table.name)}"
        text = (
            f"WITH RECURSIVE tree(id, level) AS (SELECT id, 1 FROM {place} WHERE ref = 1"
            f" UNION ALL SELECT c.id, tree.level + 1 FROM {place} AS c JOIN tree ON c.ref = tree.id"
            " WHERE tree.level < 3) SELECT id, level FROM tree"
        )
        return text, [("id", "int"), ("level", "int")]

    def named_select(self, depth: int, ctes: dict[str, Columns], outer=()):
        """A query whose columns all have names of their own."""
        sources, clause = self.from_clause(depth, list(outer), ctes)
        items, columns = [], []
        for at in range(self.random.randint(2, 4)):
            kind = ["int", "text"][at] if at < 2 else self.random.choice(list(_LITERALS))
            name = ["id", "tenant", "ref", "extra"][at] if self.chance(0.5) else f"c{at}"
            items.append(f"{self.value(kind, depth + 1, [*outer, *sources], ctes)} AS {name}")
            columns.append((name, kind))
        text = (
            f"SELECT {', '.join(items)} FROM {clause}{self.where(depth, [*outer, *sources], ctes)}"
        )
        return text, columns

    def set_operation(self, depth: int, outer: list[Source], ctes: dict[str, Columns]):
        kinds = [self.random.choice(["int", "text", "boolean"]) for _ in range(2)]
        parts = []
        for _ in range(self.random.choice([2, 2, 3])):
            sources, clause = self.from_clause(depth + 1, outer, ctes)
            scope = [*outer, *sources]
            items = [
                f"{self.value(k, depth + 1, scope, ctes)} AS u{n}" for n, k in enumerate(kinds)
            ]
            where = self.where(depth + 1, scope, ctes)
            parts.append(f"SELECT {', '.join(items)} FROM {clause}{where}")
        words = ["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL", "INTERSECT ALL"]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.random.choice(words)} {part}"
        return text, [(f"u{n}", kind) for n, kind in enumerate(kinds)]

    def select(self, depth: int, outer: list[Source], ctes: dict[str, Columns], must: str = ""):
        sources, clause = self.from_clause(depth, outer, ctes, must)
        scope = [*outer, *sources]
        where = self.where(depth, scope, ctes)
        pick = self.random.random()
        if pick < 0.3:
            return self.grouped(depth, sources, outer, clause, where, ctes)
        if pick < 0.4 and "NATURAL" not in clause and "USING" not in clause:
            return self.starred(sources, clause, where)
        if pick < 0.45:
            return self.distinct_on(depth, scope, clause, where, ctes)
        items, columns = [], []
        for at in range(self.random.randint(1, 3)):
            kind = self.random.choice(["int", "text", "text", "int", *_LITERALS])
            text = self.value(kind, depth, scope, ctes)
            if self.chance(0.2):
                text, kind = self.window(depth, scope, ctes), "int"
            name = f"x{at}"
            items.append(f"{text} AS {name}")
            columns.append((name, kind))
        distinct = "DISTINCT " if self.chance(0.15) else ""
        return f"SELECT {distinct}{', '.join(items)} FROM {clause}{where}", columns

    def starred(self, sources: list[Source], clause: str, where: str):
        one = self.random.choice(sources)
        text, chosen = ("*", sources) if self.chance(0.6) else (f"{one.name}.*", [one])
        columns = [(name, kind) for source in chosen for name, kind in source.columns]
        return f"SELECT {text} FROM {clause}{where}", columns

    def distinct_on(self, depth, scope, clause, where, ctes):
        kinds = [self.random.choice(list(_LITERALS)) for _ in range(3)]
        items = [self.value(kind, depth + 1, scope, ctes) for kind in kinds]
        named = ", ".join(f"{item} AS d{at}" for at, item in enumerate(items))
        text = f"SELECT DISTINCT ON (d0) {named} FROM {clause}{where} ORDER BY d0, 2, 3"
        return f"SELECT d0, d1, d2 FROM ({text}) AS firsts", [
            (f"d{at}", kind) for at, kind in enumerate(kinds)
        ]

    def grouped(self, depth, sources, outer, clause, where, ctes):
        scope = [*outer, *sources]
        keys = [
            self.value(k, 9, sources, ctes)
            for k in ("text", self.random.choice(["int", "boolean"]))
        ]
        keys = keys[: self.random.randint(0, 2)]
        items = [f"{key} AS k{at}" for at, key in enumerate(keys)]
        columns = [(f"k{at}", "text") for at in range(len(keys))]
        for at in range(self.random.randint(1, 2)):
            items.append(f"{self.aggregate(depth, scope, sources, ctes)} AS a{at}")
            columns.append((f"a{at}", "other"))
        text = f"SELECT {', '.join(items)} FROM {clause}{where}"
        if keys:
            listed = ", ".join(keys)
            forms = [listed, listed, f"ROLLUP ({listed})", f"CUBE ({listed})"]
            forms.append(f"GROUPING SETS (({listed}), ())")
            text += f" GROUP BY {self.random.choice(forms)}"
        if self.chance(0.3):
            text += f" HAVING COUNT(*) > ({self.scalar('int', depth + 1, outer, ctes)}) - 3"
        return text, columns

    def aggregate(self, depth, scope, sources, ctes) -> str:
        call = self.random.choice(
            ["COUNT(*)", "COUNT", "SUM", "MIN", "MAX", "STRING_AGG", "BOOL_OR"]
        )
        if call == "COUNT(*)":
            text = call
        elif call == "STRING_AGG":
            value = self.value("text", 9, sources, ctes)
            text = f"STRING_AGG({value}, ',' ORDER BY {value})"
        elif call == "BOOL_OR":
            text = f"BOOL_OR({self.condition(9, sources, ctes)})"
        else:
            kind = "int" if call == "SUM" else self.random.choice(["int", "text"])
            distinct = self.random.choice(["", "", "DISTINCT "])
            text = f"{call}({distinct}{self.value(kind, 9, sources, ctes)})"
        if self.chance(0.25):
            text += f" FILTER (WHERE {self.condition(depth + 1, sources, ctes)})"
        return text

    def window(self, depth, scope, ctes) -> str:
        call = self.random.choice(["RANK()", "COUNT(*)", "DENSE_RANK()"])
        part = f"PARTITION BY {self.value('text', 9, scope, ctes)} " if self.chance(0.5) else ""
        return f"{call} OVER ({part}ORDER BY {self.value('int', 9, scope, ctes)})"

    def where(self, depth, scope, ctes) -> str:
        return f" WHERE {self.condition(depth, scope, ctes)}" if self.chance(0.6) else ""

    def from_clause(self, depth, outer, ctes, must: str = ""):
        text, source = self.source(depth, outer, ctes, [], must)
        sources = [source]
        for _ in range(self.random.choice([0, 0, 1, 1, 1, 2])):
            text = self.join(text, depth, outer, ctes, sources)
        return sources, text

    def join(self, text, depth, outer, ctes, sources: list[Source]) -> str:
        pick = self.random.random()
        if pick < 0.12:
            lateral, source = self.lateral(depth, outer, ctes, sources)
            sources.append(source)
            word = self.random.choice([",", " CROSS JOIN", " LEFT JOIN"])
            tail = " ON TRUE" if word == " LEFT JOIN" else ""
            return f"{text}{word} LATERAL ({lateral}) AS {source.name}{tail}"
        right, source = self.source(depth, outer, ctes, sources, "")
        left = sources[-1]
        sources.append(source)
        if pick < 0.25:
            return f"{text}{self.random.choice([',', ' CROSS JOIN'])} {right}"
        shared = [c for c, _ in left.columns if c in dict(source.columns)]
        alone = len(sources) == 2 and shared
        if alone and pick < 0.33 and len(set(shared)) == len(shared):
            return f"{text} NATURAL {self.random.choice(['JOIN', 'LEFT JOIN'])} {right}"
        if alone and pick < 0.45:
            kind = self.random.choice([*JOINS, "FULL JOIN"])
            return f"{text} {kind} {right} USING ({quote(self.random.choice(shared))})"
        if pick < 0.6:
            one, two = self.column("int", [left]), self.column("int", [source])
            kind = self.random.choice([*JOINS, "FULL JOIN"])
            return f"{text} {kind} {right} ON {one} = {two}"
        condition = self.condition(depth + 1, [*outer, left, source], ctes)
        return f"{text} {self.random.choice(JOINS)} {right} ON {condition}"

    def lateral(self, depth, outer, ctes, sources):
        text, columns = self.named_select(depth + 1, ctes, [*outer, *sources])
        return text, Source(self.alias(), tuple(columns))

    def source(self, depth, outer, ctes, beside, must):
        pick = self.random.random()
        if must:
            alias = self.alias()
            return f"{quote(must)} AS {alias}", Source(alias, tuple(ctes[must].items()))
        if depth < 2 and pick < 0.12:
            text, columns = self.named_select(depth + 1, ctes)
            alias = self.alias()
            return f"({text}) AS {alias}", Source(alias, tuple(columns))
        if pick < 0.16:
            alias = self.alias()
            text = f"(VALUES (1, 'acme'), (2, 'zeta')) AS {alias}(id, tenant)"
            return text, Source(alias, (("id", "int"), ("tenant", "text")))
        if depth < 2 and pick < 0.2:
            return self.in_parentheses()
        return self.stored(ctes, beside)

    def in_parentheses(self):
        """A join in parentheses under a name of its own is rare; one side is a table."""
        table = self.random.choice(self.tables)
        alias, other = self.alias(), self.alias()
        place = f"{table.schema}.{quote(table.name)}"
        text = f"({place} AS {alias} CROSS JOIN (VALUES (1), (2)) AS {other}(n))"
        return text, Source(alias, self.columns_of(table))

    def columns_of(self, table: Table) -> tuple[tuple[str, str], ...]:
        return tuple((name, COLUMNS[name]) for name in table.columns or ())

    def stored(self, ctes, beside):
        table = self.random.choice(self.tables)
        bare = table.schema == "shop" and table.name not in ctes and self.chance(0.4)
        place = quote(table.name) if bare else f"{table.schema}.{quote(table.name)}"
        taken = {source.name for source in beside}
        if self.chance(0.3) and quote(table.name) not in taken:
            name = quote(table.name)
            full = f"{table.schema}.{name}"
            if self.chance(0.15) and full not in taken and not bare:
                name = full
            if not any(one.rpartition(".")[2] == name.rpartition(".")[2] for one in taken):
                return place, Source(name, self.columns_of(table))
        alias = self.alias()
        sample = " TABLESAMPLE BERNOULLI (60) REPEATABLE (7)" if self.can_sample(table) else ""
        return f"{place} AS {alias}{sample}", Source(alias, self.columns_of(table))

    def can_sample(self, table: Table) -> bool:
        return table.name != "live" and self.chance(0.04)

    def column(self, kind: str, scope: list[Source]) -> str:
        found = [(s.name, c) for s in scope for c, k in s.columns if k == kind]
        if not found:
            return self.random.choice(_LITERALS[kind])
        nearest = found[-6:] if self.chance(0.5) else found
        source, name = self.random.choice(nearest)
        return f"{source}.{quote(name)}"

    def scalar(self, kind: str, depth, outer, ctes) -> str:
        sources, clause = self.from_clause(depth + 1, outer, ctes)
        scope = [*outer, *sources]
        call = {"int": "COUNT", "boolean": "BOOL_OR"}.get(kind, "MAX")
        value = self.column({"uuid": "text"}.get(kind, kind), sources)
        text = f"SELECT {call}({value}) FROM {clause}{self.where(depth + 1, scope, ctes)}"
        return f"{text}" if kind != "uuid" else f"SELECT NULL::uuid FROM {clause} LIMIT 1"

    def value(self, kind: str, depth: int, scope: list[Source], ctes) -> str:
        pick = self.random.random()
        if pick < 0.55 or (depth > 3 and pick < 0.8):
            return self.column(kind, scope)
        if pick < 0.62:
            return self.random.choice(_LITERALS[kind])
        if pick < 0.72 and depth < 3:
            return f"({self.scalar(kind, depth + 1, scope, ctes)})"
        if pick < 0.8 and depth < 3:
            test = self.condition(depth + 1, scope, ctes)
            one, two = self.column(kind, scope), self.random.choice(_LITERALS[kind])
            return f"CASE WHEN {test} THEN {one} ELSE {two} END"
        return self.call(kind, scope)

    def call(self, kind: str, scope: list[Source]) -> str:
        one, two = self.column(kind, scope), self.column(kind, scope)
        if kind == "text":
            forms = [
                f"UPPER({one})",
                f"({one} || {two})",
                f"CAST({self.column('int', scope)} AS text)",
            ]
        elif kind in ("int", "numeric"):
            forms = [f"({one} + {two})", f"ABS({one})", f"LENGTH({self.column('text', scope)})"]
        else:
            forms = [one]
        return self.random.choice([*forms, f"COALESCE({one}, {two})"])

    def condition(self, depth: int, scope: list[Source], ctes) -> str:
        pick = self.random.random()
        if depth < 3 and pick < 0.12:
            word = self.random.choice(["EXISTS", "NOT EXISTS"])
            sources, clause = self.from_clause(depth + 1, scope, ctes)
            return (
                f"{word} (SELECT 1 FROM {clause}{self.where(depth + 1, [*scope, *sources], ctes)})"
            )
        if depth < 3 and pick < 0.24:
            return self.quantified(depth, scope, ctes)
        if pick < 0.4:
            word = self.random.choice(["AND", "OR", "OR"])
            one, two = (
                self.condition(depth + 1, scope, ctes),
                self.condition(depth + 1, scope, ctes),
            )
            return self.random.choice([f"{one} {word} {two}", f"NOT ({one} {word} {two})"])
        kind = self.random.choice(["int", "text", "int", *_LITERALS])
        one, two = (
            self.value(kind, depth + 1, scope, ctes),
            self.value(kind, depth + 1, scope, ctes),
        )
        if pick < 0.5:
            return f"{one} IS {self.random.choice(['', 'NOT '])}NULL"
        if pick < 0.55:
            return f"{one} IS NOT DISTINCT FROM {two}"
        return f"{one} {self.random.choice(['=', '=', '<', '>=', '<>'])} {two}"

    def quantified(self, depth, scope, ctes) -> str:
        kind = self.random.choice(["int", "text"])
        sources, clause = self.from_clause(depth + 1, scope, ctes)
        where = self.where(depth + 1, sources, ctes)
        inner = f"SELECT {self.column(kind, sources)} FROM {clause}{where}"
        word = self.random.choice(["IN", "NOT IN", "= ANY", "<> ALL", "> ALL", "< ANY"])
        if self.chance(0.15):
            word, inner = "= ANY", f"ARRAY({inner})"
        return f"{self.column(kind, scope)} {word} ({inner})"

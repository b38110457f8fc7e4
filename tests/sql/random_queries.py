"""Random queries over the test company, honest and hostile names mixed."""

from random import Random

TABLES = {
    "orders": "id customer_id status total note ordered_on",
    "customers": "id name country city",
    "employees": "id name manager_id",
    "products": "id name category price",
    "order_lines": "order_id product_id quantity",
    "sales.events": "id user_id kind at",
    "secrets": "id secret",
    "public.customers": "id name email",
    "audit.orders": "id secret",
}
_LIKELY = ["orders", "customers", "employees", "products", "order_lines", "sales.events"]
_ALIASES = ["o", "c", "t", "x", "orders", "margin", "email", "secret", "name", "id", "salary"]
_HIDDEN = ["margin", "email", "salary", "cost", "price", "secret", "name", "ctid"]
_CALLS = ["upper({}::text)", "coalesce({}, {})", "to_json({})", "count({})", "max({})", "({})"]


class Writer:
    """Writes one query; what is in scope is only guessed, so that many names are wrong."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ctes: list[str] = []
        self.names: list[str] = ["id", "total", "name"]
        self.sources: list[str] = []
        self.columns: dict[str, list[str]] = {}

    def query(self, depth: int = 0) -> str:
        """A query with up to three levels of nesting."""
        pick = self.random.random()
        if depth < 2 and pick < 0.2:
            return self.with_query(depth)
        if depth < 2 and pick < 0.3:
            word = self.random.choice(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"])
            return f"{self.select(depth + 1, 1)} {word} {self.select(depth + 1, 1)}"
        return self.select(depth, self.random.randint(1, 3))

    def with_query(self, depth: int) -> str:
        name = self.random.choice([*_ALIASES, "secrets", "customers"])
        columns = self.random.choice(["", "", "(id)", "(margin)"])
        word = self.random.choice(["WITH", "WITH", "WITH RECURSIVE"])
        body = self.query(depth + 1)
        self.ctes.append(name)
        return f"{word} {name}{columns} AS ({body}) {self.select(depth, 2)}"

    def select(self, depth: int, width: int) -> str:
        kept = self.names, self.sources
        self.names, self.sources = list(self.names), list(self.sources)
        source = self.from_clause(depth)
        items = ", ".join(self.item(depth) for _ in range(width))
        text = f"SELECT {items} FROM {source}"
        if self.random.random() < 0.5:
            text += f" WHERE {self.condition(depth)}"
        if self.random.random() < 0.2:
            text += f" GROUP BY {self.column()}"
        if self.random.random() < 0.3:
            text += f" ORDER BY {self.column()}"
        self.names, self.sources = kept
        return text

    def from_clause(self, depth: int) -> str:
        text = self.source(depth)
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            text += self.join(depth)
        return text

    def join(self, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.3:
            return f", {self.source(depth)}"
        if pick < 0.4:
            return f" NATURAL JOIN {self.source(depth)}"
        kind = self.random.choice(["JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN"])
        source = self.source(depth)
        if pick < 0.6:
            return f" {kind} {source} USING ({self.random.choice(['id', 'name', 'margin'])})"
        return f" {kind} {source} ON {self.condition(depth)}"

    def source(self, depth: int) -> str:
        pick = self.random.random()
        alias = self.random.choice(_ALIASES)
        if depth < 2 and pick < 0.15:
            lateral = self.random.choice(["", "LATERAL "])
            text = f"{lateral}({self.query(depth + 1)}) AS {alias}"
        elif depth < 2 and pick < 0.22:
            text = f"({self.source(depth + 1)} CROSS JOIN {self.source(depth + 1)})"
        elif pick < 0.28:
            text = f"generate_series(1, 3) AS {alias}"
        elif pick < 0.33:
            text = f"(VALUES (1, 'a')) AS {alias}(id, margin)"
        elif self.ctes and pick < 0.5:
            text, alias = self.random.choice(self.ctes), ""
        else:
            return self.stored(alias)
        if alias:
            self.sources.append(alias)
        return text

    def stored(self, alias: str) -> str:
        names = _LIKELY if self.random.random() < 0.9 else list(TABLES)
        name = self.random.choice(names)
        self.names.extend(TABLES[name].split())
        if self.random.random() < 0.4:
            alias = name.rpartition(".")[2]
            self.sources.append(alias)
            self.columns[alias] = TABLES[name].split()
            return name
        self.sources.append(alias)
        self.columns[alias] = TABLES[name].split()
        return f"{name} AS {alias}"

    def column(self) -> str:
        pick = self.random.random()
        name = self.random.choice(_HIDDEN if pick < 0.15 else self.names)
        if self.sources and pick < 0.6:
            source = self.random.choice(self.sources)
            known = self.columns.get(source)
            if known and pick > 0.1:
                name = self.random.choice(known)
            return f"{source}.{name}"
        if self.sources and pick > 0.95:
            return self.random.choice(self.sources)
        return name

    def item(self, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.1:
            return "*"
        if pick < 0.15 and self.sources:
            return f"{self.random.choice(self.sources)}.*"
        text = self.column()
        if pick < 0.3:
            text = self.random.choice(_CALLS).replace("{}", text)
        elif pick < 0.4 and depth < 2:
            text = f"({self.query(depth + 1)})"
        if self.random.random() < 0.3:
            text += f" AS {self.random.choice(_ALIASES)}"
        return text

    def condition(self, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.2 and depth < 2:
            return f"EXISTS ({self.query(depth + 1)})"
        if pick < 0.3:
            return "TRUE"
        return f"{self.column()}::text = {self.column()}::text"

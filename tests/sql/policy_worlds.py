"""Random little databases with row policies, once for Atlas and once as PostgreSQL's own."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from atlas.sql import Catalog, Table
from atlas.sql.policies.rows import Condition, RowPolicies, RowPolicy

ROLE = "fuzz_tenant"
TENANTS = ["acme", "zeta", "o'ha\\ra", "Acme ", ""]
COLUMNS = {
    "id": "int",
    "tenant": "text",
    "name": "text",
    "ref": "int",
    "amount": "numeric",
    "flag": "boolean",
    "made": "date",
    "code": "uuid",
    "Mixed Name": "text",
    "twice": "int",
}
_CODES = [f"00000000-0000-0000-0000-00000000000{n}" for n in range(4)]
_CLAIMS: dict[str, tuple[str, list[Any]]] = {
    "tenant": ("text", TENANTS[:4]),
    "ref": ("integer", [1, 2, 3]),
    "flag": ("boolean", [True, False]),
    "code": ("uuid", _CODES),
}
_PLACES = ["shop.orders", "shop.customers", "shop.items", "side.orders", 'shop."Notes"']
_KINDS = ["plain", "plain", "plain", "partitioned", "inherited"]


@dataclass
class World:
    """Statements that build a database, and the same policies in the two forms."""

    statements: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    policies: RowPolicies = field(default_factory=RowPolicies)
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        return Catalog(tuple(self.tables), "shop")


def build(random: Random) -> World:
    """A world of three to five tables, some of them with policies."""
    world = World()
    for place in random.sample(_PLACES, random.randint(3, 5)):
        _table(world, place, random)
    for column, (_, values) in _CLAIMS.items():
        value = random.choice(values)
        several = random.sample(values, random.randint(1, 2))
        world.claims[column] = several if random.random() < 0.4 else value
    policies, is_any = [], random.random() < 0.4
    native: dict[str, list[str]] = {}
    for number in range(random.randint(1, 4)):
        table = random.choice(world.tables)
        columns = random.sample(sorted(_CLAIMS), random.choice([1, 1, 2]))
        kinds = [(c, _CLAIMS[c][0] if random.random() < 0.5 else None) for c in columns]
        policies.append(
            RowPolicy(
                f"policy {number}",
                (random.choice([table.name, table.full_name]),),
                conditions=tuple(Condition(c, c, kind) for c, kind in kinds),  # type: ignore[arg-type]  # a word of Kind
            )
        )
        test = " AND ".join(_native(column, world.claims[column]) for column in columns)
        for other in world.tables:
            if policies[-1].covers(other):
                native.setdefault(_quoted(other), []).append(f"({test})")
    world.policies = RowPolicies(tuple(policies), "or" if is_any else "and")
    for name, tests in native.items():
        joined = (" OR " if is_any else " AND ").join(tests)
        world.statements.append(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        world.statements.append(f"CREATE POLICY p ON {name} TO {ROLE} USING ({joined})")
    _view(world, random)
    return world


def _table(world: World, place: str, random: Random) -> None:
    schema, _, name = place.partition(".")
    optional = [c for c in COLUMNS if c not in ("id", *_CLAIMS)]
    columns = ["id", *_CLAIMS, *random.sample(optional, random.randint(2, len(optional)))]
    kind = random.choice(_KINDS)
    key = " PRIMARY KEY" if kind == "plain" else ""
    parts = [f'"{c}" {COLUMNS[c]}' + _extra(c, key) for c in columns]
    tail = " PARTITION BY LIST (flag)" if kind == "partitioned" else ""
    world.statements.append(f"CREATE TABLE {place} ({', '.join(parts)}){tail}")
    if kind == "partitioned":
        for value in ("true", "false, NULL"):
            world.statements.append(
                f"CREATE TABLE {schema}.part_{name.strip(chr(34))}_{value[0]} PARTITION OF {place}"
                f" FOR VALUES IN ({value})"
            )
    written = [c for c in columns if c != "twice"]
    targets = [place]
    if kind == "inherited":
        child = f"{schema}.child_{name.strip(chr(34))}"
        world.statements.append(f"CREATE TABLE {child} () INHERITS ({place})")
        targets.append(child)
    listed = ", ".join(f'"{c}"' for c in written)
    for number in range(random.randint(3, 11)):
        row = ", ".join(_value(c, number, place, random) for c in written)
        world.statements.append(f"INSERT INTO {random.choice(targets)} ({listed}) VALUES ({row})")
    world.tables.append(Table(schema, name.strip('"'), tuple(columns)))


def _extra(column: str, key: str) -> str:
    if column == "twice":
        return " GENERATED ALWAYS AS (ref * 2) STORED"
    return key if column == "id" else ""


def _value(column: str, number: int, place: str, random: Random) -> str:
    fixed = {"id": str(number), "name": f"'row {place} {number} of it'"}
    if column in fixed:
        return fixed[column]
    return "NULL" if random.random() < 0.12 else _random_value(column, random)


def _random_value(column: str, random: Random) -> str:
    if column == "tenant":
        return _text(random.choice(TENANTS))
    if column == "made":
        return f"DATE '2026-01-0{random.randint(1, 4)}'"
    if column == "code":
        return f"'{random.choice(_CODES)}'"
    if column == "flag":
        return random.choice(["true", "false"])
    if column == "Mixed Name":
        return f"'m{random.randint(1, 3)}'"
    return str(random.randint(1, 4))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _native(column: str, claim: Any) -> str:
    """PostgreSQL's own spelling of the test, written without looking at ours."""
    values = claim if isinstance(claim, list) else [claim]
    spelled = [_text(v) if isinstance(v, str) else str(v).lower() for v in values]
    return f'"{column}" = ANY (ARRAY[{", ".join(spelled)}]::{COLUMNS[column]}[])'


def _quoted(table: Table) -> str:
    return f'{table.schema}."{table.name}"'


def _view(world: World, random: Random) -> None:
    """A view with the rights of who asks; a policy of Atlas must name it beside its table."""
    if random.random() < 0.7:
        return
    base = random.choice(world.tables)
    covering = world.policies.covering(base)
    world.statements.append(
        f"CREATE VIEW shop.live WITH (security_invoker = true) AS SELECT * FROM {_quoted(base)}"
    )
    world.tables.append(Table("shop", "live", base.columns))
    world.policies = RowPolicies(
        tuple(
            RowPolicy(p.name, (*p.tables, "shop.live"), conditions=p.conditions)
            if p in covering
            else p
            for p in world.policies.policies
        ),
        world.policies.combine,
    )

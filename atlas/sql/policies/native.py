"""Row policies as PostgreSQL's own row security: the statements that install them; pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.sql.policies.claims import Value
from atlas.sql.policies.rows import Condition, PolicyError, RowPolicies, RowPolicy
from atlas.sql.types import Table

ROWS = "atlas_rows"
OTHERS = "atlas_others"


@dataclass(frozen=True, slots=True)
class NativePolicy:
    """The condition that rows of a table must pass, and the SHA-256 that it is known by."""

    table: str
    condition: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.condition.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is on a table already: row security, by Atlas or not, and a policy of Atlas's."""

    is_secured: bool
    is_ours: bool
    has_policy: bool


def native_policy(
    policies: RowPolicies, table: Table, types: Mapping[str, str]
) -> NativePolicy | None:
    """The policies that cover the table as one condition; None where none does.

    `types` are those of the table's columns as a cast writes them. Raises PolicyError for a column
    that the table does not have.
    """
    covering = policies.covering(table)
    if not covering:
        return None
    groups = [_group(policy, table, types) for policy in covering]
    if policies.combine == "and":
        condition = " AND ".join(dict.fromkeys(test for group in groups for test in group))
    else:
        condition = " OR ".join(f"({' AND '.join(group)})" for group in groups)
    return NativePolicy(table.full_name, condition)


def install_statements(policy: NativePolicy, login: str, standing: Standing) -> list[str]:
    """What the owner of the table runs, in one transaction.

    Only what the login reads is limited: where row security was off, everybody else goes on as
    before.
    """
    table = _quoted_table(policy.table)
    statements = []
    if not standing.is_secured:
        statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    if not standing.is_secured and not standing.is_ours:
        statements.append(
            f"CREATE POLICY {OTHERS} ON {table} FOR ALL TO PUBLIC USING (true) WITH CHECK (true)"
        )
    if standing.has_policy:
        statements.append(f"DROP POLICY {ROWS} ON {table}")
    statements.append(
        f"CREATE POLICY {ROWS} ON {table} AS RESTRICTIVE FOR SELECT TO {quoted(login)}\n"
        f"  USING ({policy.condition})"
    )
    statements.append(_comment(policy, table))
    return statements


def remove_statements(name: str, standing: Standing) -> list[str]:
    """What takes Atlas's policy away from a table that no policy covers any more."""
    if not standing.has_policy:
        return []
    table = _quoted_table(name)
    statements = [f"DROP POLICY {ROWS} ON {table}"]
    if standing.is_ours:
        statements += [
            f"DROP POLICY {OTHERS} ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]
    return statements


def claim_texts(claims: Mapping[str, Iterable[Value]]) -> dict[str, tuple[str, ...]]:
    """The values of claims as the texts that the conditions cast to the types of columns."""
    return {path: tuple(map(_text, values)) for path, values in claims.items()}


def quoted(name: str) -> str:
    """A name of a column, table or login as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _group(policy: RowPolicy, table: Table, types: Mapping[str, str]) -> list[str]:
    return [_test(condition, table, types) for condition in policy.all_conditions()]


def _test(condition: Condition, table: Table, types: Mapping[str, str]) -> str:
    column = _column(condition, table, types)
    claim = condition.claim.replace("'", "''")
    # Without a setting the cast fails, without the claim in it there is no value to equal.
    told = f"current_setting('atlas.claims')::jsonb -> '{claim}'"
    values = f"ARRAY(SELECT jsonb_array_elements_text({told}))::{types[column]}[]"
    return f"{quoted(column)} = ANY ({values})"


def _column(condition: Condition, table: Table, types: Mapping[str, str]) -> str:
    if condition.column in types:
        return condition.column
    alike = [name for name in types if name.lower() == condition.column.lower()]
    if len(alike) == 1:
        return alike[0]
    raise PolicyError(f"The table {table.full_name} has no column {condition.column}.")


def _comment(policy: NativePolicy, table: str) -> str:
    """Keep what was installed beside it, so that any later change of it shows."""
    place = table.replace("'", "''")
    found = f"polrelid = '{place}'::regclass AND polname = '{ROWS}'"
    comment = f"COMMENT ON POLICY {ROWS} ON {place} IS %L"
    body = f"'{comment}', 'atlas:{policy.digest}:' || md5(polqual::text)"
    chosen = f"FROM pg_policy WHERE {found}"
    return f"DO $atlas$ BEGIN EXECUTE (\n  SELECT format({body})\n  {chosen}\n); END $atlas$"


def _quoted_table(full_name: str) -> str:
    schema, _, name = full_name.rpartition(".")
    return f"{quoted(schema)}.{quoted(name)}" if schema else quoted(name)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

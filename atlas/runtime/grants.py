"""The SQL that separates the app's login from the owner's, as statements and as a script."""

from collections.abc import Iterable, Mapping, Sequence

from psycopg import sql

TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE")
BY_DEFAULT = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
GRANTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "GRANT {privileges} ON ALL TABLES IN SCHEMA public TO {app}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
    BY_DEFAULT + " GRANT {privileges} ON TABLES TO {app}",
    BY_DEFAULT + " GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)
HARDEN = (
    "DO $$ BEGIN CREATE ROLE {app} LOGIN PASSWORD 'put a long random password here';"
    " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    "ALTER ROLE {app} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {database} TO {owner}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
)

Restrictions = Mapping[str, Iterable[str]]
"""Table name to the privileges the app has on it, for tables where it has not all of them."""


def grant_statements(
    *, app: str, owner: str, database: str, restrictions: Restrictions | None = None
) -> list[sql.Composed]:
    """Let `app` use what `owner` made and will make, and change no table; run as owner.

    Running it again changes nothing, except that `restrictions` are applied anew.
    """
    names = _names(app, owner, database)
    statements = [sql.SQL(text).format(**names) for text in GRANTS]
    for table, privileges in (restrictions or {}).items():
        statements += _restrict(table, tuple(privileges), names)
    return statements


def harden_script(
    *, app: str, owner: str, database: str, restrictions: Restrictions | None = None
) -> str:
    """A psql script for an administrator that makes the second login on a database with one."""
    names = _names(app, owner, database)
    statements: Sequence[sql.Composed] = [
        *(sql.SQL(text).format(**names) for text in HARDEN),
        *grant_statements(app=app, owner=owner, database=database, restrictions=restrictions),
    ]
    lines = "".join(f"{statement.as_string(None)};\n" for statement in statements)
    return f"BEGIN;\n{lines}COMMIT;\n"


def _restrict(
    table: str, privileges: tuple[str, ...], names: Mapping[str, sql.Composable]
) -> list[sql.Composed]:
    unknown = set(privileges) - set(TABLE_PRIVILEGES)
    if unknown:
        raise ValueError(f"{table}: unknown privileges {sorted(unknown)}")
    named = {**names, "table": sql.Identifier(table)}
    statements = [sql.SQL("REVOKE ALL ON {table} FROM {app}").format(**named)]
    if privileges:
        named["some"] = sql.SQL(", ".join(privileges))
        statements.append(sql.SQL("GRANT {some} ON {table} TO {app}").format(**named))
    return statements


def _names(app: str, owner: str, database: str) -> dict[str, sql.Composable]:
    return {
        "app": sql.Identifier(app),
        "owner": sql.Identifier(owner),
        "database": sql.Identifier(database),
        "privileges": sql.SQL(", ".join(TABLE_PRIVILEGES)),
    }

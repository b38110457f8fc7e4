"""What manage.py does around Django: starts the local PostgreSQL when a command needs it."""

import atexit
import gc
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from atlas.common.errors import AtlasError
from atlas.env import Environment, environment
from atlas.runtime.signals import leave_on_signals

# These turn the collector on again by themselves, when everything is up.
SERVING = frozenset({"serve", "web", "worker"})
WITHOUT_DATABASE = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "db",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "sql",
        "startapp",
        "startproject",
        "test",
        "version",
    }
)
# These use Atlas's tables; others can do without them, or look by themselves.
ASKING = frozenset(
    {
        "audit_erase",
        "audit_export",
        "audit_prune",
        "audit_verify",
        "datasource",
        "plugin",
        "semantic",
        "setup_secret",
    }
)
PLUGIN_WORDS_WITHOUT_DATABASE = frozenset({"add", "check", "create"})


def execute(arguments: Sequence[str]) -> None:
    """Run a management command; errors that people can cure are printed as one sentence."""
    leave_on_signals()
    if command_of(arguments) in SERVING:
        # Starting makes hundreds of thousands of objects that all stay: looking for others among
        # them again and again takes a seventh of the start.
        gc.disable()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - slow; --help must work without it

    try:
        if needs_database(arguments):
            start_local_postgres(environment())
        if asks_database(arguments):
            _check_database()
        execute_from_command_line(list(arguments))
    except AtlasError as error:
        sys.exit(f"Error: {error.user_message}")
    except ValidationError as error:
        sys.exit(_explain(error))
    except Exception as error:
        from atlas.runtime.explaining import sentence_of  # noqa: PLC0415 - the driver is slow to import

        if sentence := sentence_of(error):
            sys.exit(f"Error: {sentence}")
        raise


def needs_database(arguments: Sequence[str]) -> bool:
    """Whether the command line names a command that talks to Atlas's database."""
    asks_for_help = any(argument in ("-h", "--help", "--version") for argument in arguments[1:])
    return not asks_for_help and command_of(arguments) not in WITHOUT_DATABASE


def asks_database(arguments: Sequence[str]) -> bool:
    """Whether the command line is of no use unless the database answers and is migrated."""
    words = set(arguments[2:3])
    return (
        needs_database(arguments)
        and command_of(arguments) in ASKING
        and not (command_of(arguments) == "plugin" and words & PLUGIN_WORDS_WITHOUT_DATABASE)
    )


def command_of(arguments: Sequence[str]) -> str:
    """The name of the command that a command line asks for."""
    return arguments[1] if len(arguments) > 1 else "help"


def start_local_postgres(env: Environment) -> None:
    """Start the local PostgreSQL where it is used, until the last process that uses it ends.

    With DATABASE_URL it is used only for demo data that was put there.
    """
    from atlas.runtime.databases import local_postgres  # noqa: PLC0415 - slow driver, unused with DATABASE_URL
    from atlas.runtime.logins import prepare_local  # noqa: PLC0415 - slow driver, see DATABASE_URL

    if env.database_url is not None and not (env.data_dir / "postgres").exists():
        return
    local = local_postgres(env)
    atexit.register(local.release)
    local.start()
    if env.database_url is None:
        prepare_local(local)


def _check_database() -> None:
    """Say in one sentence what is wrong, before a pool tries for its whole patience."""
    import django  # noqa: PLC0415 - slow; only some commands need it

    from atlas.runtime.schema import check_database  # noqa: PLC0415 - needs what it compares with: the models

    django.setup()
    check_database(environment())


def _explain(error: ValidationError) -> str:
    problems = (
        f"{detail['loc'][0]}: {detail['msg']}" for detail in error.errors() if detail["loc"]
    )
    return "Error: the environment has values that cannot be used. " + "; ".join(problems)

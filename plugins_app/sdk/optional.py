"""Import of an optional driver with an error that says what to do."""

import importlib
from types import ModuleType

from plugins_app.sdk.errors import BrokenDriverError, MissingDriverError


def require(module: str, hint: str) -> ModuleType:
    """Import a module, or say how to install it, or say that the installed one is broken.

    `hint` is the exact command, for example `pip install "psycopg[binary]"`.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and _is_part_of(module, error.name):
            missing = MissingDriverError(
                f"The package {module} is not installed. Install it with: {hint}"
            )
            missing.command = hint
            raise missing from None
        raise _broken(
            f"{module} is installed but needs {error.name}, which is missing", hint
        ) from error
    except ImportError as error:
        raise _broken(f"{module} is installed but cannot be imported: {error}", hint) from error


def _broken(what: str, hint: str) -> BrokenDriverError:
    error = BrokenDriverError(f"The package {what}. Install it again with: {hint}")
    error.command = hint
    return error


def _is_part_of(module: str, missing: str) -> bool:
    return module == missing or module.startswith(f"{missing}.")

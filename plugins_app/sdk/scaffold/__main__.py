"""`python -m plugins_app.sdk.scaffold NAME --type T`: a new stand-alone plugin."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins_app.sdk.plugin import PLUGIN_TYPES
from plugins_app.sdk.scaffold.naming import ScaffoldError
from plugins_app.sdk.scaffold.writing import write_standalone


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the plugin and say what to do next; 1 when nothing was written."""
    parser = argparse.ArgumentParser(prog="python -m plugins_app.sdk.scaffold", description=__doc__)
    parser.add_argument("name", help="the folder to make, such as my-datasource")
    parser.add_argument("--type", required=True, choices=PLUGIN_TYPES, help="what it extends")
    parser.add_argument("--to", type=Path, default=Path(), help="where the folder is made")
    given = parser.parse_args(arguments)
    try:
        folder = write_standalone(given.to, given.name, given.type)
    except ScaffoldError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{folder} is ready. Run its tests with:\n"
        f"cd {folder} && pip install --group dev . && pytest\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

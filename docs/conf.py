"""Sphinx's settings; `make docs` builds with warnings as errors."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import errors  # noqa: E402  # found through the line above
import plugin_tables  # noqa: E402  # found through that line too

project = "Atlas for Django"
author = "The Atlas contributors"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
exclude_patterns = ["_build", "generated"]
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_preserve_defaults = True
# Several classes have a field named `type`, which the built-in of that name is taken for.
suppress_warnings = ["ref.python"]

# Made anew at each build, so that the page lists what the code says.
GENERATED = HERE / "generated"
GENERATED.mkdir(exist_ok=True)
(GENERATED / "errors.md").write_text(errors.tables() + "\n")
(GENERATED / "plugin_options.md").write_text(plugin_tables.options() + "\n")
(GENERATED / "plugin_deadlines.md").write_text(plugin_tables.deadlines() + "\n")

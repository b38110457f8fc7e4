"""Sphinx's settings; `make docs` builds with warnings as errors."""

project = "Atlas for Django"
author = "The Atlas contributors"
extensions = ["myst_parser"]
html_theme = "furo"
exclude_patterns = ["_build"]

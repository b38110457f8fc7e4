#!/usr/bin/env python
"""Runs Atlas's management commands; `manage.py help` lists them."""

import os
import sys

from atlas.runtime.command_line import execute

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atlas.settings")  # noqa: TID251 - Django asks for it
    execute(sys.argv)

"""Imports the whole product in a parent that has the environment of its children already.

Twisted's reactor is left to each child: it owns an event loop.
"""

import importlib

import django

django.setup()
for _name in (
    "atlas.boot",
    "atlas.management.commands.web",
    "atlas.management.commands.worker",
    "atlas.serving.server",
    "atlas.urls",
    "atlas.working",
):
    importlib.import_module(_name)

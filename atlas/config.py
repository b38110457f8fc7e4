"""The operator's file: which plugins run, which datasource is asked, and what is allowed.

Point ATLAS_CONFIG at a copy of this file to connect your own database. As it stands it serves the
demo where `manage.py demo` has prepared it.
"""

from typing import Any

from approvals.policies import Policy
from atlas.datasources.limits import Limits
from atlas.demo import place
from atlas.demo.outbox import outbox_port
from atlas.env import environment
from atlas.sql.policies.masks import Masks
from atlas.sql.policies.rows import RowPolicies
from atlas.sql.policies.sensitive import SensitiveQueries
from plugins_app.builtin.glossary import glossary
from plugins_app.builtin.postgres import postgres
from plugins_app.builtin.ticket import ticket
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.reference.email import email
from plugins_app.sdk import Plugin

_env = environment()

plugins: list[Plugin[Any]] = [virtual_shell(), ticket()]
default_datasource = "demo"
semantic_dir = place.SEMANTIC_DIR
approvals = Policy()
# What one query may take and how many run at once in all processes, for example
# Limits(max_rows=5000, timeout_ms=60_000, parallel_per_person=2).
limits = Limits()
# Which rows each person sees, told by claims that admins write down; docs/row-policies.md.
row_policies = RowPolicies()
# Which columns a role sees only in part, for example
# Masks((Mask(("customers",), ("email",), "partial", plain_for=("admin",)),)).
masks = Masks()
# Which queries somebody must approve before they run, for example
# SensitiveQueries((SensitiveQuery("pay", ("salaries",)), SensitiveQuery("dear", cost=1e6))).
sensitive_queries = SensitiveQueries()

if place.is_on(_env):
    plugins.append(postgres(url=place.reader_url(_env), id="demo"))
    plugins.append(glossary(path=str(place.GLOSSARY_FILE)))
    port = outbox_port(place.outbox_dir(_env))
    if port is not None:
        plugins.append(
            email(
                host="127.0.0.1",
                port=port,
                sender="atlas@example.com",
                allowed_domains=["example.com"],
                starttls=False,
            )
        )

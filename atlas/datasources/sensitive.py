"""Policies for sensitive queries in force in this process, and the version of all of its rules."""

import hashlib
import json
from dataclasses import asdict

from atlas.common.operators_file import chosen
from atlas.datasources.masking import masks
from atlas.datasources.row_policies import row_policies
from atlas.sql.policies.sensitive import SensitiveQueries

_sensitive = SensitiveQueries()


def sensitive_queries() -> SensitiveQueries:
    """The policies for sensitive queries in force in this process."""
    return _sensitive


def set_sensitive_queries(wanted: SensitiveQueries) -> None:
    """Put other policies in force; called once at start, before any query."""
    global _sensitive
    _sensitive = wanted


def chosen_sensitive_queries(module: object) -> SensitiveQueries:
    """The `sensitive_queries` of the operator's file; raises AtlasError for anything else."""
    return chosen(module, "sensitive_queries", SensitiveQueries())


def policy_version() -> str:
    """A hash that changes with every policy an approval of a query was given under."""
    said = [asdict(_sensitive), asdict(row_policies()), asdict(masks())]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

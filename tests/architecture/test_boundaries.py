"""Where async meets the ORM, what may be imported, and that no migration is missing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
# The ORM's async methods all begin with "a"; these names are not used for anything else here.
ASYNC_ORM = {
    "aget", "acreate", "afirst", "alast", "acount", "aexists", "aupdate", "adelete",
    "asave", "aget_or_create", "aupdate_or_create", "abulk_create", "aiterator", "arefresh_from_db",
}  # fmt: skip


def test_async_code_reaches_the_orm_only_through_in_db() -> None:
    found = []
    for folder in ("atlas", "approvals", "plugins_app"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in ASYNC_ORM:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}")
                if isinstance(node, ast.Name) and node.id == "sync_to_async":
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} sync_to_async")
    assert found == []


def test_imports_follow_the_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

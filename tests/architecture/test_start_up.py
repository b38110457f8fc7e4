"""The start-up budget: what no page waits for is not imported before pages are answered."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATE = {
    "anthropic",
    "approvals.execution.executor",
    "atlas.agent",
    "atlas.analyst",
    "atlas.datasources.reloading",
    "atlas.notices.courier",
    "atlas.runner",
    "atlas.semantic.layer",
    "atlas.semantic.loader",
    "atlas.working",
    "bashkit",
    "duckdb",
    "httpx",
    "markdown_it",
    "nh3",
    "numpy",
    "openai",
    "plugins_app.builtin",
    "plugins_app.local",
    "plugins_app.reference",
    "pydantic_ai",
    "pygments",
    "sqlglot",
    "xlsxwriter",
    "yaml",
}
PAGES = """
import sys
import django
django.setup()
import atlas.management.commands.serve
import atlas.serving.web
from django.urls import resolve, reverse
resolve(reverse("accounts:login"))
print("\\n".join(sys.modules))
"""


def test_pages_are_answered_without_what_only_answers_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PAGES],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "DJANGO_SETTINGS_MODULE": "atlas.settings",
            "ATLAS_DATA_DIR": str(tmp_path),
        },
        check=True,
    )

    imported = set(done.stdout.split())

    assert imported & LATE == set()
    assert {"atlas.boot", "atlas.chat.views", "atlas.asgi"} <= imported

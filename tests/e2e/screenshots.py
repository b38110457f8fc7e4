"""Pictures of the product in every state: `python -m tests.e2e.screenshots DIR [SCENE ...]`.

A demo of its own is made with a fixed date and seed, people use it in a headless Chromium, and
each state is written as a PNG in four looks. Without names every scene is played.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.conftest import AS_OF, PATIENCE_MS, chromium_options, running_demo
from tests.e2e.scenes import SCENES
from tests.e2e.studio import Studio

# What the documentation shows, and under which name when it is another one.
SHOWN = {
    "chat": "chat",
    "chat-dark": "chat-dark",
    "chat-360": "chat-360",
    "chat-360-dark": "chat-360-dark",
    "chat-table": "chat-table",
    "chat-receipt": "chat-receipt",
    "chat-empty": "chat-empty",
    "chat-refusal": "chat-refusal",
    "chat-clarify": "chat-clarify",
    "chat-working": "chat-working",
    "chat-failed": "chat-failed",
    "chat-interrupted": "chat-interrupted",
    "card-not-yours": "card",
    "card-pending": "card-pending",
    "card-pending-dark": "card-pending-dark",
    "card-pending-360": "card-pending-360",
    "card-of-another": "card-admin",
    "card-reject": "card-reject",
    "card-executing": "card-executing",
    "card-executed": "card-executed",
    "card-failed": "card-failed",
    "card-unknown": "card-unknown",
    "card-rejected": "card-rejected",
    "card-expired": "card-expired",
    "card-lapsed": "card-lapsed",
    "card-withdrawn": "card-withdrawn",
    "card-superseded": "card-superseded",
    "card-change": "card-change",
    "card-change-wrong": "card-change-wrong",
    "card-changed": "card-changed",
    "card-changed-in-chat": "card-changed-in-chat",
    "card-undo": "card-undo",
    "people": "people",
    "rule-editor": "rule-editor",
    "rules": "rules",
    "explanation": "explanation",
    "halt": "halt",
    "halt-admin": "halt-admin",
    "queue": "queue",
    "queue-dark": "queue-dark",
    "queue-360": "queue-360",
    "queue-empty": "queue-empty",
    "queue-selected": "queue-selected",
    "queue-keys": "queue-keys",
    "profile": "profile",
    "api-keys": "api-keys",
    "login": "login",
    "error-404": "error-404",
    "admin": "admin",
    "admin-dark": "admin-dark",
    "admin-plugins": "admin-plugins",
    "admin-plugin": "admin-plugin",
    "admin-users": "admin-users",
    "admin-runs": "admin-runs",
}
SEED = "1"


@contextmanager
def started_browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        yield browser
        browser.close()


def take(folder: Path, names: list[str]) -> None:
    """Play the scenes of these names, in the order in which they build on each other."""
    with (
        tempfile.TemporaryDirectory() as place,
        running_demo(Path(place) / "data", "--as-of", AS_OF, "--seed", SEED) as demo,
        started_browser() as browser,
    ):
        studio = Studio(browser, demo, folder)
        for name, play in SCENES.items():
            if not names or name in names:
                play(studio)


def keep(folder: Path, docs: Path) -> None:
    """Copy the pictures that the documentation shows, as far as they were taken."""
    for name, shown_as in SHOWN.items():
        picture = folder / f"{name}.png"
        if picture.exists():
            shutil.copyfile(picture, docs / f"{shown_as}.png")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", type=Path, help="also copy those that the documentation shows")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    wanted = parser.parse_args(arguments)
    unknown = set(wanted.scenes) - set(SCENES)
    if unknown:
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    wanted.folder.mkdir(parents=True, exist_ok=True)
    take(wanted.folder, wanted.scenes)
    if wanted.docs:
        keep(wanted.folder, wanted.docs)


if __name__ == "__main__":
    main(sys.argv[1:])

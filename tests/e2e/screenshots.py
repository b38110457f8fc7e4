"""Pictures of the product in every state: `python -m tests.e2e.screenshots DIR [SCENE ...]`.

A demo of its own is made with a fixed date and seed, people use it in a headless Chromium, and
each state is written as a PNG in four looks. Without names every scene is played.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.conftest import PATIENCE_MS, chromium_options, running_demo
from tests.e2e.scenes import SCENES
from tests.e2e.studio import Studio

AS_OF = "2026-11-23"
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


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    wanted = parser.parse_args(arguments)
    unknown = set(wanted.scenes) - set(SCENES)
    if unknown:
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    wanted.folder.mkdir(parents=True, exist_ok=True)
    take(wanted.folder, wanted.scenes)


if __name__ == "__main__":
    main(sys.argv[1:])

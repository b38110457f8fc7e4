"""Promises about static files: a new name for new content, and nothing to do without a change."""

import re

import pytest
from django.templatetags.static import static

from atlas.runtime.static_files import collect

HASHED = re.compile(r"\.[0-9a-f]{12}\.(js|css|svg)$")
BACKEND = {"staticfiles": {"BACKEND": "atlas.runtime.static_files.StaticFiles"}}


@pytest.fixture
def root(settings, tmp_path):
    source = tmp_path / "source"
    (source / "atlas" / "js").mkdir(parents=True)
    (source / "atlas" / "js" / "one.js").write_text(
        'import { a } from "./two.js";\nimport "./two.js";'
    )
    (source / "atlas" / "js" / "two.js").write_text("export const a = 1;")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    settings.STORAGES = {**settings.STORAGES, **BACKEND}
    return source


def test_names_follow_the_content(root, settings):
    assert collect()
    first = static("atlas/js/one.js")
    assert HASHED.search(first)

    (root / "atlas" / "js" / "two.js").write_text("export const a = 22;")

    assert collect()
    second = static("atlas/js/one.js")
    assert HASHED.search(second)
    assert second != first


def test_modules_import_each_other_by_their_new_names(root, settings):
    collect()

    text = (settings.STATIC_ROOT / static("atlas/js/one.js").removeprefix("/static/")).read_text()

    two = static("atlas/js/two.js").rpartition("/")[2]
    assert text == f'import {{ a }} from "./{two}";\nimport "./{two}";'


def test_nothing_is_done_twice(root):
    assert [collect(), collect()] == [True, False]


def test_before_files_are_collected_plain_names_are_given(root):
    assert static("atlas/js/one.js") == "/static/atlas/js/one.js"

"""Promises about static files: a new name for new content, and nothing to do without a change."""

import re

import pytest
from django.http import HttpResponseNotFound
from django.templatetags.static import static
from django.test import RequestFactory

from atlas.runtime.static_files import StaticMiddleware, collect

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
    (source / "atlas" / "js" / "long.js").write_text("export const long = 1;\n" * 200)
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


def head(middleware, address, **headers):
    return middleware(RequestFactory().head(address, headers=headers))


def test_a_file_under_its_new_name_is_kept_for_ever_and_comes_compressed(root):
    collect()
    middleware = StaticMiddleware(lambda _request: HttpResponseNotFound())

    answer = head(middleware, static("atlas/js/long.js"), accept_encoding="gzip")

    assert answer.status_code == 200
    assert "immutable" in answer["cache-control"]
    assert answer["content-encoding"] == "gzip"
    assert head(middleware, "/static/atlas/js/long.js")["cache-control"] == "max-age=60, public"


def test_a_file_that_comes_later_is_found_then(root):
    middleware = StaticMiddleware(lambda _request: HttpResponseNotFound())
    found = [head(middleware, "/static/atlas/js/three.js").status_code]
    (root / "atlas" / "js" / "three.js").write_text("export const b = 1;")
    found += [head(middleware, "/static/atlas/js/three.js").status_code for _ in range(2)]

    assert found == [404, 200, 200]


@pytest.mark.parametrize(
    "address",
    ["/static/", "/static/atlas", "/static/../secret", "/static/%2e%2e/secret", "/secret"],
)
def test_nothing_but_static_files_is_served(root, settings, address):
    collect()
    (settings.STATIC_ROOT.parent / "secret").write_text("key")
    middleware = StaticMiddleware(lambda _request: HttpResponseNotFound())

    assert head(middleware, address).status_code == 404

"""require() tells a package that is not installed from one that is broken."""

import sys

import pytest

from plugins_app.sdk import BrokenDriverError, MissingDriverError, require

HINT = 'pip install "somedriver"'


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name, source):
        (tmp_path / f"{name}.py").write_text(source)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return name

    return make


def test_require_returns_the_module(package):
    assert require(package("gooddriver", "answer = 42"), HINT).answer == 42


def test_require_says_how_to_install_what_is_missing():
    with pytest.raises(MissingDriverError) as caught:
        require("nosuchdriver", HINT)
    assert str(caught.value) == (
        f"The package nosuchdriver is not installed. Install it with: {HINT}"
    )


def test_require_says_that_the_parent_is_missing_for_a_submodule():
    with pytest.raises(MissingDriverError):
        require("nosuchdriver.client", HINT)


def test_require_names_the_missing_part_of_a_broken_package(package):
    with pytest.raises(BrokenDriverError, match="installed but needs nosuchpart, which is missing"):
        require(package("partdriver", "import nosuchpart"), HINT)


def test_require_reports_a_package_that_cannot_be_imported(package):
    with pytest.raises(BrokenDriverError, match="cannot be imported: wrong binary"):
        require(package("baddriver", "raise ImportError('wrong binary')"), HINT)

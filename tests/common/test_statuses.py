"""Promises about statuses: each code of the product has one, the same wherever it is said."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.common.errors import AtlasError, BadInput, NotAllowed, NotFound
from atlas.common.statuses import BY_CODE, status_of

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("atlas", "approvals", "plugins_app/host")
KINDS = {kind.__name__: kind for kind in (AtlasError, BadInput, NotAllowed, NotFound)}
# All that the product raises and what is answered; every other code answers 409.
STATUSES = {
    400: {
        "bad_arguments",
        "bad_frame",
        "bad_input",
        "frame_too_large",
        "idempotency_key_reused",
        "last_admin",
        "refused_by_action",
        "unknown_action",
    },
    403: {"not_allowed"},
    404: {"not_found"},
    413: {"payload_too_large", "too_large"},
    429: {"too_many_running"},
    502: {"plugin_failed"},
    503: {"busy", "plugin_unavailable", "plugins_not_running", "too_many_queries"},
    504: {"plugin_timeout"},
}


class Raised:
    """What the source says of errors: their classes, and the codes that are given to them."""

    def __init__(self) -> None:
        self.bases = {name: name for name in KINDS}
        self.given: set[tuple[str, str]] = set()
        trees = [ast.parse(path.read_text()) for path in sources()]
        # Twice, since a class may be read before what it is derived from.
        for tree in trees * 2:
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self._defined(node)
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    self._called(node)

    def _defined(self, node: ast.ClassDef) -> None:
        named = [getattr(base, "id", "") for base in node.bases]
        kinds = [self.bases[name] for name in named if name in self.bases]
        if kinds and node.name not in KINDS:
            self.bases[node.name] = kinds[0]
        for line in node.body if node.name in self.bases else []:
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "code":
                self.given.add((node.name, ast.literal_eval(line.value)))

    def _called(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", "")
        for word in node.keywords:
            if name in self.bases and word.arg == "code" and isinstance(word.value, ast.Constant):
                self.given.add((name, word.value.value))

    def errors(self) -> Iterator[AtlasError]:
        for name, code in sorted(self.given):
            yield KINDS[self.bases[name]]("Said.", code=code)


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_every_code_of_the_product_has_the_status_that_is_written_here() -> None:
    found: dict[int, set[str]] = {}
    for error in Raised().errors():
        found.setdefault(int(status_of(error)), set()).add(error.code)

    by_state = found.pop(409)
    assert found == STATUSES
    assert {"conflict", "expired", "halted", "limit_reached"} <= by_state
    assert len(by_state) > 40


def test_the_map_knows_no_code_that_nobody_raises() -> None:
    assert set(BY_CODE) <= {error.code for error in Raised().errors()}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AtlasError("It was too late.", code="too_late"), 409),
        (BadInput("Write a number."), 400),
        (BadInput("Send less.", code="too_large"), 413),
        (NotAllowed("Ask an admin."), 403),
        (NotFound("There is no such thing."), 404),
    ],
)
def test_the_code_counts_first_and_then_the_kind(error: AtlasError, status: int) -> None:
    assert status_of(error) == status


def test_there_is_one_map() -> None:
    maps = [path for path in sources() if "isinstance(error, NotAllowed)" in path.read_text()]
    maps += [path for path in sources() if "(BadInput, HTTPStatus" in path.read_text()]
    assert maps == [ROOT / "atlas" / "common" / "statuses.py"]

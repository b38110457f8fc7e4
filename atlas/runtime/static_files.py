"""Static files under names that change with their content, so that browsers keep them for ever."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.middleware import (  # type: ignore[import-untyped] # it has no types
    WhiteNoiseMiddleware,
)
from whitenoise.storage import (  # type: ignore[import-untyped] # it has no types
    CompressedManifestStaticFilesStorage,
)

from atlas.runtime.locks import exclusive

# Changed when files are to be collected anew although none of them changed.
FORMAT = 1
_IMPORT = (r"""(?P<matched>import\s*['"](?P<url>[./].*?)["']\s*;)""", 'import "%(url)s";')
_IMPORT_FROM = (
    r"""(?P<matched>import(?P<names>\s*\{[^}]*\})\s*from\s*['"](?P<url>[./].*?)["']\s*;)""",
    'import%(names)s from "%(url)s";',
)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it has no types
    """Names with a hash, and compressed copies; our own modules import each other by such names.

    Until files were collected, as in a shell or a test, the plain names are given.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("atlas/js/*.js", (_IMPORT, _IMPORT_FROM)),
    )

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file of this name."""
        return str(super().url(name, force)) if self.hashed_files else f"{self.base_url}{name}"


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc] # it has no types
    """Serves static files, and keeps what it found out about each that was asked for."""

    def find_file(self, url: str) -> Any:
        """The file at an address, or None."""
        if url not in self.files:
            found = super().find_file(url)
            if found is None:
                return None
            self.files[url] = found
        return self.files[url]


def collect() -> bool:
    """Bring the collected files up to date; returns whether there was anything to do.

    Several processes do it one after another. Files of an earlier version stay, for pages that
    were opened before.
    """
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    mark = root / "collected"
    with exclusive(root.with_suffix(".lock")):
        found = _fingerprint()
        if mark.exists() and mark.read_text() == found:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(found)
        return True


def _fingerprint() -> str:
    """Changes when any source file is added, removed or written."""
    parts: list[Any] = [FORMAT]
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            parts.append((path, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(sorted(map(str, parts))).encode()).hexdigest()

"""The semantic layer in force: the newest stored version of each datasource."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError, NotFound
from atlas.datasources.models import SemanticVersion
from atlas.semantic.layer import SemanticLayer

MOST_KEPT = 8

_NEWEST = """
SELECT id FROM datasources_semanticversion
WHERE datasource = %(datasource)s OR %(datasource)s IS NULL
ORDER BY id DESC LIMIT 1
"""


class NoLayer(AtlasError):
    """No layer was ever loaded for the datasource."""

    code = "no_semantic_layer"


class LayerVersion(NamedTuple):
    """A stored layer and the number of its row."""

    version_id: int
    layer: SemanticLayer


_parsed: OrderedDict[int, SemanticLayer] = OrderedDict()
_lock = Lock()


def current_layer(datasource: str) -> LayerVersion:
    """The layer in force for `datasource`; raises NoLayer when there is none.

    One look at an index each time, so that no process ever uses an old layer; the layer itself
    is read and parsed once per process and version.
    """
    newest = _newest(datasource)
    if newest is None:
        raise NoLayer(
            _(
                "There is no semantic layer for the datasource “%(name)s”. "
                "Run manage.py semantic check, then manage.py semantic reload."
            )
            % {"name": datasource}
        )
    return LayerVersion(newest, layer_of(newest))


def newest_layer() -> SemanticLayer | None:
    """The layer that was loaded last, of whichever datasource; None without any."""
    return layer_in_force("")


def layer_in_force(datasource: str) -> SemanticLayer | None:
    """The newest layer of `datasource`, "" for whichever; None without any."""
    newest = _newest(datasource or None)
    return None if newest is None else layer_of(newest)


def needed_layer(datasource: str) -> SemanticLayer:
    """The same for whoever can do nothing without one; raises `NotFound`."""
    layer = layer_in_force(datasource)
    if layer is None:
        raise NotFound(
            _("There is no semantic layer for this datasource. Ask an admin to load one.")
        )
    return layer


def layer_of(version_id: int) -> SemanticLayer:
    """The layer of a version, in force or not: a run keeps the one it started with."""
    with _lock:
        if version_id in _parsed:
            _parsed.move_to_end(version_id)
            return _parsed[version_id]
    try:
        text = SemanticVersion.objects.values_list("layer", flat=True).get(pk=version_id)
    except SemanticVersion.DoesNotExist:
        message = _("This version of the semantic layer is gone. Ask the question again.")
        raise NoLayer(message) from None
    layer = SemanticLayer.model_validate(text)
    with _lock:
        _parsed[version_id] = layer
        while len(_parsed) > MOST_KEPT:
            _parsed.popitem(last=False)
    return layer


def _newest(datasource: str | None) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"datasource": datasource})
        newest = cursor.fetchone()
    return None if newest is None else int(newest[0])

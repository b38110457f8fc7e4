"""The sections of `manage.py validate --offline`: what can be told from files alone."""

from collections.abc import Iterator

from atlas.datasources.layer_folder import layer_folder
from atlas.env import environment
from atlas.management.doctor import configuration_section
from atlas.runtime.diagnosis import Finding, Section, failed, passed, warned
from atlas.semantic.loader import load_layer
from plugins_app.host import loading
from plugins_app.host.registration import refuse_unsound
from plugins_app.sdk.grading import failed_rules, grade_of


def sections() -> dict[str, Section]:
    """The sections by title; none of them connects to anything."""
    return {
        "Configuration": configuration_section,
        "Plugins": plugins_section,
        "Semantic layer": semantic_section,
    }


def plugins_section() -> Iterator[Finding]:
    """Each plugin can be made from its options, has the right shape, and an id of its own."""
    loaded = loading.load(environment().config)
    for problem in loaded.problems:
        yield warned("Package", problem, "Repair or remove the package.")
    refuse_unsound(loaded.plugins)
    for plugin in loaded.plugins:
        missing = failed_rules(plugin)
        grade = f"{plugin.version}, {', '.join(plugin.types) or 'waits'}, grade {grade_of(plugin)}"
        yield passed(plugin.id, f"{grade}; next: {missing[0].asks}" if missing else grade)


def semantic_section() -> Iterator[Finding]:
    """The files of the semantic layer can be read and fit together."""
    folder = layer_folder(environment())
    if not folder.path.is_dir():
        where = f"{folder.path} ({folder.named_by})"
        yield failed("Files", f"{where} is not there", "Name the folder in ATLAS_SEMANTIC_DIR.")
        return
    layer = load_layer(folder.path)
    yield passed("Files", f"{len(layer.entities)} entities in {folder.path}")

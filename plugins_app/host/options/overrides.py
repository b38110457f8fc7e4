"""Configuration that operators store: versions in the database, secrets encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from django.db import connection, transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Secret, SecretStr

from atlas.audit.events import AuditEvent
from atlas.audit.record import Actor, record
from atlas.common.errors import NotFound
from atlas.common.redaction import MASK
from plugins_app.host.models import PluginConfigVersion
from plugins_app.host.options import vault
from plugins_app.host.options.secrets import redacted
from plugins_app.host.upkeep import notices, repairs
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import Plugin

SECRETS = "secrets"


@dataclass(frozen=True)
class Stored:
    """The options of one version, secrets in plain text, so it is never shown."""

    number: int
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Change:
    """One option that differs between two versions; a secret is masked on both sides."""

    name: str
    before: Any
    after: Any


def secret_fields(model: object) -> frozenset[str]:
    """Return the names of a configuration model's options that are secrets."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return frozenset()
    return frozenset(
        name for name, info in model.model_fields.items() if _is_secret(info.annotation)
    )


def latest() -> dict[str, Stored]:
    """Return the version in force of every plugin that has one.

    A version whose secrets cannot be read is left out, and a repair says so.
    """
    rows = PluginConfigVersion.objects.order_by("plugin_id", "-number").distinct("plugin_id")
    found: dict[str, Stored] = {}
    for row in rows:
        try:
            found[row.plugin_id] = unpacked(row)
        except vault.SecretUnreadable as error:
            cure = _("Give this process the key again, or enter the secret anew.")
            lost = [Repair("secrets", error.user_message, cure, button=repairs.OPTIONS)]
            repairs.replace(row.plugin_id, SECRETS, lost)
        else:
            repairs.replace(row.plugin_id, SECRETS, [])
    return found


def unpacked(row: PluginConfigVersion) -> Stored:
    """Return a version with its secrets in plain text."""
    plain = {name: vault.decrypt(token) for name, token in row.secrets.items()}
    return Stored(row.number, {**row.options, **plain})


def save(plugin: Plugin[Any], values: Mapping[str, Any], *, by: Actor) -> int:
    """Write a new version, tell every process, and record which options changed by name."""
    secrets = secret_fields(plugin.origin.model if plugin.origin else None)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"config {plugin.id}"])
        last = PluginConfigVersion.objects.filter(plugin_id=plugin.id).order_by("-number").first()
        before = unpacked(last).values if last else {}
        row = PluginConfigVersion.objects.create(
            plugin_id=plugin.id,
            number=(last.number if last else 0) + 1,
            options={name: value for name, value in values.items() if name not in secrets},
            secrets={name: vault.encrypt(str(values[name])) for name in secrets & values.keys()},
            changed_by=by.get_username(),
        )
        changed = sorted(n for n in {*before, *values} if before.get(n) != values.get(n))
        record(
            AuditEvent.PLUGIN_CONFIGURED,
            actor=by,
            subject=f"plugin {plugin.id}",
            body={"version": row.number, "changed": changed},
        )
        notices.announce(notices.SETTINGS, plugin.id)
    return row.number


def revert(plugin: Plugin[Any], number: int, *, by: Actor) -> int:
    """Write a new version that says what an earlier one said; raises `NotFound`."""
    return save(plugin, values_of(plugin.id, number), by=by)


def values_of(plugin_id: str, number: int) -> Mapping[str, Any]:
    """Return the options of one version, secrets in plain text; raises `NotFound`."""
    return unpacked(_version(plugin_id, number)).values


def difference(plugin: Plugin[Any], first: int, second: int) -> list[Change]:
    """Return what differs between two versions, secrets masked; 0 is before the first one."""
    before = values_of(plugin.id, first) if first else {}
    after = values_of(plugin.id, second)
    secrets = secret_fields(plugin.origin.model if plugin.origin else None)
    return [
        Change(name, *(_shown(name, one, name in secrets) for one in (before, after)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _shown(name: str, values: Mapping[str, Any], is_secret: bool) -> Any:
    value = values.get(name)
    return MASK if is_secret and value is not None else redacted(name, value)


def _version(plugin_id: str, number: int) -> PluginConfigVersion:
    row = PluginConfigVersion.objects.filter(plugin_id=plugin_id, number=number).first()
    if row is None:
        raise NotFound(_("There is no such version any more. Load the page again."))
    return row


def _is_secret(annotation: Any) -> bool:
    inner = [annotation, *get_args(annotation)]
    return any(isinstance(one, type) and issubclass(one, SecretStr | Secret) for one in inner)

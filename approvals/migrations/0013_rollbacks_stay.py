"""Refuses to go back to tables that cannot hold the requests to roll back that exist."""

from django.core.management.base import CommandError
from django.db import migrations


def keep_rollbacks(apps, schema_editor):
    requests = apps.get_model("approvals", "ActionRequest").objects
    count = requests.using(schema_editor.connection.alias).filter(kind="rollback").count()
    if count:
        raise CommandError(
            f"Nothing was changed: there are requests to roll another one back ({count}), and the "
            "tables of an earlier version have no place for what they undo. To go back to one, "
            "restore the backup that was made before the upgrade."
        )


class Migration(migrations.Migration):
    dependencies = [("approvals", "0012_passed_by_rule")]

    operations = [migrations.RunPython(migrations.RunPython.noop, keep_rollbacks)]

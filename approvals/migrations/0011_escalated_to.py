"""The groups that were asked one after the other because nobody decided."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0010_rollback_requests")]

    operations = [
        migrations.AddField(
            model_name="actionrequest",
            name="escalated_to",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]

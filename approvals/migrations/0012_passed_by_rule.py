"""The requests that passed by each allow rule, to be counted without reading all others."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    dependencies = [("approvals", "0011_escalated_to")]

    operations = [
        migrations.AddIndex(
            model_name="actionrequest",
            index=models.Index(
                KeyTransform("id", KeyTransform("allow_rule", "policy")),
                condition=models.Q(("mode", "auto")),
                name="request_passed_by_rule",
            ),
        ),
    ]

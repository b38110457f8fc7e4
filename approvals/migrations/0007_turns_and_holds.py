"""Whose turn it is among groups that decide in steps, and how long what is approved is held."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0006_standing_in")]

    operations = [
        migrations.AddField(
            model_name="actionrequest",
            name="turn",
            field=models.CharField(db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="held_because",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="held_until",
            field=models.DateTimeField(null=True),
        ),
    ]

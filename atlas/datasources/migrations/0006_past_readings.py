"""Remembers what results of a conversation were made of when the results themselves are gone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0005_no_notice"),
        ("datasources", "0005_result_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen", models.JSONField()),
                ("digest", models.CharField(max_length=32)),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conversation", "digest"), name="past_reading_once"
                    )
                ],
            },
        ),
    ]

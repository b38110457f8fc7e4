from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0004_run_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="runevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("step", "Step"),
                    ("text", "Text"),
                    ("result", "Result"),
                    ("request", "Request"),
                    ("ask", "Ask"),
                    ("refuse", "Refuse"),
                    ("suggest", "Suggest"),
                    ("checkpoint", "Checkpoint"),
                    ("done", "Done"),
                    ("stopped", "Stopped"),
                    ("failed", "Failed"),
                    ("interrupted", "Interrupted"),
                ],
                max_length=12,
            ),
        ),
    ]

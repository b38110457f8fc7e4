"""Which way the question of a run came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_run_untrusted")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="origin",
            field=models.CharField(
                choices=[("chat", "Chat"), ("api", "Api"), ("plugin", "Plugin")],
                db_default="chat",
                default="chat",
                max_length=8,
            ),
        ),
    ]

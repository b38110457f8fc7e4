"""Remembers what runs were given; of older runs nobody knows, so they count as untrusted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [
        migrations.AddField("run", "untrusted", models.BooleanField(default=True)),
        migrations.AlterField("run", "untrusted", models.BooleanField(default=False)),
    ]

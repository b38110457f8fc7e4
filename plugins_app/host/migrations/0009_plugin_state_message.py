from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plugins", "0008_repair_seen_at"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pluginstate",
            name="message",
            field=models.TextField(blank=True, verbose_name="last report"),
        ),
    ]

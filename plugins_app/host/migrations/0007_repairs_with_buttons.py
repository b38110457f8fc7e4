from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plugins", "0006_plugin_lease"),
    ]

    operations = [
        migrations.AddField(
            model_name="pluginrepair",
            name="command",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="command"),
        ),
        migrations.AddField(
            model_name="pluginrepair",
            name="button",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=20, verbose_name="button"
            ),
        ),
        migrations.AlterField(
            model_name="pluginrepair",
            name="plugin_id",
            field=models.CharField(blank=True, max_length=64, verbose_name="plugin"),
        ),
    ]

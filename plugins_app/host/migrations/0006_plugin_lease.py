from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plugins", "0005_plugin_state_config_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="PluginLease",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="name"
                    ),
                ),
                ("owner", models.CharField(max_length=160, verbose_name="held by")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "lease",
                "verbose_name_plural": "leases",
            },
        ),
    ]

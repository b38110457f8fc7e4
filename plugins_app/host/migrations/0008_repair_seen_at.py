import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plugins", "0007_repairs_with_buttons"),
    ]

    operations = [
        migrations.AddField(
            model_name="pluginrepair",
            name="seen_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="last seen"
            ),
        ),
    ]

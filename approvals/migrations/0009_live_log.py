"""What an action says while it is carried out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0008_allow_rules")]

    operations = [
        migrations.AddField(
            model_name="actionrequest",
            name="log",
            field=models.TextField(db_default="", default=""),
        ),
    ]

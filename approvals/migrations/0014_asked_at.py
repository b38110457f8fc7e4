from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0013_rollbacks_stay"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="actionrequest",
            index=models.Index(fields=["created_at"], name="request_asked"),
        ),
    ]

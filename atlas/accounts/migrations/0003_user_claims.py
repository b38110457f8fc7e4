from django.db import migrations, models

import atlas.accounts.claims


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_key_scopes"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="claims",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text=(
                    "What row policies compare rows with, as a JSON object, such as"
                    ' {"tenant": "acme"}.'
                ),
                validators=[atlas.accounts.claims.check_claims],
                verbose_name="claims",
            ),
        ),
    ]

"""Who said what a cited source is, so that a machine does not say otherwise."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_seats")]

    operations = [
        migrations.AddField(
            model_name="sourcenode",
            name="resolved_rule",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="sourcenode",
            name="resolved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sourcenode",
            name="resolved_at",
            field=models.DateTimeField(null=True),
        ),
    ]

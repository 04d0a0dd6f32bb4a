"""The passages an article shares with another, beside what it is said to be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_archive_reading_and_failed_jobs")]

    operations = [
        migrations.AddField(
            model_name="coverageitem", name="proof", field=models.JSONField(default=dict)
        ),
    ]

"""Reasons of overrides, deadlines that were told of, and indexes for what reports look at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_stamp_the_method")]

    operations = [
        migrations.AddField(
            model_name="override",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_second_source", "There is no second source to be had"),
                    ("source_protected", "A source has to be protected"),
                    ("unreachable", "Nobody could be reached"),
                    ("answered_before", "They answered in public before"),
                    ("danger", "Asking would put somebody in danger"),
                    ("public_interest", "It cannot wait: people need it now"),
                    ("other", "Another reason"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="replyrequest",
            name="silence_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="replyrequest",
            index=models.Index(
                condition=models.Q(
                    ("answered_at__isnull", True),
                    ("deadline__isnull", False),
                    ("silence_told_at__isnull", True),
                ),
                fields=["deadline"],
                name="reply_awaited",
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(("number", 1)), fields=["opened_at"], name="round_first"
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(("revealed_at__isnull", False)),
                fields=["revealed_at"],
                name="round_revealed",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["recorded_at"], name="verdict_recorded"),
        ),
    ]

"""Clocks that stand still, sides of claimants, and finding dismissals in the log by time."""

import datetime

from django.db import migrations, models

# As ``claims.ledger.read.dismissals`` asks: the bytes of an entry are canonical JSON, so that
# these words stand in a dismissal as they are here, and in no other change of state.
DISMISSALS = """
CREATE INDEX log_dismissals ON claims_logentry (at) WHERE type = 'state.changed'
  AND position('"transition":"dismiss"'::bytea in body) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_say_why_and_split")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="due_set_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="paused_for",
            field=models.DurationField(
                db_default=datetime.timedelta(0), default=datetime.timedelta(0), editable=False
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="paused_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="paused_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="claimant",
            name="side",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(
                    ("due_at__isnull", False), ("state__in", ["draft", "checking"])
                ),
                fields=["due_at"],
                name="claim_due_on_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="claimant",
            index=models.Index(
                condition=models.Q(("side", ""), _negated=True),
                fields=["side"],
                name="claimant_side",
            ),
        ),
        migrations.RunSQL(DISMISSALS, "DROP INDEX log_dismissals"),
    ]

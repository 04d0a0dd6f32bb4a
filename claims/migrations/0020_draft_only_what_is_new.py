"""Room to tell what a draft was made of; what was kept before has another form."""

from django.db import migrations, models

# Nothing is lost: each article is read and compared once more.
FORGET = "DELETE FROM claims_comparison"
# Whatever is shown already is of some relation: of which, the next draft says.
SHOWN = "UPDATE claims_coverageitem SET proved_as = 'earlier' WHERE proof <> '{}'::jsonb"


class Migration(migrations.Migration):
    dependencies = [("claims", "0019_feeds_that_are_offered")]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="comparison",
            name="passages",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="coverageitem",
            name="proved_as",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="provenanceedge",
            name="drafted_as",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
    ]

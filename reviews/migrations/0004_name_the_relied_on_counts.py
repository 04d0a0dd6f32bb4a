"""Names, for what is published already, the count that its verdict relied on."""

from django.db import migrations

NAME = """
UPDATE claims_claim claim
   SET relied_on_id = verdict.trace_id
  FROM reviews_publication publication
  JOIN reviews_verdict verdict ON verdict.id = publication.verdict_id
 WHERE publication.claim_id = claim.id
   AND publication.version = claim.published_version;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0011_keep_the_relied_on_count"),
        ("reviews", "0003_notices_by_mail"),
    ]

    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]

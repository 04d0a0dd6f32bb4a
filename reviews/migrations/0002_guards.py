"""What was judged and published is never changed: the database itself refuses."""

from django.db import migrations

from claims.models.append_only import AppendOnly

# Which scale is the active one may change; nothing else of a version does.
FROZEN_SCALE = """
CREATE FUNCTION desk_frozen_scale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.slug, NEW.version, NEW.name)
     IS DISTINCT FROM (OLD.id, OLD.slug, OLD.version, OLD.name) THEN
    RAISE EXCEPTION 'append-only: a version of a rating scale is never changed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON reviews_ratingscale
  FOR EACH ROW EXECUTE FUNCTION desk_frozen_scale();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("claims", "0002_guards")]

    operations = [
        *(
            AppendOnly(f"reviews_{table}")
            for table in (
                "rating",
                "review",
                "reviewevidence",
                "reconcilevote",
                "adjudication",
                "verdict",
                "finding",
                "findingagreement",
                "slug",
                "publication",
                "correction",
                "override",
                "withdrawal",
                "policy",
            )
        ),
        migrations.RunSQL(FROZEN_SCALE, "DROP FUNCTION desk_frozen_scale() CASCADE;"),
        migrations.RunSQL(
            "ALTER TABLE reviews_lease SET (autovacuum_vacuum_scale_factor = 0.01)",
            migrations.RunSQL.noop,
        ),
    ]

"""Evidence that somebody relies on stays as it is: the database itself refuses a change.

Its table cannot be append-only as a whole: until then evidence is corrected, and a page that is
being fetched comes later than its row.
"""

from django.db import migrations

# The rule of ``reviews.workflow.amend``. What a hidden review cites must not be found out by what
# is refused: an open round with a review in keeps all evidence of its claim, a round voided
# before its reveal none. A verdict counts beside the reveal: nobody can take one back.
IS_RELIED_ON = """
CREATE FUNCTION desk_is_relied_on(item claims_evidence) RETURNS boolean
STABLE LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT item.withdrawn_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM reviews_round judged
    WHERE judged.claim_id = item.claim_id AND CASE
      WHEN judged.revealed_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM reviews_verdict WHERE round_id = judged.id)
      THEN EXISTS (
          SELECT 1 FROM reviews_reviewevidence cited
          JOIN reviews_review said ON said.id = cited.review_id
          WHERE said.round_id = judged.id AND cited.evidence_id = item.id)
        OR EXISTS (
          SELECT 1 FROM reviews_finding told
          WHERE told.round_id = judged.id AND told.sentences @>
            jsonb_build_array(jsonb_build_object('evidence', jsonb_build_array(item.id::text))))
      ELSE judged.voided_at IS NULL
        AND EXISTS (SELECT 1 FROM reviews_review WHERE round_id = judged.id)
    END)
$$;
"""

# Columns are named that may still be written, so that one which comes later is kept, too: an
# editor's sign-off, once; the withdrawal, once; what the fetching of a page ended with.
KEEP = """
CREATE FUNCTION desk_keep_used_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  free text[] := ARRAY['version'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.withdrawn_at IS NULL THEN
      free := free || ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'];
      IF OLD.signed_off_at IS NULL THEN
        free := free || ARRAY['signed_off_at', 'signed_off_by_id'];
      END IF;
    END IF;
    IF OLD.capturing = 'fetching' AND OLD.capture_id IS NULL THEN
      free := free || ARRAY['capturing', 'capture_problem', 'capture_id', 'quote'];
    END IF;
    IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
      RETURN NEW;
    END IF;
  END IF;
  IF desk_is_relied_on(OLD) THEN
    RAISE EXCEPTION 'used evidence: % on % is refused; it is withdrawn with a reason',
      TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER keep_used BEFORE UPDATE OR DELETE ON claims_evidence
  FOR EACH ROW EXECUTE FUNCTION desk_keep_used_evidence();
"""

LET_GO = """
DROP TRIGGER keep_used ON claims_evidence;
DROP FUNCTION desk_keep_used_evidence();
DROP FUNCTION desk_is_relied_on(claims_evidence);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0023_keep_turns_and_counts_in_rows"),
        ("reviews", "0008_filters_and_conflicts"),
    ]

    operations = [migrations.RunSQL([IS_RELIED_ON, KEEP], LET_GO)]

"""What the database itself refuses, and the first row of the log's head."""

from django.db import migrations

from claims.models.append_only import AppendOnly

# The bytes are what was hashed, so the columns beside them must say the same, and every entry
# must follow the one before it. Checked here, because nobody but the database sees every writer.
CHECK_ENTRY = """
CREATE FUNCTION desk_check_log_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := convert_from(NEW.body, 'UTF8')::jsonb;
  before record;
BEGIN
  IF NEW.leaf <> sha256('\\x00'::bytea || NEW.body) THEN
    RAISE EXCEPTION 'log: the leaf hash of entry % does not fit its bytes', NEW.seq
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (said->>'seq')::bigint <> NEW.seq OR said->>'type' <> NEW.type
     OR (said->>'claim') IS DISTINCT FROM NEW.claim::text
     OR (said->>'claim_seq')::int IS DISTINCT FROM NEW.claim_seq
     OR (said->>'at')::timestamptz <> NEW.at THEN
    RAISE EXCEPTION 'log: the columns of entry % do not say what its bytes say', NEW.seq
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.seq = 0 THEN
    IF EXISTS (SELECT 1 FROM claims_logentry) THEN
      RAISE EXCEPTION 'log: entry 0 is there already'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSE
    SELECT at INTO before FROM claims_logentry WHERE seq = NEW.seq - 1;
    IF NOT FOUND OR before.at > NEW.at THEN
      RAISE EXCEPTION 'log: entry % does not follow the one before it', NEW.seq
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF NEW.claim IS NOT NULL AND NEW.claim_seq > 0 THEN
    PERFORM 1 FROM claims_logentry
      WHERE claim = NEW.claim AND claim_seq = NEW.claim_seq - 1
        AND encode(leaf, 'hex') = said->>'prev';
    IF NOT FOUND THEN
      RAISE EXCEPTION 'log: entry % breaks the chain of its claim', NEW.seq
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF NEW.claim IS NOT NULL AND said->>'prev' <> repeat('0', 64) THEN
    RAISE EXCEPTION 'log: entry % begins a chain with a past', NEW.seq
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON claims_logentry
  FOR EACH ROW EXECUTE FUNCTION desk_check_log_entry();
"""

FORWARD_HEAD = """
INSERT INTO claims_loghead (id, size, at) VALUES (1, 0, '-infinity');
CREATE FUNCTION desk_forward_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.size < OLD.size OR NEW.at < OLD.at THEN
    RAISE EXCEPTION 'log: the head only moves forward'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forward BEFORE UPDATE OR DELETE ON claims_loghead
  FOR EACH ROW EXECUTE FUNCTION desk_forward_head();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON claims_loghead
  FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
"""

QUEUE_LIKE = "ALTER TABLE {} SET (autovacuum_vacuum_scale_factor = 0.01)"


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        AppendOnly("claims_logentry"),
        AppendOnly("claims_lognode"),
        AppendOnly("claims_checkpoint"),
        AppendOnly("claims_secret", deletable=True),
        AppendOnly("claims_actorkey", deletable=True),
        AppendOnly("claims_entryactor", deletable=True),
        AppendOnly("claims_capture"),
        AppendOnly("claims_reading"),
        AppendOnly("claims_origintrace"),
        migrations.RunSQL(
            CHECK_ENTRY,
            "DROP TRIGGER follows ON claims_logentry; DROP FUNCTION desk_check_log_entry();",
        ),
        migrations.RunSQL(FORWARD_HEAD, "DROP FUNCTION desk_forward_head() CASCADE;"),
        migrations.RunSQL(QUEUE_LIKE.format("claims_job"), migrations.RunSQL.noop),
        migrations.RunSQL(QUEUE_LIKE.format("claims_claim"), migrations.RunSQL.noop),
    ]

"""What the application's role may do: everything but change what must never change."""

from django.db import connections

APPLICATION = "desk_app"

# Tables whose rows are never changed are those that carry the trigger; so a new one cannot be
# forgotten here. Salts and keys may be deleted, for erasure alone.
_GRANT = """
DO $$
DECLARE t record;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN RETURN; END IF;
  GRANT USAGE ON SCHEMA public TO {role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
  FOR t IN
    SELECT c.relname, (g.tgtype & 8) <> 0 AS keeps_rows
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE g.tgname = 'append_only'
  LOOP
    EXECUTE format('REVOKE UPDATE, TRUNCATE ON %I FROM {role}', t.relname);
    IF t.keeps_rows THEN
      EXECUTE format('REVOKE DELETE ON %I FROM {role}', t.relname);
    END IF;
  END LOOP;
  REVOKE INSERT, DELETE, TRUNCATE ON claims_loghead FROM {role};
  REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
END $$;
"""


def grant(*, using: str = "owner") -> None:
    """Set the application role's rights anew; run by the owner after every migration."""
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANT.format(role=APPLICATION))

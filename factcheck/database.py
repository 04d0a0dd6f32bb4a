"""What the application's role may do: everything but change what must never change."""

from django.conf import settings
from django.db import connections
from psycopg import sql

# Tables whose rows are never changed are those that carry the trigger, so that a new one cannot
# be forgotten here. Salts and keys may be deleted, for erasure alone: theirs lets DELETE by.
_APPEND_ONLY = """
SELECT c.relname, (g.tgtype & 8) <> 0
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
WHERE g.tgname = 'append_only' AND c.relnamespace = 'public'::regnamespace
"""
_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""
# One row, moved on by every entry, never added and never removed.
_ONE_ROW = ("claims_loghead",)


def grant(*, using: str = "owner") -> None:
    """Set the application role's rights anew; the owner does so after every migration.

    Between a migration and this call a new table can be read and added to, and nothing more.
    """
    role = settings.DATABASES["default"]["USER"]
    if not role or role == settings.DATABASES[using]["USER"]:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(_said(_GRANTS, role=role).as_string())
        cursor.execute(_APPEND_ONLY)
        for table, keeps_rows in cursor.fetchall():
            rights = "UPDATE, DELETE" if keeps_rows else "UPDATE"
            cursor.execute(
                _said(
                    f"REVOKE {rights} ON {{table}} FROM {{role}}", role=role, table=table
                ).as_string()
            )
        for table in _ONE_ROW:
            cursor.execute(
                _said(
                    "REVOKE INSERT, DELETE ON {table} FROM {role}", role=role, table=table
                ).as_string()
            )


def _said(statement: str, **names: str) -> sql.Composed:
    return sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})

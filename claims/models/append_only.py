"""Tables whose rows are added and never changed: the database refuses, whoever asks.

Own triggers rather than a library's: those that can be told to look away by a session setting
are a flag that switches a safeguard off (docs/adr/0003).
"""

from django.db.migrations.operations import RunSQL

REFUSE = """
CREATE OR REPLACE FUNCTION desk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class AppendOnly(RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on one table, for its owner too.

    ``deletable`` leaves DELETE to the grants: salts and keys go when a person is erased.
    """

    def __init__(self, table: str, *, deletable: bool = False) -> None:
        what = "UPDATE" if deletable else "UPDATE OR DELETE"
        super().__init__(
            sql=f"""
            {REFUSE}
            CREATE TRIGGER append_only BEFORE {what} ON "{table}"
              FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
            CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON "{table}"
              FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
            """,
            reverse_sql=f"""
            DROP TRIGGER append_only ON "{table}";
            DROP TRIGGER append_only_whole ON "{table}";
            """,
        )
        self.table = table
        self.deletable = deletable

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {"deletable": self.deletable})

"""What must never change cannot be changed by the role that serves."""

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from factcheck.database import grant

LOG = ("claims_logentry", "claims_lognode", "claims_checkpoint")


def rights(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = current_user AND table_name = %s",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@pytest.mark.parametrize("table", LOG)
def test_the_log_is_read_and_added_to_and_nothing_else(table: str) -> None:
    assert rights(table) == {"SELECT", "INSERT"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_logentry SET type = 'x'",
        "DELETE FROM claims_logentry",
        "TRUNCATE claims_logentry",
        "INSERT INTO claims_loghead (id, size, at) VALUES (2, 0, now())",
        "DELETE FROM claims_loghead",
        "DROP TRIGGER append_only ON claims_logentry",
        "ALTER TABLE claims_logentry DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_is_refused(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_salts_can_go_when_a_person_is_erased() -> None:
    assert "DELETE" in rights("claims_secret")
    assert "UPDATE" not in rights("claims_secret")


@pytest.mark.django_db
def test_ordinary_rows_are_the_applications_own_but_no_table_is_emptied() -> None:
    assert rights("claims_claim") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_a_new_table_is_readable_at_once_and_writable_after_the_next_grant(
    fresh_database: str,
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE later (id int)")
    assert rights("later") == {"SELECT", "INSERT"}
    grant()
    assert rights("later") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.mark.django_db
def test_migrations_ran_as_the_owner_without_being_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tableowner, current_user FROM pg_tables WHERE schemaname = 'public'"
        )
        assert cursor.fetchall() == [("desk_owner", "desk_app")]

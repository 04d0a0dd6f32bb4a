"""The log: gap-free, chained, committed, and closed to every change."""

import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from claims.ledger import read, verify
from claims.ledger.canonical import commitment
from claims.ledger.erase import erase_values
from claims.ledger.events import ClaimCreated, LogNote
from claims.ledger.record import record
from claims.models import SYSTEM, Claim, Role, User
from claims.models.actors import person
from claims.models.ledger import LogEntry, Secret

pytestmark = pytest.mark.django_db


def a_claim(text: str = "The bridge cost 3 million.") -> Claim:
    return Claim.objects.create(text=text, text_digest="0" * 64, language="en")


def test_an_entry_has_the_ten_members_and_commits_to_the_words() -> None:
    claim = a_claim()
    writer = User.objects.create_user("w", roles=[Role.CONTRIBUTOR])

    seq = record(ClaimCreated(language="en", text=claim.text), claim=claim, actor=person(writer))

    entry = json.loads(next(read.bodies(seq, seq + 1)))
    assert set(entry) == set("v seq type at claim claim_seq prev actor data private".split())
    assert entry["data"] == {"language": "en"}
    assert entry["actor"].startswith("u:")
    secret = Secret.objects.get(pk=(seq, "text"))
    assert entry["private"]["text"] == commitment(bytes(secret.salt), claim.text)
    assert claim.text not in json.dumps(entry)


def test_entries_of_a_claim_form_a_chain_and_the_whole_log_verifies() -> None:
    claim, other = a_claim(), a_claim("Another.")
    for subject in (claim, other, claim, claim):
        record(LogNote(text="x"), claim=subject, actor=SYSTEM)
    record(LogNote(text="y"), claim=None, actor=SYSTEM)

    assert list(verify.problems()) == []
    rows = LogEntry.objects.filter(claim=claim.pk).order_by("claim_seq")
    assert [row.claim_seq for row in rows] == [0, 1, 2]
    assert json.loads(bytes(rows[1].body))["prev"] == bytes(rows[0].leaf).hex()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_logentry SET type = 'x'",
        "DELETE FROM claims_logentry",
        "TRUNCATE claims_logentry",
        "UPDATE claims_loghead SET size = 0",
        "DELETE FROM claims_loghead",
        "UPDATE claims_secret SET value = '1'",
    ],
)
def test_the_database_refuses_to_change_the_log(statement: str) -> None:
    record(ClaimCreated(language="en", text="x"), claim=a_claim(), actor=SYSTEM)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_entry_that_does_not_follow_is_refused() -> None:
    record(LogNote(text="x"), claim=None, actor=SYSTEM)
    row = LogEntry.objects.latest("seq")

    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.create(
            seq=row.seq + 2, type=row.type, at=row.at, body=row.body, leaf=row.leaf
        )


def test_erasing_a_value_leaves_every_byte_of_the_log() -> None:
    claim = a_claim()
    seq = record(ClaimCreated(language="en", text="x"), claim=claim, actor=SYSTEM)
    before = list(read.bodies(0, read.size()))

    assert erase_values([(seq, "text")], ground="court order", by=SYSTEM) == 1

    assert list(read.bodies(0, len(before))) == before
    assert read.reveal([(seq, "text")]) == []
    assert list(verify.problems()) == []
